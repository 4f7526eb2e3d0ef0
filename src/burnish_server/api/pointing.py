"""Faults of the rooms below, pointed at where they are in what was sent."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from burnish.attributes.faults import Fault, InvalidValues
from burnish_server.api.problems import Problem

T = TypeVar("T")

_TRIED = frozenset({"int", "float", "str", "bool"})


def good(made: T | list[Fault], root: str = "") -> T:
    """Return what a room made of a request. Raises `InvalidValues` where it names faults instead.

    A path below `root`, such as `enrichment.providers.crm.price`, becomes the pointer `/price`.
    """
    if isinstance(made, list):
        raise InvalidValues(below(made, root))
    return made


def demand(faults: Sequence[Fault], root: str = "") -> None:
    """Raise `InvalidValues` if there are faults."""
    if faults:
        raise InvalidValues(below(faults, root))


def below(faults: Iterable[Fault], root: str) -> list[Fault]:
    """Return faults with JSON pointers for their paths in a file, one for each place."""
    found: dict[str, Fault] = {}
    for fault in faults:
        pointer = _pointer(fault.path, root)
        found.setdefault(pointer, Fault(pointer, fault.message))
    return list(found.values())


def _pointer(path: str, root: str) -> str:
    parts = path.removeprefix(root).strip("./").split(".")
    # Where a value may be of several types, pydantic names the one it tried behind the place.
    if parts[-1] in _TRIED:
        parts.pop()
    return "".join(f"/{part}" for part in parts if part)


def missing(what: str, name: str) -> Problem:
    """Return the problem that there is nothing of this name."""
    code = f"{what.lower().replace(' ', '_')}_not_found"
    return Problem(404, code, f"There is no {what} {name[:80]}.")


def clean(name: str) -> str:
    """Return a name a database can be asked for."""
    return name.replace("\0", "\N{REPLACEMENT CHARACTER}")
