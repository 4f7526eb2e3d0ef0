"""When a request is sent again, and after how long."""

from dataclasses import dataclass

import httpx

from burnish.client.ask import Ask
from burnish.client.errors import retry_after

FIRST_PAUSE = 0.2
"""Seconds, before the first repeat of a request that got no answer; each later one is twice it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most, and the longest pause between, in seconds.

    429 was refused before anything was done, so it is always sent again. 503, 409 with
    `Retry-After` (the first try is still being worked on) and no answer at all are sent again only
    where the request changes nothing or carries an Idempotency-Key.
    """

    tries: int = 4
    longest_pause: float = 60.0

    def pause(self, ask: Ask, tried: int, answer: httpx.Response | None) -> float | None:
        """Return the seconds until the next try, or None where the answer has to do.

        `tried` is how often it was sent, `answer` is None where none came.
        """
        if tried >= self.tries or ask.content is not None:
            return None
        wait = FIRST_PAUSE * 2 ** (tried - 1)
        if answer is None:
            return wait if ask.repeatable else None
        said = retry_after(answer)
        if answer.status_code == 429:
            wait = wait if said is None else said
        elif said is not None and ask.repeatable and answer.status_code in (409, 503):
            wait = said
        else:
            return None
        return wait if wait <= self.longest_pause else None
