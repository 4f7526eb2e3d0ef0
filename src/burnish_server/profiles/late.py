"""Answers of hooks that came after the operation they were asked about had gone on.

What such a hook wrote is its fact, a guess as any other: it holds where nothing better is known.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from burnish.events.catalogue import CATALOGUE
from burnish.hooks import course, mutation, reading
from burnish.hooks.chain import PATIENCE
from burnish.hooks.hook import Hook
from burnish.hooks.outcome import Deferred, Denied, HookRun, Passed
from burnish.hooks.reply import Reply
from burnish.profiles import edits
from burnish_server import engine
from burnish_server.hooks import deliveries, forget
from burnish_server.hooks import models as hooks
from burnish_server.hooks.deliveries import Attempt
from burnish_server.hooks.store import record_many
from burnish_server.profiles import store
from burnish_server.profiles.models import Profile
from burnish_server.roles import store as roles

log = structlog.get_logger("burnish.hooks")

_MARGIN = timedelta(seconds=PATIENCE + 15)
"""After this a worker takes over: the process that waited for the answer must be gone."""

_settling = ThreadPoolExecutor(max_workers=2, thread_name_prefix="late")


def keep(passed: Passed, user_id: UUID, at: datetime) -> None:
    """Have the deferred hooks of an operation settled later; call it in its transaction.

    A hook that is still at work is waited for by this process; a worker calls it anew where this
    process ends meanwhile, or the call fails.
    """
    for deferred in passed.deferred:
        due_at = at + _MARGIN if deferred.reply else at
        delivery = deliveries.promise(deferred.hook.name, deferred.envelope, user_id, due_at, at)
        if delivery and deferred.reply:
            transaction.on_commit(_Following(deferred, delivery, user_id))


class _Following:
    """Waits for a deferred hook's answer, without a thread, and settles it."""

    def __init__(self, deferred: Deferred, delivery: tuple[UUID, datetime], user_id: UUID) -> None:
        self._deferred = deferred
        self._delivery = delivery
        self._user_id = user_id

    def __call__(self) -> None:
        assert self._deferred.reply  # noqa: S101 - else there is nothing to follow
        loop = engine.current().loop
        loop.call_soon_threadsafe(self._deferred.reply.add_done_callback, self._done)

    def _done(self, task: "asyncio.Task[Reply]") -> None:
        if not task.cancelled() and task.exception() is None:
            _settling.submit(self._settle, task.result())

    def _attempt(self, reply: Reply, run: HookRun) -> Attempt:
        delivery, promised_at = self._delivery
        return Attempt(delivery, promised_at, 1, promised_at, reply, run.trouble)

    def _settle(self, reply: Reply) -> None:
        hook, envelope = self._deferred.hook, self._deferred.envelope
        try:
            with transaction.atomic():
                run = settle(hook, envelope, reply, self._deferred.asked_at, self._user_id)
                deliveries.write([self._attempt(reply, run)], None)
                hook_id = hooks.Hook.objects.values_list("pk", flat=True).get(name=hook.name)
                record_many([(run, hook_id, hook, envelope)])
        except Exception:
            # A worker takes it over when its time has come.
            log.exception("late answer not settled", hook=hook.name, event=envelope["type"])
        finally:
            connection.close()


def settle(
    hook: Hook,
    envelope: Mapping[str, Any],
    reply: Reply,
    asked_at: datetime,
    user_id: UUID,
) -> HookRun:
    """Write what a hook answered late as its facts, and return the record of its call."""
    schema = store.schema()
    run, verdict = reading.read(hook, CATALOGUE[envelope["type"]], reply, asked_at, schema)
    user = envelope["payload"].get("user")
    if user is None or isinstance(verdict, Denied) or not verdict.user:
        return run
    draft = mutation.apply(mutation.begin(user), hook.name, verdict.user, schema)
    if trouble := course.Course(draft=draft).refused(schema, roles.known()).get(hook.name):
        return replace(run, outcome="failed", trouble=trouble)
    if Profile.objects.filter(pk=user_id).exists() and not forget.is_forgotten(user_id):
        facts = edits.of(draft, schema, {hook.name: asked_at}, author=None)
        store.say(user_id, facts, timezone.now(), schema)
        roles.take_over(user_id, draft)
    return run
