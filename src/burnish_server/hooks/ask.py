"""Asking the hooks of a blocking event, with nothing held meanwhile."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db import connection
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.events.context import Context
from burnish.events.event import Event, envelope
from burnish.hooks import chain, course
from burnish.hooks.outcome import HookRun, Outcome, Passed
from burnish_server import engine
from burnish_server.hooks import store
from burnish_server.hooks.durations import RecentDurations
from burnish_server.roles import store as roles

recent = RecentDurations()

Note = Callable[[HookRun], str]
"""What the log is to say of a run beside what the hook printed; mostly nothing."""


def ask(event: Event, context: Context, schema: Schema, note: Note = lambda _: "") -> Outcome:
    """Return what the configured hooks make of an event that is about to happen.

    Their runs are in the log when this returns, whatever came of them.
    """
    hooks = store.listening(event.type)
    if not hooks:
        return unasked(event)
    began = time.monotonic()
    seq, limits = store.begin()
    known = roles.known()
    outcome = engine.run(
        lambda running: chain.ask(
            event,
            seq,
            context,
            list(hooks.values()),
            schema,
            limits,
            running.dispatcher.call,
            known,
        ),
        timeout=limits.event + 2,
    )
    store.asked(event, seq, context, timezone.now())
    runs = [replace(run, console=run.console + note(run)) for run in outcome.runs]
    store.record(runs, hooks, envelope(event.type, event.payload(), seq, context.as_json()))
    recent.note(_kind(event.type, hooks), time.monotonic() - began)
    return outcome


def unasked(event: Event) -> Passed:
    """Return what becomes of an event that no hook is asked about."""
    start = course.begin(event, event.payload())
    return Passed(start.draft, (), claims=start.claims)


def pretend(event: str) -> None:
    """Take as long as askings did lately, so that nobody can tell who was not asked about.

    That is one of the latest of this process, or else how long hooks ran at the last asking of any.
    """
    seconds = 0.0
    if hooks := store.listening(event):
        seconds = recent.draw(_kind(event, hooks)) or store.last_seconds(event)
    connection.close()
    time.sleep(seconds)


def _kind(event: str, hooks: Iterable[int]) -> str:
    # Other hooks take another time.
    return f"{event} {sorted(hooks)}"
