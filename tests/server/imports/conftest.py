"""What the imports' tests share: an import that is worked off at once."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest

from burnish_server.audit.log import Actor
from burnish_server.imports import store, work
from burnish_server.imports.models import Outcome, Run
from burnish_server.imports.store import Wish

ACTOR = Actor.at_command_line()


def lines(records: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def finish(run: Run) -> Run:
    """Work an import off, as a worker would."""
    while work.go_on(run.pk, uuid4(), seconds=60):
        pass
    run.refresh_from_db()
    return run


def outcomes(run: Run) -> list[Outcome]:
    return list(Outcome.objects.filter(run=run).order_by("index"))


@pytest.fixture
def take(db: None) -> Callable[..., Run]:
    """Import at once: `take(b"...", format="csv", upsert=True)`, or a list of records."""

    def import_(content: bytes | list[dict[str, Any]], format: str = "ndjson", **wish: Any) -> Run:
        body = content if isinstance(content, bytes) else lines(content)
        return finish(store.take(format, [body], Wish(**wish), ACTOR, work=False))

    return import_
