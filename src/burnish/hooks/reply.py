"""What came back from a hook, whatever kind it is."""

from dataclasses import dataclass, replace
from typing import Any

from burnish.attributes.storable import clean_text, cleaned
from burnish.hooks.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Request:
    """A network call a hook made: its status, or None when it failed. `ms` is wall-clock time."""

    host: str
    status: int | None
    ms: float


@dataclass(frozen=True, slots=True)
class Reply:
    """One call of a hook: the value it answered with, or the trouble it ended in.

    `ms` is how long the caller waited, in milliseconds. `console` is at most 64 KiB; `truncated`
    says that there was more. Of a webhook's answer `status` and the beginning of its `text` are
    kept, and `retry_after`, the seconds it asked to be left alone.
    """

    body: Any
    trouble: Trouble | None
    ms: float
    console: str = ""
    truncated: bool = False
    requests: tuple[Request, ...] = ()
    status: int | None = None
    text: str = ""
    retry_after: float | None = None


def with_storable_texts(reply: Reply) -> Reply:
    """Return a reply whose console, error and text can be kept; its body is as it was.

    What a body may hold is the verdict's matter, for it means nothing where nobody asked for one.
    """
    trouble = reply.trouble
    if trouble is not None:
        message, info = clean_text(trouble.message), cleaned(trouble.info)
        trouble = replace(trouble, message=message, info=info)
    console, text = clean_text(reply.console), clean_text(reply.text)
    return replace(reply, trouble=trouble, console=console, text=text)
