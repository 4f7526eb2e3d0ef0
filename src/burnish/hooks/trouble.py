"""Why a hook failed, as administrators read it and as the API tells it."""

from dataclasses import dataclass, field
from typing import Any


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
        return error(self.name, self.reason, self.message, self.status, self.info)


def error(name: str, reason: str, message: str, code: int, info: dict[str, Any]) -> dict[str, Any]:
    """Return the API's error object."""
    body = {"name": name, "reason": reason, "message": message, "code": code}
    return {"error": {**body, "info": info} if info else body}
