"""Asking providers about somebody, within a budget, and writing what they said.

Whoever waits holds nothing meanwhile.
"""

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.enrichment import plan
from burnish.enrichment.run import Enriched
from burnish.enrichment.run import Run as Going
from burnish.enrichment.setup import Setup
from burnish.profiles.document import Document
from burnish.profiles.fact import Fact
from burnish_server import engine
from burnish_server.enrichment import asking, store, visitor
from burnish_server.hooks.durations import RecentDurations
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enriched as events
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

recent = RecentDurations()


@dataclass(frozen=True, slots=True)
class Filling:
    """What a run has come to so far; `task` is the rest of it, while there is a rest."""

    run: UUID
    reason: str
    given: Mapping[str, Any]
    want: list[str]
    at: datetime
    enriched: Enriched
    task: "asyncio.Task[Enriched] | None"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What providers said so far."""
        return self.enriched.facts


def begin(
    reason: str,
    given: Mapping[str, Any],
    document: Document,
    granted: Collection[str],
    within: timedelta,
    want: Iterable[str] | None = None,
    *,
    setup: Setup | None = None,
    give_up: bool = False,
) -> Filling | None:
    """Ask for what is missing, and return what is there within the budget; None: nothing is."""
    setup = store.setup() if setup is None else setup
    wanted = list(setup.waterfalls if want is None else want)
    now = timezone.now()
    wish = plan.wish(setup, wanted, document, now)
    if not wish.wanted:
        return None
    began = time.monotonic()
    run = asking.begin(setup, given, list(wish.wanted), document, granted, give_up=give_up)
    if run.at_once():
        enriched, task = run.enriched(), None
    else:
        seconds = within.total_seconds()
        enriched, task = engine.run(lambda _: _start(run, seconds), timeout=seconds + 5)
    recent.note(reason, time.monotonic() - began)
    return Filling(UUID(run.id), reason, given, list(wish.wanted), now, enriched, task)


async def _start(run: Going, seconds: float) -> tuple[Enriched, "asyncio.Task[Enriched] | None"]:
    task = asyncio.create_task(run.go())
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return (task.result(), None) if done else (run.enriched(), task)


def context_of(circumstances: Circumstances) -> dict[str, Any]:
    """Return what a visitor brings along: nothing where it is not the person who came."""
    if circumstances.triggered_by != "user":
        return {}
    return {
        "ip": visitor.address(circumstances.ip_address),
        "user_agent": circumstances.user_agent,
        "accept_language": ",".join(circumstances.languages),
    }


def write(user: User, facts: Sequence[Fact], schema: Schema, circumstances: Circumstances) -> None:
    """Write what providers said, and say so; call it in a transaction."""
    good = [fact for fact in facts if not schema.refuse(fact.group, fact.key, fact.value)]
    if good:
        written = profiles.say(user.pk, good, timezone.now(), schema)
        present = entities.user(user, written.profile, schema)
        events.tell(present, good, written.changes, schema, circumstances)


def pretend(reason: str, document: Document | None = None) -> None:
    """Take as long as runs did lately, so that nobody can tell who was not asked about.

    With the document of somebody, only where a run would ask anybody about them.
    """
    setup = store.setup()
    if document and not plan.wish(setup, setup.waterfalls, document, timezone.now()).wanted:
        return
    seconds = recent.draw(reason) or 0.0
    connection.close()
    time.sleep(seconds)
