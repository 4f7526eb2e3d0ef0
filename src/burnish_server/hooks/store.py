"""Hooks, runs and events, in and out of the database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet, Sum
from django.db.models.functions import JSONObject

from burnish.errors import InvalidSettings
from burnish.events import event as events
from burnish.events.catalogue import ALL, BLOCKING
from burnish.events.context import Context
from burnish.hooks import hook as library
from burnish.hooks import plugin_call, signature
from burnish.hooks.context import HookContext
from burnish.hooks.outcome import HookRun
from burnish.hooks.plugin import registered
from burnish.hooks.webhook import Webhook
from burnish_server.audit.log import Act, Actor
from burnish_server.audit.log import record_many as record_acts
from burnish_server.hooks import enriching, masking, sealing
from burnish_server.hooks.cache import StoredCache
from burnish_server.hooks.models import Event, Hook, Run, Secret, SigningKey, TimeLimits
from burnish_server.kept import Kept

log = structlog.get_logger("burnish.hooks")

_BEGIN = """
SELECT nextval('hooks_event_seq'), hook_seconds, event_seconds, deferred_seconds
FROM (SELECT) AS one LEFT JOIN hooks_timelimits ON id = 1
"""

_HAPPENED = """
WITH happened AS (
    INSERT INTO hooks_event (seq, type, user_id, client_id, payload, context, created_at)
    SELECT nextval('hooks_event_seq'), type, user_id, client_id, payload, context, at
    FROM (VALUES (%s, %s::uuid, %s, %s::jsonb, %s::jsonb, %s::timestamptz))
        AS given(type, user_id, client_id, payload, context, at)
    RETURNING *
), told AS (
    INSERT INTO hooks_delivery (hook_id, event_seq, event_type, user_id, due_at, created_at)
    SELECT hook.id, seq, type, user_id, happened.created_at, happened.created_at
    FROM happened JOIN hooks_hook AS hook ON hook.events @> ARRAY[type] OR hook.events @> '{*}'
    WHERE hook.enabled AND NOT hook.name = ANY(%s)
        AND (hook.only_clients = '{}' OR client_id = ANY(hook.only_clients))
    RETURNING 1
)
SELECT seq, CASE WHEN EXISTS (SELECT FROM told) THEN pg_notify('hooks_delivery', '') END
FROM happened
"""


def begin() -> tuple[int, library.TimeLimits]:
    """Take the next number of the sequence all events share, and return it with the time limits.

    Gaps are normal.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)
        seq, *seconds = cursor.fetchone()
    limits = library.TimeLimits() if seconds[0] is None else library.TimeLimits(*seconds)
    return int(seq), limits


def limits() -> library.TimeLimits:
    """Return how long hooks may take."""
    row = TimeLimits.current()
    return library.TimeLimits(row.hook_seconds, row.event_seconds, row.deferred_seconds)


def equipped(hooks: QuerySet[Hook]) -> dict[int, library.Hook]:
    """Return hooks by id with their secrets, their cache and the keys they sign with: one query.

    What cannot be opened with the keys there are is left out, and the log says so.
    """
    secrets = Secret.objects.filter(hooks=OuterRef("pk"))
    keys = SigningKey.objects.order_by("created_at", "id")
    rows = hooks.annotate(
        given_secrets=ArraySubquery(secrets.values(secret=JSONObject(n="name", s="sealed"))),
        given_keys=ArraySubquery(keys.values("sealed")),
    )
    return {row.pk: _equip(row, row.given_secrets, row.given_keys) for row in rows}


def _equip(row: Hook, secrets: Iterable[Mapping[str, str]], keys: Iterable[str]) -> library.Hook:
    opened = dict(_opened((secret["n"], secret["s"]) for secret in secrets))
    hook = row.as_hook(HookContext(opened, StoredCache(row.pk), enriching.port()))
    if not isinstance(hook.target, Webhook):
        return hook
    signing = _opened(("signing key", key) for key in keys)
    usable = tuple(signature.key_of(secret) for _, secret in signing)
    return replace(hook, target=Webhook(hook.target.url, usable))


def _opened(sealed: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, text in sealed:
        try:
            yield name, sealing.unseal(text)
        except InvalidSettings as error:
            log.error("secret not opened", secret=name, error=str(error))


_enabled = Kept(
    lambda: equipped(Hook.objects.filter(enabled=True)),
    Hook,
    Secret,
    Secret.hooks.through,
    SigningKey,
    at_pages=True,
)


def listening(event: str) -> dict[int, library.Hook]:
    """Return the enabled hooks of an event by id, in their order, equipped."""
    heard = {event} if event in BLOCKING else {event, ALL}
    return {pk: hook for pk, hook in _enabled().items() if not heard.isdisjoint(hook.events)}


def record(
    runs: Iterable[HookRun],
    hooks: Mapping[int, library.Hook],
    envelope: Mapping[str, Any],
) -> None:
    """Write what the hooks of one event did, in one statement: see `record_many`."""
    ids = {hook.name: pk for pk, hook in hooks.items()}
    record_many([(run, ids[run.hook], hooks[ids[run.hook]], envelope) for run in runs])


def record_many(
    runs: Iterable[tuple[HookRun, int, library.Hook, Mapping[str, Any]]],
) -> None:
    """Write calls into the hook log, each with its hook's id, its hook and the event's envelope.

    Values of sensitive attributes and of secrets are masked. What a hook refused is in the audit
    log too.
    """
    names, calls = masking.names(), list(runs)
    Run.objects.bulk_create(_row(*call, names) for call in calls)
    record_acts(_refusal(run, envelope) for run, _, _, envelope in calls if run.outcome == "denied")


def _refusal(run: HookRun, envelope: Mapping[str, Any]) -> Act:
    """Return that a hook refused something, as the audit log has it."""
    user_id = envelope["context"]["user_id"]
    action = "authentication.blocked" if run.event.startswith("authentication.") else "refused"
    detail = {"event": run.event}
    return Act(Actor.of_hook(run.hook), action, "user", user_id or "", user_id or "nobody", detail)


def _row(
    run: HookRun,
    hook_id: int,
    hook: library.Hook,
    envelope: Mapping[str, Any],
    names: masking.Names,
) -> Run:
    hidden = hidden_in(run, hook, envelope, names)
    secrets = tuple(hook.context.secrets.values())
    trouble = run.trouble
    return Run(
        hook_id=hook_id,
        hook_name=run.hook,
        event_type=run.event,
        event_seq=envelope["seq"],
        user_id=envelope["context"]["user_id"],
        outcome=run.outcome,
        error_code=trouble.reason if trouble else "",
        error_message=masking.redacted(trouble.message, hidden) if trouble else "",
        error_line=trouble.line if trouble else None,
        answer=masking.redacted_json(masking.masked(run.answer, names), secrets),
        requests=[[one.host, one.status, one.ms] for one in run.requests],
        console=masking.redacted(run.console, hidden),
        console_truncated=run.truncated,
        dropped=masking.redacted_json(list(run.dropped), secrets),
        duration_ms=run.ms,
        started_at=run.started_at,
    )


def hidden_in(
    run: HookRun, hook: library.Hook, envelope: Mapping[str, Any], names: masking.Names
) -> set[str]:
    """Return the values nobody is to read in what one call printed, answered or complained of."""
    return {
        *masking.values_of(envelope["payload"], names),
        *masking.values_of(run.answer, names),
        *hook.context.secrets.values(),
    }


def last_seconds(event: str) -> float:
    """Return how long the hooks took when an event was last put before them."""
    last = Run.objects.filter(event_type=event).order_by("-started_at").values("event_seq")[:1]
    total = Run.objects.filter(event_seq__in=last).aggregate(ms=Sum("duration_ms"))["ms"]
    return (total or 0.0) / 1000


def asked(event: events.Event, seq: int, context: Context, at: datetime) -> None:
    """Record a blocking event that hooks were asked about."""
    Event.objects.create(
        seq=seq,
        type=event.type,
        user_id=context.user_id,
        client_id=context.client_id,
        payload=event.payload(),
        context=context.as_json(),
        created_at=at,
    )


def happened(event: events.Event, context: Context, at: datetime) -> int:
    """Record an event and the deliveries it causes, in the transaction that makes it true.

    Plugins that want to be called inside it are called now; what they raise undoes it. Returns
    the event's number.
    """
    inside = [
        one.plugin.name for one in registered().values() if one.plugin.point == "in_transaction"
    ]
    payload, told = event.payload(), context.as_json()
    with connection.cursor() as cursor:
        cursor.execute(
            _HAPPENED,
            [
                event.type,
                context.user_id,
                context.client_id,
                json.dumps(payload),
                json.dumps(told),
                at,
                inside,
            ],
        )
        seq = int(cursor.fetchone()[0])
    if inside:
        _call_inside(event.type, inside, events.envelope(event.type, payload, seq, told), context)
    return seq


def _call_inside(
    event: str, names: list[str], envelope: Mapping[str, Any], context: Context
) -> None:
    for pk, hook in listening(event).items():
        if hook.name in names and hook.hears(context.client_id):
            record([plugin_call.inside(hook, envelope)], {pk: hook}, envelope)
