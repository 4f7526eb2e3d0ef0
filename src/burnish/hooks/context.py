"""What a hook is given beside its event: secrets by name, a cache of its own, and providers."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

user_of_call: ContextVar[str | None] = ContextVar("user_of_call", default=None)
"""The id of the user of the event for which a hook is being called: whose data it may keep."""


class Cache(Protocol):
    """Values one hook keeps between its calls, shared by all processes.

    A key has at most 200 characters, a value at most 64 KiB of JSON.
    """

    async def get(self, key: str) -> Any:
        """Return the value, or None where there is none or it has expired."""

    async def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep a JSON value for `ttl` seconds."""


class NoCache:
    """Keeps nothing, so that what is only tried leaves no trace."""

    async def get(self, key: str) -> Any:
        """Return None: nothing is kept."""
        return None

    async def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep nothing."""


class Enrich(Protocol):
    """Asks one provider by its name. Of its settings and its keys nothing comes along."""

    async def ask(
        self, provider: str, inputs: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return `outcome`, `values`, `confidence` and `reason`; `about` is the event's context."""


class NoProviders:
    """Asks nobody, for there is nobody to ask."""

    async def ask(
        self, provider: str, inputs: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Say that nobody was asked."""
        return answer("skipped", "disabled")


def answer(
    outcome: str,
    reason: str = "",
    values: Mapping[str, Any] | None = None,
    confidence: float = 0.0,
) -> dict[str, Any]:
    """Return what a script is told of a provider that was asked, or was not."""
    told = {"outcome": outcome, "values": dict(values or {}), "confidence": confidence}
    return {**told, "reason": reason}


@dataclass(frozen=True, slots=True)
class HookContext:
    """`ctx`, the second argument of a hook. Secrets stay out of every log."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    cache: Cache = field(default_factory=NoCache, repr=False)
    enrich: Enrich = field(default_factory=NoProviders, repr=False)
