"""What has come of a question with one person, and what that means for the next time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from pydantic import Field

from burnish.questions.question import Section


class Manners(Section):
    """How much people are asked."""

    per_login: int = Field(default=2, ge=0, le=10)
    """Questions at one login, at most."""
    cooldown_days: float = Field(default=7, ge=0, le=3650)
    """Days of rest after somebody was asked an optional question."""
    most_asked: int = Field(default=3, ge=1, le=100)
    """How often an optional question is asked of one person, at most."""
    first_logins: int = Field(default=0, ge=0, le=1000)
    """Logins before anything optional is asked."""

    @property
    def cooldown(self) -> timedelta:
        """The rest after an asking."""
        return timedelta(days=self.cooldown_days)


@dataclass(frozen=True, slots=True)
class State:
    """One question with one person: how often it was asked, and what they did.

    `login` names the way in at which it was last asked: within one, a page that is loaded again
    asks nothing anew.
    """

    asked: int = 0
    asked_at: datetime | None = None
    login: str = ""
    answered_at: datetime | None = None
    skipped_at: datetime | None = None
    refused_at: datetime | None = None
    next_at: datetime | None = None

    def as_asked(self, login: str, now: datetime) -> Self:
        """Return the state once it was asked; once a way in."""
        if self.login == login and self.asked:
            return self
        return replace(self, asked=self.asked + 1, asked_at=now, login=login)

    def as_answered(self, now: datetime) -> Self:
        """Return the state once it was answered."""
        return replace(self, answered_at=now, next_at=None)

    def as_skipped(self, manners: Manners, now: datetime) -> Self:
        """Return the state once they said: not now."""
        return replace(self, skipped_at=now, next_at=now + manners.cooldown)

    def as_refused(self, now: datetime) -> Self:
        """Return the state once they said: never again."""
        return replace(self, refused_at=now, next_at=None)

    def is_over(self, login: str) -> bool:
        """Whether it was dealt with at this way in."""
        if self.login != login or self.asked_at is None:
            return False
        done = (self.answered_at, self.skipped_at, self.refused_at)
        return any(at is not None and at >= self.asked_at for at in done)
