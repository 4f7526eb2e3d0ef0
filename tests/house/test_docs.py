"""What the documentation shows is what the product does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from burnish import config
from burnish.cli import whole
from burnish.hooks import plugin
from burnish.hooks.check import check
from burnish.hooks.script import Script
from burnish_server.api_keys.scope import SCOPES
from burnish_server.project.options import Options

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
START = ROOT / "examples/start"


def snippets(language: str) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for index, code in enumerate(
            re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
        ):
            yield f"{page.relative_to(ROOT)}-{index}", code


SCRIPTS = dict(snippets("ts"))
CONFIGS = dict(snippets("yaml"))
PROGRAMS = dict(snippets("python"))
COMMANDS = [
    (page, line) for page, code in snippets("sh") for line in code.splitlines() if line.strip()
]


@pytest.mark.parametrize("page", SCRIPTS)
async def test_a_script_passes_the_check(page: str) -> None:
    assert await check(Script("docs.ts", SCRIPTS[page])) == []


@pytest.mark.parametrize("page", PROGRAMS)
def test_a_program_does_what_it_asserts(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a page registers is not for the tests that follow.
    monkeypatch.setattr(plugin, "_registered", {})

    exec(compile(PROGRAMS[page], page, "exec"), {})


def test_the_start_page_shows_the_example_s_files() -> None:
    assert SCRIPTS["docs/start/README.md-0"] == (START / "deno/geo.ts").read_text()
    assert CONFIGS["docs/start/README.md-0"] == (START / "burnish.yaml").read_text()


@pytest.mark.parametrize("page", CONFIGS)
def test_a_configuration_is_good(page: str, tmp_path: Path) -> None:
    (tmp_path / "deno").symlink_to(START / "deno")
    (tmp_path / "burnish.yaml").write_text(CONFIGS[page])

    assert isinstance(config.read(tmp_path / "burnish.yaml"), config.Config)


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_exists(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    program = words.pop(0).rpartition("/")[2]

    if program == "make":
        assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    elif program == "burnish":
        parse(words)
    else:
        assert program == "export"


def parse(words: list[str]) -> None:
    """Let the command line read these words, without running the command."""
    command = typer.main.get_command(whole())
    while getattr(command, "commands", None):
        command = command.commands[words.pop(0)]  # type: ignore[attr-defined]
    command.make_context("burnish", words)


def test_every_setting_the_guide_names_exists() -> None:
    guides = ("running.md", "sign-in.md")
    text = "".join((ROOT / "docs/guides" / guide).read_text() for guide in guides)
    sections = Options.model_fields

    for name in re.findall(r"BURNISH_([A-Z_]+)", text):
        whole = name.lower()
        section, _, field = whole.partition("_")
        owner = sections[section].annotation if section in sections else None
        assert whole in sections or field in getattr(owner, "model_fields", {}), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_every_page_is_found_from_the_first_one() -> None:
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        found.add(page)
        linked = re.findall(r"\]\((?!https?:)([^)#]+\.md)", page.read_text())
        waiting += {(page.parent / one).resolve() for one in linked} - found

    assert {page.name for page in PAGES if page not in found} == set()


def test_every_standard_the_code_names_is_listed() -> None:
    listed = (ROOT / "docs/standards.md").read_text()
    code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))

    named = set(re.findall(r"\bRFC \d+", code))

    assert {name for name in named if not re.search(rf"{name}\b", listed)} == set()


def test_every_room_is_in_the_table_of_rooms() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text()
    rooms = [one.parent for one in (ROOT / "src").glob("*/*/__init__.py")]

    named = re.findall(r"`((?:burnish|burnish_server)/\w+)[^`]*`", table)

    assert {f"{room.parent.name}/{room.name}" for room in rooms} - set(named) == set()


def test_the_threat_model_says_of_every_scope_what_it_reaches() -> None:
    page = (ROOT / "docs" / "why" / "security.md").read_text()

    assert re.findall(r"^\| `([a-z]+:[a-z]+)` \| [^|]{10,} \|$", page, re.MULTILINE) == list(SCOPES)
