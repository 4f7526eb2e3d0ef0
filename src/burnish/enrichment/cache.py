"""Answers that are kept, so that nobody pays twice for one: under hashed keys, for a time each.

An answer that holds values outlives its time: it is served where a vendor fails, with its age.
"""

import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, Self, TypeAlias

from burnish.enrichment.inputs import CALLBACK, Known
from burnish.enrichment.outcome import Failed, Found, Miss
from burnish.enrichment.provider import Provider

Kept: TypeAlias = Found | Miss | Failed
"""What can be kept: an answer, or that there was none just now."""

_KINDS: dict[str, type[Kept]] = {"found": Found, "miss": Miss, "failed": Failed}


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept answer: given at a moment, good until another, and kept until a third.

    `retry_at` is set where the vendor failed since: it is not asked again before.
    """

    answer: Kept
    at: datetime
    good_until: datetime
    kept_until: datetime
    retry_at: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether nobody needs to ask."""
        return now < self.good_until or (self.retry_at is not None and now < self.retry_at)

    def is_stale(self, now: datetime) -> bool:
        """Whether the answer is past its time, though it may be served."""
        return now >= self.good_until

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        kind = next(name for name, kind in _KINDS.items() if isinstance(self.answer, kind))
        times = {
            name: time.isoformat()
            for name in ("at", "good_until", "kept_until", "retry_at")
            if (time := getattr(self, name))
        }
        shallow = {field.name: getattr(self.answer, field.name) for field in fields(self.answer)}
        return {"kind": kind, "answer": shallow, **times}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the entry that was stored."""
        answer = _KINDS[stored["kind"]](**stored["answer"])
        times = {
            name: datetime.fromisoformat(stored[name])
            for name in ("at", "good_until", "kept_until", "retry_at")
            if name in stored
        }
        return cls(answer, **times)


class Cache(Protocol):
    """Keeps entries by key. Keys of one provider can be forgotten together."""

    async def get(self, key: str) -> Entry | None:
        """Return the entry, be it stale, or None."""

    async def put(self, key: str, provider: str, entry: Entry) -> None:
        """Keep an entry until its time; what was kept under the key gives way."""

    async def claim(self, key: str, seconds: float) -> bool:
        """Say whether the caller is the one who asks now; others wait for what they put."""

    async def release(self, key: str) -> None:
        """Let others ask, where nothing was put."""


class LocalCache:
    """A cache of one process, of which the longest unused goes first."""

    def __init__(self, most: int = 10_000) -> None:
        """Keep `most` entries."""
        self._most = most
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    async def get(self, key: str) -> Entry | None:
        """Return the entry, be it stale, or None."""
        return self.peek(key)

    def peek(self, key: str) -> Entry | None:
        """Return the entry, without waiting."""
        entry = self._entries.get(key)
        if entry is not None:
            # Another thread may have let go of it in between.
            with suppress(KeyError):
                self._entries.move_to_end(key)
        return entry

    async def put(self, key: str, provider: str, entry: Entry) -> None:
        """Keep an entry."""
        self.keep(key, entry)

    def keep(self, key: str, entry: Entry) -> None:
        """Keep an entry, without waiting."""
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    async def claim(self, key: str, seconds: float) -> bool:
        """Say yes: within a process, nobody else asks the same."""
        return True

    async def release(self, key: str) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


def key_of(provider: Provider, known: Known, pepper: bytes) -> str:
    """Return the key of a question: a keyed hash, from which nobody can tell who it is about."""
    sent = {name: value for name, value in provider.sends(known).items() if name != CALLBACK}
    parts = [provider.name, provider.key, provider.variant, sorted(sent.items())]
    text = json.dumps(parts, ensure_ascii=False).encode()
    return hmac.new(pepper, text, hashlib.sha256).hexdigest()


def entry_of(provider: Provider, answer: Kept, at: datetime, last: Entry | None) -> Entry | None:
    """Return what is to be kept of an answer, given the last entry; None where that is nothing.

    A failure leaves the last good values where they are, and says when to try again.
    """
    keeping, most = provider.settings.cache, provider.terms.keep

    def until(span: timedelta) -> datetime:
        return at + (span if most is None else min(span, most))

    match answer:
        case Failed():
            wait = max(keeping.error, timedelta(seconds=answer.retry_after or 0))
            if last is not None and isinstance(last.answer, Found) and at < last.kept_until:
                return replace(last, retry_at=at + wait)
            return Entry(answer, at, at + wait, at + wait) if wait else None
        case Found():
            good, kept = until(keeping.found), until(max(keeping.found, keeping.last_good))
        case Miss():
            good = kept = until(keeping.miss)
    return Entry(answer, at, good, kept) if good > at else None
