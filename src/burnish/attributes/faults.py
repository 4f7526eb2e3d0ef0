"""What is wrong with a value or a definition, said so that its author can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from burnish.errors import BurnishError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and a sentence.

    A path is `/city` in a profile, and `hook.blocking_handlers.0.url` in a file.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def faults_of(error: ValidationError, root: str = "") -> list[Fault]:
    """Return pydantic's complaints as faults, their paths below `root`, joined by dots."""
    return [
        Fault(
            ".".join(str(part) for part in (root, *item["loc"]) if part != "") or "/",
            item["msg"].removeprefix("Value error, "),
        )
        for item in error.errors()
    ]


class InvalidValues(BurnishError):
    """Values the schema refuses; `faults` says which and why."""

    code = "invalid_values"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
