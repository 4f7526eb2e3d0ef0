"""What time it is in a zone, and when its clocks change, as vendors tell it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks are put forward or back: the moment in UTC, and the local times around it."""

    at: datetime
    before: datetime
    after: datetime

    @property
    def shift(self) -> timedelta:
        """How far the clocks move: positive into summer time, negative out of it."""
        return self.after - self.before


@lru_cache(maxsize=64)
def changes(zone: str, year: int) -> tuple[Change, ...]:
    """Return the changes of `zone` between summer and standard time in `year`, in order."""
    local = ZoneInfo(zone)
    first = datetime(year, 1, 1, tzinfo=UTC)
    hours = (datetime(year + 1, 1, 1, tzinfo=UTC) - first) // HOUR
    found = []
    offset = first.astimezone(local).utcoffset()
    for hour in range(1, hours):
        at = first + hour * HOUR
        now = at.astimezone(local)
        if now.utcoffset() != offset:
            before = (at.replace(tzinfo=None)) + (offset or timedelta())
            found.append(Change(at, before, now.replace(tzinfo=None)))
            offset = now.utcoffset()
    return tuple(found)


def into_summer(zone: str, year: int) -> Change | None:
    """Return the change into summer time in `year`, or None where there is none."""
    return next((one for one in changes(zone, year) if one.shift > timedelta()), None)


def out_of_summer(zone: str, year: int) -> Change | None:
    """Return the change back to standard time in `year`, or None where there is none."""
    return next((one for one in changes(zone, year) if one.shift < timedelta()), None)
