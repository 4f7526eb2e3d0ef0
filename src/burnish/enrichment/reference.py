"""The reference of all providers and outputs: `python -m burnish.enrichment.reference`."""

import inspect
import sys
from collections.abc import Iterable

from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import BUILT_IN
from burnish.enrichment.settings import Settings
from burnish.enrichment.vocabulary import OUTPUTS

_HEAD = """\
# Providers

Written from the providers' classes by `make docs`; do not edit. Prices are list prices of a found
answer where the vendor publishes one; set your own with `price`. Every provider has the
[settings all share](#settings-all-providers-share).
"""

_OUTPUTS = """\
## Outputs

An attribute is filled from the output of its own name, unless its waterfall names another.

| output | what it is |
|---|---|
{rows}
"""


def reference() -> str:
    """Return the page, as Markdown."""
    kinds = sorted(BUILT_IN, key=lambda kind: kind.key)
    parts = [_HEAD, *(_about(kind) for kind in kinds)]
    shared = _settings(Settings, ())
    parts.append(f"## Settings all providers share\n\n{shared}\n")
    rows = "\n".join(f"| `{name}` | {words} |" for name, words in sorted(OUTPUTS.items()))
    parts.append(_OUTPUTS.format(rows=rows))
    return "\n".join(parts)


def _about(kind: type[Provider]) -> str:
    doc = inspect.cleandoc(kind.__doc__ or "")
    lines = [
        f"- vendor: [{kind.title}]({kind.page})" if kind.page else "- on this machine, no network",
        f"- needs: {_names(kind.needs)}" if kind.needs else "",
        f"- needs one of: {_names(kind.any_of)}" if kind.any_of else "",
        f"- is also sent: {_names(kind.hints)}" if kind.hints else "",
        f"- sent as a hash only: {_names(kind.hashed)}" if kind.hashed else "",
        f"- gives: {_names(kind.gives)}" if kind.gives else "- gives: what its settings say",
        f"- price: {kind.price.normalize():f}" if kind.price else "",
        f"- licence: {kind.terms.licence}",
        f"- attribution: {kind.terms.attribution}" if kind.terms.attribution else "",
        f"- note: {kind.terms.note}" if kind.terms.note else "",
    ]
    own = _settings(kind.Settings, Settings.model_fields)
    said = "\n".join(line for line in lines if line)
    return f"## {kind.key}\n\n{doc}\n\n{said}\n" + (f"\n{own}\n" if own else "")


def _settings(kind: type[Settings], known: Iterable[str]) -> str:
    fields = {name: one for name, one in kind.model_fields.items() if name not in set(known)}
    if not fields:
        return ""
    rows = [
        f"| `{name}` | {'required' if one.is_required() else 'optional'} "
        f"| {(one.description or '').replace('|', chr(92) + '|')} |"
        for name, one in fields.items()
    ]
    return "\n".join(["| setting | | |", "|---|---|---|", *rows])


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


if __name__ == "__main__":
    sys.stdout.write(reference())
