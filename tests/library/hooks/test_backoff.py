"""How long deliveries wait."""

import pytest

from burnish.hooks.backoff import wait


def test_waits_double_from_five_seconds_up_to_six_hours() -> None:
    waits = [wait(attempt, None, 0.0) for attempt in range(1, 16)]

    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 6 * 3600
    assert wait(10_000, None, 0.0) == 6 * 3600


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.999])
def test_chance_takes_at_most_a_half_away(chance: float) -> None:
    assert 20 <= wait(4, None, chance) <= 40


def test_nobody_comes_back_before_they_were_asked_to() -> None:
    assert wait(1, 120.0, 0.5) == 120
    assert wait(9, 1.0, 0.0) == 5 * 2**8
