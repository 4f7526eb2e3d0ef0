"""Everything Burnish raises on purpose.

    BurnishError                   has a stable `code`
    ├── InvalidSettings            invalid_settings
    ├── InsideTransaction          inside_transaction
    ├── AccessControlViolated      access_control_violated (drawn in attributes/access.py)
    ├── InvalidValues              invalid_values (attributes/faults.py)
    └── RuntimeUnavailable         runtime_unavailable
        └── DenoMissing            deno_missing

An expected outcome (a miss, a denial, a script that throws) is a value, never one of these.
"""

from typing import ClassVar


class BurnishError(Exception):
    """Burnish could not do what it was asked to do."""

    code: ClassVar[str] = "burnish_error"

    def __init__(self, message: str | None = None) -> None:
        """Keep `message`, or the first paragraph of the class's docstring when none is given."""
        super().__init__(message or default_message(type(self)))


class InvalidSettings(BurnishError):
    """A setting has a value Burnish cannot use; correct it and start again."""

    code = "invalid_settings"


class InsideTransaction(BurnishError):
    """Nobody outside is asked while a transaction is open; ask first, then write."""

    code = "inside_transaction"


class RuntimeUnavailable(BurnishError):
    """The script runtime is not running; start it, or look in the log why it ended."""

    code = "runtime_unavailable"


class DenoMissing(RuntimeUnavailable):
    """Deno, which runs hook scripts, was not found; install it with `pip install deno`."""

    code = "deno_missing"


def default_message(kind: type[BurnishError]) -> str:
    """Return the first paragraph of the class's docstring as one line."""
    paragraph = (kind.__doc__ or "").strip().split("\n\n", 1)[0]
    return " ".join(paragraph.split())
