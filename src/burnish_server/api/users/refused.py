"""What a program reads when a hook stood in the way."""

from typing import TypeVar

from burnish.hooks.outcome import Denied, Failed
from burnish_server.api.problems import Problem
from burnish_server.identity.refused import words

T = TypeVar("T")


def passed(outcome: T | Denied | Failed) -> T:
    """Return what came of it. Raises a problem where a hook refused it, or could not be asked."""
    if isinstance(outcome, Denied):
        raise Problem(403, "hook_disallowed", words(outcome))
    if isinstance(outcome, Failed):
        raise Problem(503, "hook_failed", words(outcome), Retry_After="30")
    return outcome
