"""Lookups that hooks ask for with `ctx.enrich`: as any other, and nothing of them is hidden."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from burnish.consent.decide import lacking
from burnish.enrichment import inputs
from burnish.enrichment.account import Account
from burnish.enrichment.inputs import Inputs
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Found, Skipped
from burnish.enrichment.provider import Provider
from burnish.hooks.context import answer
from burnish_server.consent import store as consent
from burnish_server.enrichment import asking, models, store, visitor

log = structlog.get_logger("burnish.enrichment")


@dataclass(frozen=True, slots=True)
class _Leave:
    """That a provider may be asked about this user."""

    provider: Provider
    lookups: Lookups


class HookLookups:
    """Asks one provider for a hook, and notes what came of it."""

    def __init__(self) -> None:
        # A hook that waits no more leaves its question under way: it is paid for, and noted.
        self._under_way: set[asyncio.Task[Lookup]] = set()

    async def ask(
        self, provider: str, inputs: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return what a script is told; `about` is the context of its event."""
        user_id = _user_id(about)
        leave = await asyncio.to_thread(_leave, provider, user_id)
        if leave is None:
            return answer("skipped", "disabled")
        task = asyncio.create_task(_ask(provider, leave, _fit(inputs, about), user_id))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return _told(await asyncio.shield(task), leave)


async def _ask(name: str, leave: _Leave | Skipped, given: Inputs, user_id: UUID | None) -> Lookup:
    now = timezone.now()
    if isinstance(leave, Skipped):
        lookup = Lookup(name, leave, now)
    elif hindrance := _hindrance(leave.provider, given):
        lookup = Lookup(name, hindrance, now)
    else:
        lookup = await leave.lookups.ask(leave.provider, given.known)
    await asyncio.to_thread(_note, lookup, user_id)
    return lookup


def _leave(name: str, user_id: UUID | None) -> _Leave | Skipped | None:
    """Return leave to ask, why there is none, or None where nobody has this name."""
    try:
        setup = store.setup()
        provider = setup.providers.get(name)
        if provider is None:
            return None
        granted = consent.granted(user_id) if user_id else ()
        if purpose := lacking(provider.settings.purposes, granted, setup.purposes):
            return Skipped("no_consent", f"the person did not consent to {purpose}")
        return _Leave(provider, asking.lookups())
    finally:
        connection.close()


def _hindrance(provider: Provider, given: Inputs) -> Skipped | None:
    lacks = provider.lacks(given.known)
    for name in lacks:
        if reason := given.unfit.get(name):
            return Skipped("unfit_input", f"{name} {reason}")
    return Skipped("missing_input", f"it needs {' and '.join(lacks)}") if lacks else None


def _fit(given: Mapping[str, Any], about: Mapping[str, Any]) -> Inputs:
    """Return what may be asked with: an administrator's address says nothing of the user."""
    address = about.get("ip_address")
    foreign = about.get("triggered_by") != "user" and address and given.get("ip") == address
    if foreign:
        return inputs.read({**given, "ip": None})
    if isinstance(ip := given.get("ip"), str):
        return inputs.read({**given, "ip": visitor.address(ip)})
    return inputs.read(given)


def _told(lookup: Lookup, leave: _Leave | Skipped) -> Mapping[str, Any]:
    match lookup.outcome:
        case Found(values=values) as found:
            sure = [found.confidence_of(name) for name in values] or [found.confidence]
            if isinstance(leave, _Leave) and leave.provider.settings.confidence is not None:
                sure.append(leave.provider.settings.confidence)
            return answer("found", values=values, confidence=min(sure))
        case Failed(reason=reason):
            return answer("failed", reason)
        case Skipped(reason=reason):
            return answer("skipped", reason)
        case other:
            return answer(type(other).__name__.lower())


def _note(lookup: Lookup, user_id: UUID | None) -> None:
    (line,) = Account((lookup,)).as_json()
    line = {**line, "detail": line["detail"][:500], "at": timezone.now()}
    try:
        models.Lookup.objects.create(user_id=user_id, **line)
    except Exception:
        log.exception("lookup of a hook not noted", provider=lookup.provider)
    finally:
        connection.close()


def _user_id(about: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(str(about.get("user_id")))
    except ValueError:
        return None
