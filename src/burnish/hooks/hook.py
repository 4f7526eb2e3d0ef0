"""A hook: a configured reaction to an event."""

from dataclasses import dataclass
from typing import Literal

from burnish.hooks.script import Script


@dataclass(frozen=True, slots=True)
class Hook:
    """A script that answers one blocking event, and what its failure means.

    One that is not enabled is kept, but not asked.
    """

    name: str
    event: str
    script: str
    on_error: Literal["deny", "allow"] = "deny"
    enabled: bool = True

    @property
    def source(self) -> str:
        """The source its values are marked with."""
        return f"hook:{self.name}"

    def as_script(self) -> Script:
        """Return what the runtime runs."""
        return Script(name=f"{self.name}.ts", source=self.script)


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long hooks may take, in seconds: one hook, and all hooks of an event together."""

    hook: float = 5.0
    event: float = 10.0
