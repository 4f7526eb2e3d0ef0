"""Times and rates are written with their unit, and written back as they were."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from burnish.enrichment.settings import Keeping, Limits, Pace


@pytest.mark.parametrize(
    ("text", "seconds", "again"),
    [
        ("300 ms", 0.3, "300 ms"),
        ("300ms", 0.3, "300 ms"),
        ("2 s", 2, "2 s"),
        ("90 seconds", 90, "90 s"),
        ("1 minute", 60, "1 minute"),
        ("15 minutes", 900, "15 minutes"),
        ("12 h", 43_200, "12 hours"),
        ("30 days", 2_592_000, "30 days"),
        ("0", 0, "0"),
    ],
)
def test_a_span(text: str, seconds: float, again: str) -> None:
    keeping = Keeping.model_validate({"found": text})

    assert keeping.found == timedelta(seconds=seconds)
    assert keeping.model_dump()["found"] == again


@pytest.mark.parametrize("text", ["5", "soon", "-1 s", "3 fortnights", "", "1 s s"])
def test_no_span(text: str) -> None:
    with pytest.raises(ValidationError, match="write a time with its unit"):
        Keeping.model_validate({"found": text})


@pytest.mark.parametrize(
    ("text", "count", "seconds", "again"),
    [
        ("10/s", 10, 1, "10/s"),
        ("600/minute", 600, 60, "600/minute"),
        ("600 / minutes", 600, 60, "600/minute"),
        ("1000/h", 1000, 3600, "1000/hour"),
    ],
)
def test_a_rate(text: str, count: float, seconds: float, again: str) -> None:
    limits = Limits.model_validate({"rate": text})

    assert limits.rate == Pace(count, seconds)
    assert limits.model_dump()["rate"] == again


@pytest.mark.parametrize("text", ["10", "0/s", "fast", "10/fortnight"])
def test_no_rate(text: str) -> None:
    with pytest.raises(ValidationError, match="write a rate"):
        Limits.model_validate({"rate": text})
