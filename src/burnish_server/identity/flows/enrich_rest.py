"""The rest of an enrichment: what comes when nobody waits any more is written when it comes.

This process sees to it, or a worker where this process has ended.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from burnish.enrichment.account import Account
from burnish.enrichment.run import Enriched
from burnish.profiles.fact import Fact
from burnish_server import engine
from burnish_server.consent import store as consent
from burnish_server.enrichment import asking, runs, store
from burnish_server.enrichment.models import Run
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import filling
from burnish_server.identity.flows.filling import Filling
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

log = structlog.get_logger("burnish.enrichment")

MARGIN = timedelta(seconds=asking.PATIENCE + 15)
"""After this a worker takes over: the process that waited must be gone."""

TASK = "burnish_server.identity.tasks.resume_enrichment"

_settling = ThreadPoolExecutor(max_workers=2, thread_name_prefix="enrichment")


def promise(begun: Filling, user_id: UUID, now: datetime) -> datetime | None:
    """See to the rest of a run, in the transaction that notes it; None where there is none.

    Returns when a worker goes on with it.
    """
    if begun.task is not None:
        transaction.on_commit(_Following(begun, user_id), robust=True)
        due_at = now + MARGIN
    elif not begun.enriched.complete:
        keys = begun.enriched.waiting_for
        transaction.on_commit(lambda: _glance(begun.run, keys), robust=True)
        due_at = now + timedelta(seconds=begun.enriched.again_in or 0.0)
    else:
        return None
    defer(begun.run, due_at - now)
    return due_at


def resume(run: UUID) -> None:
    """Go on with a run whose time has come; a worker does that."""
    now = timezone.now()
    row = Run.objects.filter(pk=run, state=Run.State.WAITING).select_related("user").first()
    if row is None:
        return
    schema, profile = profiles.schema(), profiles.of(row.user_id)
    given = {**store.known_of(profile, schema), **runs.given(row)}
    begun = filling.begin(
        row.reason,
        given,
        profile.as_document(),
        consent.granted(row.user_id),
        timedelta(seconds=asking.PATIENCE + 10),
        row.want,
        give_up=row.tries + 1 >= runs.MOST_TRIES,
    )
    if begun is None:
        Run.objects.filter(pk=run).update(state=Run.State.DONE, finished_at=now, sealed="")
        return
    _settle(run, row.user_id, begun.enriched, begun.facts)


def _settle(
    run: UUID,
    user_id: UUID,
    enriched: Enriched,
    facts: Sequence[Fact],
    account: Account | None = None,
) -> None:
    """Write what a run has come to since, unless somebody else did."""
    schema, now = profiles.schema(), timezone.now()
    with transaction.atomic():
        row = Run.objects.select_for_update().filter(pk=run, state=Run.State.WAITING).first()
        user = User.objects.filter(pk=user_id, anonymized_at=None).first()
        if row is None or user is None:
            return
        filling.write(user, facts, schema, Circumstances("system"))
        due_at = None if enriched.complete else runs.next_try(row, enriched, now)
        given = runs.given(row)
        runs.note(
            run,
            user_id,
            row.reason,
            enriched,
            given,
            row.want,
            row.started_at,
            now=now,
            due_at=due_at,
            account=account,
        )
        Run.objects.filter(pk=run).update(tries=row.tries + 1)
        if due_at:
            defer(run, due_at - now)
    if enriched.waiting_for:
        _glance(run, enriched.waiting_for)


def _glance(run: UUID, keys: Sequence[str]) -> None:
    """Go on at once where a vendor was quicker with its answer than we with our notes."""
    lookups = asking.lookups()

    async def any_fresh() -> bool:
        return any([await lookups.fresh(key) for key in keys])

    if engine.run(lambda _: any_fresh(), timeout=5):
        defer(run, timedelta(0))


def called_back(key: str) -> None:
    """Go on with the runs that waited for an answer which has come."""
    for run in Run.objects.filter(state=Run.State.WAITING, waiting_for__contains=[key]):
        defer(run.pk, timedelta(0))


def defer(run: UUID, wait: timedelta) -> None:
    """Have a worker go on with a run after so long."""
    schedule = {"seconds": int(wait.total_seconds())}
    app.configure_task(TASK, schedule_in=schedule).defer(run=str(run))


class _Following:
    """Waits for the rest of a run, without a thread, and settles it."""

    def __init__(self, begun: Filling, user_id: UUID) -> None:
        self._begun = begun
        self._user_id = user_id

    def __call__(self) -> None:
        assert self._begun.task  # noqa: S101 - else there is nothing to follow
        loop = engine.current().loop
        loop.call_soon_threadsafe(self._begun.task.add_done_callback, self._done)

    def _done(self, task: "asyncio.Task[Enriched]") -> None:
        if not task.cancelled() and task.exception() is None:
            _settling.submit(self._settle, task.result())

    def _settle(self, enriched: Enriched) -> None:
        before = self._begun.enriched
        facts = [fact for fact in enriched.facts if fact not in before.facts]
        lookups = [one for one in enriched.account.lookups if one not in before.account.lookups]
        account = Account(tuple(lookups), enriched.account.gave, enriched.account.refused)
        try:
            _settle(self._begun.run, self._user_id, enriched, facts, account)
        except Exception:
            # A worker takes it over when its time has come.
            log.exception("late answers not settled", run=str(self._begun.run))
        finally:
            connection.close()
