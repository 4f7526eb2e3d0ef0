"""Runs and their lookups, in and out of the database."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from burnish.enrichment.account import Account
from burnish.enrichment.run import Enriched
from burnish_server.enrichment.models import Lookup, Run
from burnish_server.hooks import sealing

MOST_TRIES = 12
"""Goes of one run, after which vendors that are still looking are given up."""

_NOTE = """
WITH run AS (
    INSERT INTO enrichment_run (id, user_id, reason, state, want, sealed, waiting_for, due_at,
        tries, "by", started_at, finished_at)
    VALUES (%(id)s, %(user)s, %(reason)s, %(state)s, %(want)s, %(sealed)s, %(waiting_for)s,
        %(due_at)s, 0, %(by)s, %(at)s, %(finished_at)s)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, waiting_for = excluded.waiting_for,
        due_at = excluded.due_at, finished_at = excluded.finished_at, sealed = excluded.sealed
    RETURNING id
)
INSERT INTO enrichment_lookup (run_id, user_id, provider, outcome, reason, detail, gave, refused,
    asked, kept, ms, cost, at)
SELECT run.id, %(user)s, line.provider, line.outcome, line.reason, left(line.detail, 500),
    ARRAY(SELECT jsonb_array_elements_text(line.gave)), line.refused, line.asked, line.kept,
    line.ms, line.cost, %(now)s
FROM run, jsonb_to_recordset(%(lines)s::jsonb) AS line(provider text, outcome text, reason text,
    detail text, gave jsonb, refused jsonb, asked boolean, kept text, ms float, cost numeric)
"""


def note(
    run: UUID,
    user_id: UUID,
    reason: str,
    enriched: Enriched,
    given: Mapping[str, Any],
    want: list[str],
    at: datetime,
    *,
    now: datetime,
    due_at: datetime | None,
    account: Account | None = None,
    by: UUID | None = None,
) -> None:
    """Write a run and its lookups in one statement; without `due_at` it is done.

    `account` holds the lookups that are new, if not all of them are.
    """
    lines = (account or enriched.account).as_json()
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "id": run,
                "user": user_id,
                "reason": reason,
                "state": Run.State.WAITING if due_at else Run.State.DONE,
                "want": want,
                "sealed": seal(given) if due_at else "",
                "waiting_for": list(enriched.waiting_for),
                "due_at": due_at,
                "by": by,
                "at": at,
                "now": now,
                "finished_at": None if due_at else now,
                "lines": json.dumps(lines),
            },
        )


def forget(user_id: UUID) -> None:
    """Forget a user's runs; that somebody was asked about, and at what price, stays in figures."""
    Lookup.objects.filter(user_id=user_id).update(run=None, user_id=None)
    Run.objects.filter(user_id=user_id).delete()


def seal(given: Mapping[str, Any]) -> str:
    """Return what a run is asked with besides the profile, sealed."""
    return sealing.seal(json.dumps(dict(given))) if given else ""


def given(row: Run) -> dict[str, Any]:
    """Return what a run was asked with besides the profile."""
    return json.loads(sealing.unseal(row.sealed)) if row.sealed else {}


def next_try(row: Run, enriched: Enriched, now: datetime) -> datetime:
    """Return when a run that is not done is gone on with: ever later, unless it is known when."""
    seconds = max(enriched.again_in or 0.0, 15.0 * 2 ** min(row.tries, 8))
    return now + timedelta(seconds=seconds)
