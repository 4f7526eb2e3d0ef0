"""What came of the hooks of one event."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from burnish.attributes.faults import Fault
from burnish.hooks.mutation import Draft


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a hook failed: the contract's error name, reason, HTTP status and `info`.

    `message` and `line` are for the administrator, never for the person at the door.
    """

    name: str
    reason: str
    status: int
    message: str
    line: int | None = None
    info: dict[str, Any] = field(default_factory=dict)

    def as_error(self) -> dict[str, Any]:
        """Return the error as the API gives it."""
        return _error(self.name, self.reason, self.message, self.status, self.info)


@dataclass(frozen=True, slots=True)
class HookRun:
    """One call of one hook. Times are UTC; `ms` is wall-clock time."""

    hook: str
    event: str
    outcome: Literal["allowed", "denied", "failed"]
    started_at: datetime
    ms: float
    console: str = ""
    truncated: bool = False
    dropped: tuple[str, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """Every hook agreed, or failed and may; the operation goes on with the draft."""

    draft: Draft
    runs: tuple[HookRun, ...]


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
        return _error("Forbidden", "HookDisallowed", message, 403, info)


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


def _error(name: str, reason: str, message: str, code: int, info: dict[str, Any]) -> dict[str, Any]:
    body = {"name": name, "reason": reason, "message": message, "code": code}
    return {"error": {**body, "info": info} if info else body}
