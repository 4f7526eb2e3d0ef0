"""What can be wrong with a file as a whole, and with one of its rows."""

from dataclasses import dataclass

from burnish.errors import BurnishError


class Unusable(BurnishError):
    """The file cannot be enriched; the message says why, and what to do."""

    code = "unusable_file"


@dataclass(frozen=True, slots=True)
class Note:
    """Something wrong with a row: its number from 1, where, why, and what the row holds.

    `at` is a column, `provider:NAME`, or empty where the whole row cannot be read.
    """

    row: int
    at: str
    reason: str
    content: str = ""
