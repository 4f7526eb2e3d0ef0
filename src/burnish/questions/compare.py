"""Two ways to put a question compared: is one answered more often, and can that be told yet?

The interval of the difference is Newcombe's hybrid score interval (1998, method 10): the squares of
the distances to both shares' Wilson limits, added. It holds for small counts and for shares near 0
and 1, where the usual (Wald) interval is too narrow.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
"""For an interval that covers the truth 95 times in 100."""

POWER = NormalDist().inv_cdf(0.8)
"""A difference there is, is found 4 times in 5."""

LEAST = 0.05
"""The smallest difference worth waiting for."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those asked answered."""

    answered: int
    asked: int

    @property
    def rate(self) -> float:
        """The share, from 0 to 1; 0 where nobody was asked."""
        return self.answered / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the second share is above the first, and between which limits it may lie."""

    by: float
    low: float
    high: float

    @property
    def is_told(self) -> bool:
        """Whether one of them is better, as far as 95 times in 100 can tell."""
        return self.low > 0 or self.high < 0


def wilson(share: Share) -> tuple[float, float]:
    """Return Wilson's score interval of a share: all of it where nobody was asked."""
    n = share.asked
    if n == 0:
        return 0.0, 1.0
    centre = share.rate + Z * Z / (2 * n)
    spread = Z * sqrt(share.rate * (1 - share.rate) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return max((centre - spread) / whole, 0.0), min((centre + spread) / whole, 1.0)


def difference(one: Share, other: Share) -> Difference:
    """Return how far the other share is above the one, with Newcombe's interval."""
    (low_one, high_one), (low_other, high_other) = wilson(one), wilson(other)
    if not (one.asked and other.asked):
        return Difference(0.0, -1.0, 1.0)
    by = other.rate - one.rate
    below = sqrt((other.rate - low_other) ** 2 + (high_one - one.rate) ** 2)
    above = sqrt((high_other - other.rate) ** 2 + (one.rate - low_one) ** 2)
    return Difference(by, max(by - below, -1.0), min(by + above, 1.0))


def needed(one: Share, other: Share) -> int:
    """Return how many must be asked of each for a difference such as this to be told.

    One of less than 5 points is not waited for: then it is how many would show 5 points.
    """
    middle = (one.rate + other.rate) / 2 if one.asked and other.asked else 0.5
    gap = max(abs(one.rate - other.rate) if one.asked and other.asked else 0.0, LEAST)
    first, second = max(middle - gap / 2, 0.0), min(middle + gap / 2, 1.0)
    gap, middle = second - first, (first + second) / 2
    spread = Z * sqrt(2 * middle * (1 - middle))
    spread += POWER * sqrt(first * (1 - first) + second * (1 - second))
    return ceil((spread / gap) ** 2)


def in_words(one: str, other: str, of_one: Share, of_other: Share) -> str:
    """Return what can be said of two variants, plainly."""
    found = difference(of_one, of_other)
    if found.is_told:
        better, worse, low, high = (
            (other, one, found.low, found.high)
            if found.by > 0
            else (one, other, -found.high, -found.low)
        )
        points = f"{_points(low)} and {_points(high)} points"
        return f"{better} is answered more often than {worse}: by between {points}."
    sentence = f"No difference between {one} and {other} can be told yet"
    least = min(of_one.asked, of_other.asked)
    more = needed(of_one, of_other) - least
    if more <= 0:
        return f"{sentence}, though enough people were asked to see one of 5 points most times."
    at_hand = abs(found.by) >= LEAST
    gap = f"one of {_points(abs(found.by) if at_hand else LEAST)} points"
    return f"{sentence}: for {gap}, ask about {more:,} more people of each."


def _points(share: float) -> str:
    points = f"{share * 100:.1f}"
    return points.removesuffix(".0")
