"""The `hook` fragment of a configuration file."""

import itertools
import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.events.catalogue import ALL, BLOCKING, NON_BLOCKING
from burnish.hooks.hook import Hook, OnError, Target, TimeLimits
from burnish.hooks.script import Isolation, Script
from burnish.hooks.webhook import Webhook

_NAME = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_SCRIPT_URL = re.compile(r"authgeardeno:///deno/[.0-9a-zA-Z]+\.ts")

LARGEST_SCRIPT = 100 * 1024
"""Bytes a script may have."""

MOST_HANDLERS = 99


def _url(value: str) -> str:
    if _SCRIPT_URL.fullmatch(value) or is_webhook(value):
        return value
    if value.startswith("authgeardeno:"):
        raise ValueError(
            "must be authgeardeno:///deno/NAME.ts, with a name of letters, digits and dots, "
            "which is the file deno/NAME.ts beside this one"
        )
    raise ValueError(
        "must be authgeardeno:///deno/NAME.ts for a script, or an address such as "
        "https://hooks.nordlake.example/burnish for a webhook, with its host in ASCII"
    )


def is_webhook(url: str) -> bool:
    """Return whether an event can be posted to this address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        good = parts.scheme in ("http", "https") and host != "" and parts.port != 0
        good = good and host.isascii()
    except ValueError:
        return False
    return good and url.isprintable() and " " not in url and len(url) <= 2000


def _event(value: str) -> str:
    if value not in BLOCKING:
        raise ValueError(f"{value} is not a blocking event; there are: {', '.join(BLOCKING)}")
    return value


def _told(value: str) -> str:
    if value not in NON_BLOCKING and value != ALL:
        names = ", ".join((ALL, *NON_BLOCKING))
        raise ValueError(f"{value} is not a non-blocking event; there are: {names}")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("must be up to 60 letters, digits, hyphens and underscores")
    return value


class _Handler(BaseModel):
    """What all hooks have: without a `name` they are called as their file, or as their host."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: Annotated[str, AfterValidator(_url)]
    name: Annotated[str, AfterValidator(_name)] | None = None
    enabled: bool = True
    timeout_ms: Annotated[int, Field(ge=10, le=60_000)] | None = None
    only_clients: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        default_factory=list
    )
    isolation: Isolation = "reuse"

    @property
    def default_name(self) -> str:
        """What it is called without a name."""
        return named_after(self.url)


class BlockingHandler(_Handler):
    """A hook operations wait for: one event, and what its failure means."""

    event: Annotated[str, AfterValidator(_event)]
    on_error: OnError = "deny"


class NonBlockingHandler(_Handler):
    """A hook that is told: any number of events, or `*` for all of them."""

    events: list[Annotated[str, AfterValidator(_told)]]


Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Hooks(BaseModel):
    """`hook`: time limits in seconds, where 0 means the default, and the hooks in their order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    sync_hook_timeout_seconds: Annotated[Seconds, Field(le=60)] | None = None
    sync_hook_total_timeout_seconds: Annotated[Seconds, Field(le=120)] | None = None
    deferred_timeout_seconds: Annotated[Seconds, Field(le=60)] | None = None
    blocking_handlers: Annotated[list[BlockingHandler], Field(max_length=MOST_HANDLERS)] = Field(
        default_factory=list
    )
    non_blocking_handlers: Annotated[list[NonBlockingHandler], Field(max_length=MOST_HANDLERS)] = (
        Field(default_factory=list)
    )

    def limits(self, before: TimeLimits) -> TimeLimits:
        """Return the time limits once the fragment is in force; what it leaves out stays."""
        hook, event = self.sync_hook_timeout_seconds, self.sync_hook_total_timeout_seconds
        deferred, usual = self.deferred_timeout_seconds, TimeLimits()
        return TimeLimits(
            hook=before.hook if hook is None else hook or usual.hook,
            event=before.event if event is None else event or usual.event,
            deferred=before.deferred if deferred is None else deferred or usual.deferred,
        )

    def handlers(self) -> Iterator[tuple[str, BlockingHandler | NonBlockingHandler]]:
        """Return all hooks, each with its place in the file."""
        for kind in ("blocking_handlers", "non_blocking_handlers"):
            handlers: Sequence[BlockingHandler | NonBlockingHandler] = getattr(self, kind)
            for index, handler in enumerate(handlers):
                yield f"hook.{kind}.{index}", handler


def parse(fragment: Any) -> Hooks | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return Hooks.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "hook")


def load(fragment: Hooks, folder: Path) -> tuple[list[Hook], list[Fault]]:
    """Return the hooks with their scripts read from beside the file, and what is wrong with them.

    A hook without a name is called as its file or its host; the second one gets `-2` behind it.
    """
    hooks: dict[str, Hook] = {}
    faults: list[Fault] = []
    for place, handler in fragment.handlers():
        name = handler.name or _free(handler.default_name, hooks)
        if name in hooks:
            faults.append(Fault(f"{place}.name", f"another hook is called {name} already"))
        elif not _NAME.fullmatch(name):
            sentence = "gives the hook a name of more than 60 characters; set `name`"
            faults.append(Fault(f"{place}.url", sentence))
        try:
            hooks[name] = _hook(name, handler, folder)
        except ValueError as error:
            faults.append(Fault(f"{place}.url", str(error)))
    return list(hooks.values()), faults


def _hook(name: str, handler: BlockingHandler | NonBlockingHandler, folder: Path) -> Hook:
    target: Target
    if is_webhook(handler.url):
        target = Webhook(handler.url)
    else:
        path = folder / handler.url.removeprefix("authgeardeno:///")
        target = Script(f"{name}.ts", _read(path), handler.isolation)
    return hook_of(name, handler, target)


def hook_of(name: str, handler: BlockingHandler | NonBlockingHandler, target: Target) -> Hook:
    """Return the hook an entry of the file describes, which calls this target."""
    events: tuple[str, ...]
    if isinstance(handler, BlockingHandler):
        events, on_error = (handler.event,), handler.on_error
    else:
        events, on_error = tuple(dict.fromkeys(handler.events)), "allow"
    return Hook(
        name,
        events,
        target,
        on_error=on_error,
        enabled=handler.enabled,
        timeout=handler.timeout_ms / 1000 if handler.timeout_ms else None,
        only_clients=tuple(handler.only_clients),
    )


def named_after(url: str) -> str:
    """Return what a hook without a name is called.

    `authgeardeno:///deno/geo.v2.ts` makes `geo-v2`, `https://hooks.nordlake.example/x` makes
    `hooks-nordlake-example`.
    """
    if is_webhook(url):
        stem = urlsplit(url).hostname or ""
    else:
        stem = url.removeprefix("authgeardeno:///deno/").removesuffix(".ts")
    return re.sub(r"[^-a-zA-Z0-9_]+", "-", stem).strip("-") or "hook"


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
