"""A hook: a configured reaction to events."""

from dataclasses import dataclass, field
from typing import Literal

from burnish.events.catalogue import BLOCKING
from burnish.hooks.context import HookContext
from burnish.hooks.plugin import Plugin, Point
from burnish.hooks.script import Script
from burnish.hooks.webhook import Webhook

OnError = Literal["deny", "allow", "defer"]
"""What a failing hook means: the operation stops, goes on, or goes on while the hook works on."""

Target = Script | Webhook | Plugin


@dataclass(frozen=True, slots=True)
class Hook:
    """What is called when: one blocking event, or any number of others (`*`: all of them).

    One that is not enabled is kept, but not called. `timeout` is in seconds; None means what all
    hooks have. With `only_clients` it hears only of what happens through one of these clients.
    """

    name: str
    events: tuple[str, ...]
    target: Target
    on_error: OnError = "deny"
    enabled: bool = True
    timeout: float | None = None
    only_clients: tuple[str, ...] = ()
    context: HookContext = field(default_factory=HookContext, compare=False, repr=False)

    @property
    def source(self) -> str:
        """The source its values are marked with."""
        return f"hook:{self.name}"

    @property
    def blocking(self) -> bool:
        """Whether operations wait for its answer."""
        return bool(self.events) and self.events[0] in BLOCKING

    def hears(self, client_id: str) -> bool:
        """Whether it is called for what happens through this client (`""`: through none)."""
        return not self.only_clients or client_id in self.only_clients

    @property
    def point(self) -> Point:
        """When it is called."""
        if isinstance(self.target, Plugin) and self.target.point == "in_transaction":
            return "in_transaction"
        return "before" if self.blocking else "after_commit"


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long hooks may take, in seconds: one hook, and all hooks of an event together.

    `deferred` is how long an operation waits for a hook that may answer later.
    """

    hook: float = 5.0
    event: float = 10.0
    deferred: float = 1.0
