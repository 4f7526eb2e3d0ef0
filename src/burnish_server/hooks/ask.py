"""Asking the hooks of a blocking event, with nothing held meanwhile."""

import time
from uuid import UUID

from django.db import connection

from burnish.attributes.schema import Schema
from burnish.events.context import Context
from burnish.events.event import Event
from burnish.hooks import chain
from burnish.hooks.mutation import begin
from burnish.hooks.outcome import Outcome, Passed
from burnish_server import engine
from burnish_server.hooks import store


def ask(event: Event, context: Context, schema: Schema, user_id: UUID) -> Outcome:
    """Return what the configured hooks make of an event that is about to happen.

    Their runs are in the log when this returns, whatever came of them.
    """
    hooks = store.enabled(event.type)
    seq = store.next_seq()
    if not hooks:
        return Passed(begin(event.payload()["user"]), ())
    limits = store.limits()
    outcome = engine.run(
        lambda running: chain.ask(
            event,
            seq,
            context,
            [hook.as_hook() for hook in hooks],
            schema,
            limits,
            lambda script, body, timeout: running.runtime.call(script, body, timeout=timeout),
        ),
        timeout=limits.event + 2,
    )
    store.record(outcome.runs, hooks, seq, user_id)
    return outcome


def pretend(event: str) -> None:
    """Take as long as the last asking did, so that nobody can tell who was not asked about."""
    seconds = store.last_seconds(event) if store.enabled(event) else 0.0
    connection.close()
    time.sleep(seconds)
