"""Vendors tell when the clocks of a place change; so do the stand-ins."""

from datetime import UTC, datetime

import pytest

from burnish.sandbox.ipgeolocation_shape import time_zone
from burnish.sandbox.places import PLACES, Zone

ZONES = {place.zone.name: place.zone for place in PLACES}
JUNE = datetime(2026, 6, 1, 10, tzinfo=UTC)


def zone(name: str) -> Zone:
    return ZONES[name]


def test_a_summer_day_in_stockholm_reads_as_v3_writes_it() -> None:
    told = time_zone(zone("Europe/Stockholm"), JUNE, flat=False)

    assert told == {
        "name": "Europe/Stockholm",
        "offset": 1,
        "offset_with_dst": 2,
        "current_time": "2026-06-01 12:00:00.000+0200",
        "current_time_unix": 1780308000.0,
        "current_tz_abbreviation": "CEST",
        "current_tz_full_name": "Central European Summer Time",
        "standard_tz_abbreviation": "CET",
        "standard_tz_full_name": "Central European Standard Time",
        "dst_tz_abbreviation": "CEST",
        "dst_tz_full_name": "Central European Summer Time",
        "is_dst": True,
        "dst_savings": 1,
        "dst_exists": True,
        "dst_start": {
            "utc_time": "2026-03-29 TIME 01:00",
            "duration": "+1.00H",
            "gap": True,
            "date_time_after": "2026-03-29 TIME 03:00",
            "date_time_before": "2026-03-29 TIME 02:00",
            "overlap": False,
        },
        "dst_end": {
            "utc_time": "2026-10-25 TIME 01:00",
            "duration": "-1.00H",
            "gap": False,
            "date_time_after": "2026-10-25 TIME 02:00",
            "date_time_before": "2026-10-25 TIME 03:00",
            "overlap": True,
        },
    }


def test_v1_writes_whole_hours() -> None:
    told = time_zone(zone("Europe/Stockholm"), JUNE, flat=True)

    assert told["dst_start"]["utc_time"] == "2026-03-29 TIME 01"
    assert told["dst_start"]["duration"] == "+1H"
    assert told["dst_end"]["date_time_after"] == "2026-10-25 TIME 02"


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Tokyo", "Africa/Nairobi"])
def test_a_zone_without_summer_time_has_empty_changes(name: str) -> None:
    told = time_zone(zone(name), JUNE, flat=False)

    assert told["dst_exists"] is False
    assert told["dst_start"] == told["dst_end"] == {}
    assert told["dst_tz_abbreviation"] == ""


def test_half_hours_are_numbers_with_a_fraction() -> None:
    assert time_zone(zone("Asia/Kolkata"), JUNE, flat=False)["offset"] == 5.5


def test_in_the_south_summer_time_begins_late_in_the_year() -> None:
    told = time_zone(zone("Australia/Sydney"), JUNE, flat=False)

    assert told["is_dst"] is False
    assert told["dst_start"]["utc_time"] == "2026-10-03 TIME 16:00"
    assert told["dst_end"]["utc_time"] == "2026-04-04 TIME 16:00"
