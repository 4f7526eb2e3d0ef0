"""What we say to people, gathered from templates and code, and the catalogues it is said from.

`python -m tests.house.words` brings every `.po` up to date and compiles it; a new language begins
with `python -m tests.house.words sv`. Babel does it all: GNU gettext is not needed.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SERVER = Path(__file__).parents[2] / "src" / "burnish_server"
LOCALES = SERVER / "identity" / "locale"
ROOMS = ("identity", "profiles")
"""Where people are spoken to; the sandbox's own pages are for those who set the service up."""

OTHERS = "from a package"
"""The comment of a translation that stands in place of a package's own."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
}

Said = str | tuple[str, ...]


def sources() -> Iterator[Path]:
    """Return the files in which there may be something to translate."""
    for room in ROOMS:
        for file in sorted((SERVER / room).rglob("*")):
            if file.suffix in (".py", ".html", ".txt") and "sandbox" not in file.parts:
                yield file


def said(file: Path) -> Iterator[Said]:
    """Return what a file says: a text, or the singular and the plural."""
    text = file.read_text()
    if file.suffix == ".py":
        code = text
    else:
        lines = templatize(text, origin=str(file)).splitlines()
        code = "\n".join(line.strip() for line in lines)  # no block of Python's
    for _line, message, _comments, _context in extract(
        "python", io.BytesIO(code.encode()), keywords=KEYWORDS
    ):
        if message:
            yield message


def everything() -> dict[Said, set[str]]:
    """Return all we say, each with the files that say it."""
    found: dict[Said, set[str]] = {}
    for file in sources():
        for message in said(file):
            found.setdefault(message, set()).add(str(file.relative_to(SERVER)))
    return found


def catalogue(language: str) -> Catalog:
    """Return a language's `.po`."""
    with (LOCALES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def renew(language: str) -> None:
    """Add what is new, take out what nobody says any more, and compile what there is."""
    folder = LOCALES / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    old = catalogue(language) if (folder / "django.po").exists() else Catalog(locale=language)
    new = Catalog(
        locale=language,
        header_comment=f"# What Burnish says to people, in {language}.",
        project="Burnish",
        version="",
        fuzzy=False,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
    )
    for message, files in sorted(everything().items(), key=lambda one: sorted(one[1])):
        kept = old.get(message[0] if isinstance(message, tuple) else message)
        new.add(message, kept.string if kept else None, [(name, None) for name in sorted(files)])
    for one in old:
        if OTHERS in one.auto_comments and one.id not in new:
            new.add(one.id, one.string, auto_comments=[OTHERS])
    with (folder / "django.po").open("wb") as po:
        write_po(po, new, width=100, include_lineno=False)
    with (folder / "django.mo").open("wb") as mo:
        write_mo(mo, catalogue(language))


if __name__ == "__main__":
    for each in {*sys.argv[1:], *(folder.name for folder in LOCALES.glob("*"))}:
        renew(each)
