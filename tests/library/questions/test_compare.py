"""Two variants compared, held to what others worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnish.questions.compare import Share, difference, in_words, needed, wilson

# R. G. Newcombe, Interval estimation for the difference between independent proportions,
# Statistics in Medicine 17 (1998), table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]


@pytest.mark.parametrize(("higher", "lower", "low", "high"), NEWCOMBE)
def test_the_interval_is_newcombe_s(
    higher: tuple[int, int], lower: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Share(*lower), Share(*higher))

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_share_s_interval_is_wilson_s() -> None:
    assert [round(limit, 4) for limit in wilson(Share(81, 263))] == [0.2553, 0.3662]
    assert [round(limit, 4) for limit in wilson(Share(1, 29))] == [0.0061, 0.1718]
    assert wilson(Share(0, 0)) == (0.0, 1.0)


def test_as_many_are_needed_as_a_textbook_says() -> None:
    # 50 % against 60 %, two-sided 5 %, power 80 %: 388 of each (Fleiss, without a correction).
    assert needed(Share(50, 100), Share(60, 100)) == 388
    assert needed(Share(50, 100), Share(55, 100)) == 1565
    assert needed(Share(500, 1000), Share(501, 1000)) == needed(Share(0, 0), Share(0, 0)) == 1569


def test_what_can_be_told_is_said_plainly() -> None:
    better = in_words("a", "b", Share(400, 1000), Share(460, 1000))
    assert better == "b is answered more often than a: by between 1.7 and 10.3 points."
    assert in_words("a", "b", Share(460, 1000), Share(400, 1000)).startswith(
        "a is answered more often than b: by between 1.7"
    )
    assert in_words("a", "b", Share(50, 100), Share(60, 100)) == (
        "No difference between a and b can be told yet: for one of 10 points, "
        "ask about 288 more people of each."
    )
    assert "ask about 1,569 more people" in in_words("a", "b", Share(0, 0), Share(0, 0))
    assert "enough people" in in_words("a", "b", Share(5000, 9000), Share(5000, 9000))


@given(st.data())
def test_the_interval_holds_the_difference_and_turns_round(data: st.DataObject) -> None:
    asked = [data.draw(st.integers(1, 500)) for _ in range(2)]
    one, other = (Share(data.draw(st.integers(0, n)), n) for n in asked)

    found, back = difference(one, other), difference(other, one)

    assert -1 <= found.low <= found.by + 1e-12
    assert found.by - 1e-12 <= found.high <= 1
    assert found.low == pytest.approx(-back.high)
    assert needed(one, other) > 0
