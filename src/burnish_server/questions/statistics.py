"""Figures of questions: how many people were asked, what they did, and how long it took them.

People are counted, not page loads: whoever was asked three times and then answered is one person
asked, and one who answered. Those who were erased since are counted by their moments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from burnish.questions.compare import Share

_PEOPLE = """
WITH person AS (
    SELECT variant, user_id IS NULL AS gone,
        bool_or(act = 'asked') AS asked,
        bool_or(act = 'answered') AS answered,
        bool_or(act = 'refused') AS refused,
        bool_or(act = 'skipped') AS skipped
    FROM questions_moment WHERE question = key AND at >= %s
    GROUP BY variant, user_id, CASE WHEN user_id IS NULL THEN id END
)
SELECT variant, count(*) FILTER (WHERE asked OR NOT gone),
    count(*) FILTER (WHERE answered),
    count(*) FILTER (WHERE skipped AND NOT refused AND NOT answered),
    count(*) FILTER (WHERE refused AND NOT answered)
FROM person GROUP BY variant
"""

_BY_VARIANT = f"""
SELECT key, about.*, (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM questions_moment
    WHERE question = key AND at >= %s AND act = 'answered' AND variant = about.variant
)
FROM unnest(%s::text[]) AS key, LATERAL ({_PEOPLE}) AS about ORDER BY key, about.variant
"""  # noqa: S608 - no part of it comes from outside

_MEDIAN = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM questions_moment
WHERE question = %s AND at >= %s AND act = 'answered'
"""

_OVER_TIME = """
SELECT least(floor(extract(epoch FROM at - %s) / %s)::int, %s),
    count(*) FILTER (WHERE act = 'asked'),
    count(*) FILTER (WHERE act = 'answered'),
    count(*) FILTER (WHERE act = 'skipped'),
    count(*) FILTER (WHERE act = 'refused')
FROM questions_moment WHERE question = %s AND at >= %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time until now, in parts of one length."""

    title: str
    part: timedelta
    parts: int

    @property
    def span(self) -> timedelta:
        """How long it is."""
        return self.part * self.parts


WINDOWS: Mapping[str, Window] = {
    "7d": Window("7 days", timedelta(days=1), 7),
    "30d": Window("30 days", timedelta(days=1), 30),
    "26w": Window("26 weeks", timedelta(weeks=1), 26),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people were asked a question, and what they did in the end.

    Who skipped it and answered later has answered. `seconds` is the median time to answer.
    """

    asked: int = 0
    answered: int = 0
    skipped: int = 0
    refused: int = 0
    seconds: float | None = None

    @property
    def left(self) -> int:
        """How many went away without a word."""
        return max(self.asked - self.answered - self.skipped - self.refused, 0)

    @property
    def share(self) -> Share:
        """How many of those asked answered."""
        return Share(min(self.answered, self.asked), self.asked)

    @property
    def rate(self) -> float | None:
        """The share of those asked who answered; None where nobody was."""
        return self.share.rate if self.asked else None

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.asked + other.asked,
            self.answered + other.answered,
            self.skipped + other.skipped,
            self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """How often a question was put in one part of a window, and what came of it."""

    asked: int = 0
    answered: int = 0
    skipped: int = 0
    refused: int = 0


def by_variant(keys: Iterable[str], since: datetime) -> dict[str, dict[str, Figures]]:
    """Return the figures of questions since a moment, by key and variant; those asked at all."""
    found: dict[str, dict[str, Figures]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_VARIANT, [since, list(keys), since])
        for key, variant, *figures in cursor.fetchall():
            found.setdefault(key, {})[variant] = Figures(*figures)
    return found


def in_all(variants: Mapping[str, Figures]) -> Figures:
    """Return the figures of all variants together, without a median."""
    return sum(variants.values(), Figures())


def median_seconds(key: str, since: datetime) -> float | None:
    """Return how long people took to answer: half of them took no longer."""
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, [key, since])
        found: float | None = cursor.fetchone()[0]
    return found


def over_time(key: str, window: Window, now: datetime) -> list[Part]:
    """Return what came of a question in each part of a window, the oldest first."""
    since, part = now - window.span, window.part.total_seconds()
    parts = [Part()] * window.parts
    with connection.cursor() as cursor:
        cursor.execute(_OVER_TIME, [since, part, window.parts - 1, key, since])
        for place, *counts in cursor.fetchall():
            parts[place] = Part(*counts)
    return parts
