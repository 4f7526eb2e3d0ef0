"""Providers from other packages: nothing of their code is taken on trust.

One that cannot be loaded, or does not have a provider's shape, is left out, and the log says why.
What it asks and reads is done in a thread of its own, so that one that hangs holds nobody up; what
it makes of an answer is looked at before anybody relies on it.
"""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from decimal import Decimal
from importlib.metadata import entry_points
from typing import Any, TypeVar, get_args

import structlog

from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending, Trouble
from burnish.enrichment.provider import Provider, Send, Terms
from burnish.enrichment.reading import BadAnswer
from burnish.enrichment.settings import Settings

log = structlog.get_logger("burnish.enrichment")

T = TypeVar("T")

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NAMES = ("needs", "any_of", "hints", "hashed", "gives")
_TEXTS = ("title", "page")
_HOME = "burnish.enrichment.providers."


def load(group: str) -> Iterator[tuple[str, Any]]:
    """Load what other packages have in an entry point group, but for what cannot be loaded."""
    for entry in entry_points(group=group):
        try:
            yield entry.name, entry.load()
        except (Exception, SystemExit) as error:
            leave_out(entry.name, f"it raised {type(error).__name__} when it was loaded")


def leave_out(name: str, why: str) -> None:
    """Say in the log that something from outside is not used."""
    log.error("left out", entry=name, why=why)


def is_outside(kind: type[Provider]) -> bool:
    """Say whether a kind of provider comes from another package."""
    return not kind.__module__.startswith(_HOME)


def misshapen(kind: Any) -> str | None:
    """Return what of a class, or of one of its instances, is not as a provider's must be."""
    if isinstance(kind, type):
        if not issubclass(kind, Provider):
            return "it is no subclass of Provider"
        if not isinstance(kind.key, str) or not _KEY.fullmatch(kind.key):
            return "its key must be in small letters, digits and underscores, such as acme"
        if not isinstance(kind.Settings, type) or not issubclass(kind.Settings, Settings):
            return "its Settings must be a subclass of burnish.enrichment.settings.Settings"
        if not isinstance(kind.terms, Terms):
            return "its terms must be Terms"
    elif not isinstance(kind, Provider):
        return "it is no provider"
    for name in _TEXTS:
        if not isinstance(getattr(kind, name), str):
            return f"its {name} must be a text"
    for name in _NAMES:
        names = getattr(kind, name)
        if not isinstance(names, property) and not _are_names(names):
            return f"its {name} must be a frozenset of texts"
    if not isinstance(kind.price, property) and not _is_price(kind.price):
        return "its price must be a Decimal, from 0"
    if kind.local and not callable(getattr(kind, "look", None)):
        return "it is local, and so must have look()"
    return None


async def answer(provider: Provider, known: Known, send: Send) -> Any:
    """Ask a provider from outside, off the event loop as far as that is its own code."""
    if type(provider).answer is not Provider.answer:
        return await provider.answer(known, send)
    request = await _aside(lambda: provider.ask(known))
    reply = await send(request)
    return await _aside(lambda: provider.judge(reply))


def sound(answer: Any) -> Answer:
    """Return an answer that is one. Raises `BadAnswer`."""
    match answer:
        case Found():
            return _sound(answer)
        case Miss():
            return answer
        case Pending(retry_after=seconds) if _is_seconds(seconds):
            return answer
        case Failed(reason=reason, retry_after=seconds) if reason in get_args(Trouble) and (
            seconds is None or _is_seconds(seconds)
        ):
            return Failed(reason, words(answer.detail), seconds)
    raise BadAnswer("what it returned is no answer")


def words(detail: object) -> str:
    """Return a sentence as it can be stored and shown."""
    text = str(detail)[:500]
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _sound(found: Found) -> Found:
    if not isinstance(found.values, Mapping) or not _are_names(set(found.values)):
        raise BadAnswer("its values are not by name")
    try:
        json.dumps(dict(found.values), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise BadAnswer("its values are not such as JSON can hold") from None
    sure = found.sure or {}
    if not isinstance(sure, Mapping) or not all(map(_is_share, [found.confidence, *sure.values()])):
        raise BadAnswer("its confidence is no number from 0 to 1")
    if found.record is not None and not isinstance(found.record, str):
        raise BadAnswer("its record is no text")
    return found


async def _aside(work: Callable[[], T]) -> T:
    """Do something in a thread of its own, which is left to itself when nobody waits any more."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: T | None = None
        failure: Exception | None = None
        try:
            result = work()
        except Exception as error:
            failure = error
        except BaseException as error:
            failure = RuntimeError(type(error).__name__)
        with suppress(RuntimeError):  # the loop is closed by now
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="provider", daemon=True).start()
    return await done


def _are_names(names: Any) -> bool:
    return isinstance(names, Set) and all(isinstance(name, str) for name in names)


def _is_price(price: Any) -> bool:
    return isinstance(price, Decimal) and price.is_finite() and price >= 0


def _is_share(number: Any) -> bool:
    return isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= 1


def _is_seconds(number: Any) -> bool:
    return (
        isinstance(number, int | float)
        and not isinstance(number, bool)
        and 0 <= number <= 366 * 24 * 3600
    )
