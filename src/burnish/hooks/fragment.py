"""The `hook` fragment of a configuration file."""

import itertools
import re
from collections.abc import Container
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.events.catalogue import BLOCKING
from burnish.hooks.hook import Hook, TimeLimits
from burnish.hooks.script import Script

_NAME = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_SCRIPT_URL = re.compile(r"authgeardeno:///deno/[.0-9a-zA-Z]+\.ts")

LARGEST_SCRIPT = 100 * 1024
"""Bytes a script may have."""


def _url(value: str) -> str:
    if not _SCRIPT_URL.fullmatch(value):
        raise ValueError(
            "must be authgeardeno:///deno/NAME.ts, with a name of letters, digits and dots, "
            "which is the file deno/NAME.ts beside this one"
        )
    return value


def _event(value: str) -> str:
    if value not in BLOCKING:
        raise ValueError(f"{value} is not a blocking event here; there are: {', '.join(BLOCKING)}")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("must be up to 60 letters, digits, hyphens and underscores")
    return value


class BlockingHandler(BaseModel):
    """One hook: an event and the script that answers it.

    Without a `name` it is called as its script's file; one that is not `enabled` is not asked.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    event: Annotated[str, AfterValidator(_event)]
    url: Annotated[str, AfterValidator(_url)]
    on_error: Literal["deny", "allow"] = "deny"
    name: Annotated[str, AfterValidator(_name)] | None = None
    enabled: bool = True

    @property
    def path(self) -> str:
        """Where its script is, beside the file."""
        return self.url.removeprefix("authgeardeno:///")


Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Hooks(BaseModel):
    """`hook`: time limits in seconds, where 0 means the default, and the hooks in their order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sync_hook_timeout_seconds: Annotated[Seconds, Field(le=60)] | None = None
    sync_hook_total_timeout_seconds: Annotated[Seconds, Field(le=120)] | None = None
    blocking_handlers: Annotated[list[BlockingHandler], Field(max_length=99)] = Field(
        default_factory=list
    )

    def limits(self, before: TimeLimits) -> TimeLimits:
        """Return the time limits once the fragment is in force; what it leaves out stays."""
        hook, event = self.sync_hook_timeout_seconds, self.sync_hook_total_timeout_seconds
        return TimeLimits(
            hook=before.hook if hook is None else hook or TimeLimits().hook,
            event=before.event if event is None else event or TimeLimits().event,
        )


def parse(fragment: Any) -> Hooks | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return Hooks.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "hook")


def load(fragment: Hooks, folder: Path) -> tuple[list[Hook], list[Fault]]:
    """Return the hooks with their scripts read from beside the file, and what is wrong with them.

    A hook without a name is called as its file; the second one of one file gets `-2` behind it.
    """
    hooks: dict[str, Hook] = {}
    faults: list[Fault] = []
    for index, handler in enumerate(fragment.blocking_handlers):
        place = f"hook.blocking_handlers.{index}"
        name = handler.name or _free(named_after(handler.path), hooks)
        if name in hooks:
            faults.append(Fault(f"{place}.name", f"another hook is called {name} already"))
        elif not _NAME.fullmatch(name):
            sentence = "gives the hook a name of more than 60 characters; set `name`"
            faults.append(Fault(f"{place}.url", sentence))
        try:
            script = Script(f"{name}.ts", _read(folder / handler.path))
            hooks[name] = Hook(name, (handler.event,), script, handler.on_error, handler.enabled)
        except ValueError as error:
            faults.append(Fault(f"{place}.url", str(error)))
    return list(hooks.values()), faults


def named_after(path: str) -> str:
    """Return what a hook without a name is called: `deno/geo.v2.ts` makes `geo-v2`."""
    stem = path.removeprefix("deno/").removesuffix(".ts")
    return re.sub(r"\.+", "-", stem).strip("-") or "hook"


def _free(name: str, taken: Container[str]) -> str:
    candidates = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise ValueError(f"there is no file {path}; write the script there") from None
    if len(content) > LARGEST_SCRIPT:
        raise ValueError(f"{path} has {len(content)} bytes; a script may have {LARGEST_SCRIPT}")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text") from None
