"""What came of the hooks of one event."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from burnish.attributes.faults import Fault
from burnish.hooks.hook import Hook
from burnish.hooks.mutation import Draft
from burnish.hooks.reply import Reply, Request
from burnish.hooks.trouble import Trouble, error


@dataclass(frozen=True, slots=True)
class HookRun:
    """One call of one hook. Times are UTC; `ms` is wall-clock time.

    `answer` is what it returned, as JSON has it. A hook that is `deferred` works on while the
    operation goes on.
    """

    hook: str
    event: str
    outcome: Literal["allowed", "denied", "failed", "deferred", "delivered"]
    started_at: datetime
    ms: float
    console: str = ""
    truncated: bool = False
    dropped: tuple[str, ...] = ()
    trouble: Trouble | None = None
    answer: Any = None
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirements:
    """What hooks ask of somebody on their way in; None where they do not say.

    `amr` are the means of authentication that must be used, all of them. `weights` are how many
    attempts this one counts for, by rate limit.
    """

    amr: tuple[str, ...] | None = None
    bot_protection: Literal["never", "always"] | None = None
    weights: Mapping[str, float] | None = None

    def __or__(self, later: "Requirements") -> "Requirements":
        """Return these with what a later event requires in their place, member by member."""
        return Requirements(
            self.amr if later.amr is None else later.amr,
            later.bot_protection or self.bot_protection,
            self.weights if later.weights is None else later.weights,
        )


@dataclass(frozen=True, slots=True)
class Deferred:
    """A hook that had not answered in its time, or failed and is tried again.

    `reply` is its answer, on its way; None where the call has to be made anew.
    """

    hook: Hook
    envelope: Mapping[str, Any]
    asked_at: datetime
    reply: "asyncio.Task[Reply] | None" = None


@dataclass(frozen=True, slots=True)
class Passed:
    """Every hook agreed, or failed and may; the operation goes on.

    With the `draft` where the event is about a user, and the `claims` where it is about a token.
    """

    draft: Draft | None
    runs: tuple[HookRun, ...]
    requirements: Requirements = field(default_factory=Requirements)
    claims: Mapping[str, Any] | None = None
    deferred: tuple[Deferred, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """A hook refused the operation, with a title and a reason for the person."""

    event: str
    title: str
    reason: str
    runs: tuple[HookRun, ...]

    def as_error(self) -> dict[str, Any]:
        """Return the error as the API gives it."""
        reasons = [{"title": self.title, "reason": self.reason}]
        info = {"event_type": self.event, "reasons": reasons}
        message = "disallowed by hook event handler"
        return error("Forbidden", "HookDisallowed", message, 403, info)


@dataclass(frozen=True, slots=True)
class Failed:
    """A hook that must not fail did; the operation may not go on."""

    trouble: Trouble
    runs: tuple[HookRun, ...]

    def as_error(self) -> dict[str, Any]:
        """Return the error as the API gives it."""
        return self.trouble.as_error()


Outcome = Passed | Denied | Failed


def invalid_values(faults: list[Fault]) -> Trouble:
    """Return the trouble of a hook that wrote values the schema refuses."""
    message = "; ".join(str(fault) for fault in faults)
    causes = [
        {"location": fault.path, "kind": "general", "details": {"msg": fault.message}}
        for fault in faults
    ]
    return Trouble("Invalid", "ValidationFailed", 400, message, info={"causes": causes})
