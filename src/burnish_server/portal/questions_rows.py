"""Rows of a form: as many as there are things, and spare ones that are filled in to add another."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from django.http import QueryDict

INCOMPLETE = "The form arrived incomplete; please open it again."


class Row(Protocol):
    """What one row is: a form, or several that belong together."""

    @property
    def is_spare(self) -> bool:
        """Whether nothing is filled in."""
        ...

    def is_valid(self) -> bool:
        """Say whether what is filled in is good."""
        ...


T = TypeVar("T", bound=Row)

Make = Callable[[QueryDict | None, str, Mapping[str, Any]], T]
"""Makes a row from what was sent, its prefix, and what it shows at first."""


class Rows(Generic[T]):
    """Rows of one kind; a hidden field says how many were sent."""

    def __init__(
        self,
        data: QueryDict | None,
        prefix: str,
        make: Make[T],
        shown: Sequence[Mapping[str, Any]],
        spare: int = 1,
        most: int = 50,
    ) -> None:
        self.count_name = f"{prefix}-rows"
        self.error = ""
        count = len(shown) + spare
        if data is not None:
            given = data.get(self.count_name, "")
            good = given.isascii() and given.isdigit() and len(given) < 6
            self.error = "" if good else INCOMPLETE
            count = min(int(given), most) if good else 0
        initials = [*shown, *([{}] * max(count - len(shown), 0))]
        self.rows = [
            make(data, f"{prefix}-{place}", initials[place] if data is None else {})
            for place in range(count)
        ]

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def filled(self) -> list[T]:
        """The rows in which something stands."""
        return [row for row in self.rows if not row.is_spare]

    def is_valid(self) -> bool:
        """Say whether all of them are good; each is asked, so that all faults are shown."""
        return not self.error and not [row for row in self.rows if not row.is_valid()]
