"""How many users a second does an import take in, and an export give out?"""

import json
import time
import tracemalloc
from collections.abc import Iterator
from uuid import uuid4

from bench.database import database
from bench.measure import show

METHOD = (
    "40,000 users of 8 attributes (2 of them custom) without passwords as NDJSON, 1 process, the "
    "database on the same\nmachine: received into sealed batches, then worked off with history "
    "and outcomes; then all of them again as an update\nof 2 attributes; then exported. "
    "`memory` is the most Python held at a time while 10,000 more passed. Owed: 2,000 a second."
)
USERS = 40_000


def bench() -> None:
    """Print the table."""
    with database():
        _prepare()
        rows = [
            _import("import, new users", _records(0, USERS)),
            _import("import, updates", _updates(USERS), upsert=True),
            _import("import, trial run", _records(USERS, USERS), dry_run=True),
            _export("ndjson"),
            _export("csv"),
        ]
        show("users in and out", METHOD, ("", "users/s", "memory"), rows)


def _prepare() -> None:
    from burnish_server.profiles.models import CustomAttribute

    CustomAttribute.objects.create(id="c1", pointer="/city", type="string")
    CustomAttribute.objects.create(id="c2", pointer="/company_size", type="integer")


def _records(first: int, count: int) -> list[bytes]:
    return [
        json.dumps(
            {
                "email": f"person{number}@people.example",
                "email_verified": True,
                "given_name": "Ada",
                "family_name": f"Lovelace {number}",
                "locale": "sv-SE",
                "zoneinfo": "Europe/Stockholm",
                "address": {"locality": "Stockholm", "country": "SE"},
                "custom_attributes": {"city": "Stockholm", "company_size": number % 1000},
            }
        ).encode()
        + b"\n"
        for number in range(first, first + count)
    ]


def _updates(count: int) -> list[bytes]:
    return [
        json.dumps(
            {
                "email": f"person{number}@people.example",
                "nickname": f"A{number}",
                "custom_attributes": {"city": "Lyon"},
            }
        ).encode()
        + b"\n"
        for number in range(count)
    ]


def _run(lines: list[bytes], **wish: bool) -> None:
    from burnish_server.audit.log import Actor
    from burnish_server.imports import store, work
    from burnish_server.imports.store import Wish

    chunks: Iterator[bytes] = (b"".join(lines[at : at + 500]) for at in range(0, len(lines), 500))
    run = store.take("ndjson", chunks, Wish(**wish), Actor.at_command_line(), work=False)
    while work.go_on(run.pk, uuid4(), seconds=60):
        pass
    run.refresh_from_db()
    assert (run.done, run.failed) == (len(lines), 0)


def _import(name: str, lines: list[bytes], **wish: bool) -> tuple[str, ...]:
    started = time.perf_counter()
    _run(lines, **wish)
    seconds = time.perf_counter() - started
    more = _records(10 * USERS, 10_000)
    tracemalloc.start()
    _run(more, dry_run=True)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return name, f"{len(lines) / seconds:,.0f}", f"{most / 1024**2:.0f} MiB"


def _export(format: str) -> tuple[str, ...]:
    from burnish_server.audit.log import Actor
    from burnish_server.exports import store, work

    started = time.perf_counter()
    run = store.create(format, None, Actor.at_command_line(), work=False)
    while work.go_on(run.pk, seconds=60):
        pass
    run.refresh_from_db()
    size = sum(map(len, store.content(run)))
    seconds = time.perf_counter() - started
    assert run.users == USERS
    return f"export, {format}", f"{USERS / seconds:,.0f}", f"{size / 1024**2:.0f} MiB of file"
