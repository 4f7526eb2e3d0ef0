"""The `hook` fragment of a configuration file."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.events.catalogue import BLOCKING
from burnish.hooks.hook import Hook, TimeLimits

_SCRIPT_URL = re.compile(r"authgeardeno:///(deno/([.0-9a-zA-Z]+)\.ts)")

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


class BlockingHandler(BaseModel):
    """One hook: an event and the script that answers it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    event: Annotated[str, AfterValidator(_event)]
    url: Annotated[str, AfterValidator(_url)]
    on_error: Literal["deny", "allow"] = "deny"


class Hooks(BaseModel):
    """`hook`: time limits in seconds, where 0 means the default, and the hooks in their order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sync_hook_timeout_seconds: Annotated[int, Field(ge=0, le=60)] = 0
    sync_hook_total_timeout_seconds: Annotated[int, Field(ge=0, le=120)] = 0
    blocking_handlers: Annotated[list[BlockingHandler], Field(max_length=99)] = Field(
        default_factory=list
    )

    def limits(self) -> TimeLimits:
        """Return the time limits the fragment sets."""
        return TimeLimits(
            hook=self.sync_hook_timeout_seconds or TimeLimits().hook,
            event=self.sync_hook_total_timeout_seconds or TimeLimits().event,
        )


def parse(fragment: Any) -> Hooks | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return Hooks.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "hook")


def load(fragment: Hooks, folder: Path) -> tuple[list[Hook], list[Fault]]:
    """Return the hooks with their scripts read from beside the file, and what is wrong with them.

    A hook is called as its file; the second hook of one file gets `-2` behind its name.
    """
    hooks: list[Hook] = []
    faults: list[Fault] = []
    names: dict[str, int] = {}
    for index, handler in enumerate(fragment.blocking_handlers):
        match = _SCRIPT_URL.fullmatch(handler.url)
        assert match  # noqa: S101 - the url was checked when the fragment was read
        path, stem = match.groups()
        try:
            source = _read(folder / path)
        except ValueError as error:
            faults.append(Fault(f"hook.blocking_handlers.{index}.url", str(error)))
            continue
        name = re.sub(r"\.+", "-", stem).strip("-") or "hook"
        names[name] = names.get(name, 0) + 1
        name = name if names[name] == 1 else f"{name}-{names[name]}"
        hooks.append(Hook(name, handler.event, source, handler.on_error))
    return hooks, faults


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
