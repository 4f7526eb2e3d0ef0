"""The time zone of a coordinate, or of a country that has only one."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import ClassVar
from zoneinfo import ZoneInfo

from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms


class TimeZone(LocalProvider):
    """The time zone at a place; less surely the only one of a country."""

    key = "time_zone"
    title = "Time zone"
    page = "https://github.com/ringsaturn/tzfpy"
    any_of = frozenset({"latitude", "country_code"})
    hints = frozenset({"longitude"})
    gives = frozenset({"timezone"})
    terms = Terms(
        "ODbL 1.0 (borders of time zones).",
        attribution="© OpenStreetMap contributors, https://www.openstreetmap.org/copyright.",
    )
    example: ClassVar[Known] = {"latitude": 55.7, "longitude": 13.2}

    def look(self, known: Known) -> Found | Miss:
        if zone := zone_at(known.get("latitude"), known.get("longitude")):
            return Found({"timezone": zone}, confidence=0.9)
        if zone := zone_of(str(known.get("country_code", ""))):
            return Found({"timezone": zone}, confidence=0.7)
        return Miss()


def zone_at(latitude: object, longitude: object) -> str | None:
    """Return the zone of a coordinate; None at sea, and where this is no coordinate."""
    from tzfpy import get_tz  # borders take 35 MB

    try:
        north, east = float(str(latitude)), float(str(longitude))
    except ValueError:
        return None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        return None
    zone = get_tz(east, north)
    return zone if zone and not zone.startswith("Etc/") else None


@cache
def zone_of(country: str) -> str | None:
    """Return the zone of a country all of whose clocks show the same."""
    zones = _zones().get(country, [])
    return zones[0] if len({_clock(zone) for zone in zones}) == 1 else None


@cache
def _zones() -> dict[str, list[str]]:
    """Return the zones of countries by code, as the time zone database lists them."""
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    return zones


def _clock(zone: str) -> tuple[object, ...]:
    year = datetime.now(UTC).year
    return tuple(datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 4, 7))
