"""What do reading and writing profiles cost, beside the bare database?"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bench.database import database
from bench.measure import show, timing

READ = (
    "One profile of 30 attributes and 60 facts by id, 2,000 times in one thread: the store beside "
    "a psycopg cursor\non the same connection that selects the same columns by the same key. "
    "Owed: at most 2 times."
)
WRITE = (
    "5 new facts for each of 5,000 profiles of 10 facts, in batches of 1,000, with history and "
    "validation; beside it a bare\nUPDATE ... FROM unnest of the same documents in the same "
    "batches. Median of 5 rounds. Owed: 5,000 a second, and 0.4."
)
PROFILES = 5000
BATCH = 1000
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def bench() -> None:
    """Print both tables."""
    with database():
        _read()
        _write()


def _attributes(count: int) -> list[str]:
    from burnish_server.profiles.models import CustomAttribute

    CustomAttribute.objects.all().delete()
    CustomAttribute.objects.bulk_create(
        CustomAttribute(id=f"{number:04}", pointer=f"/a{number}", type="string", position=number)
        for number in range(count)
    )
    return [f"{number:04}" for number in range(count)]


def _users(count: int) -> list[UUID]:
    from burnish_server.identity.models import User
    from burnish_server.profiles.models import Profile

    users = [User(id=uuid4(), email=f"u{uuid4()}@people.example") for _ in range(count)]
    User.objects.bulk_create(users, batch_size=1000)
    Profile.objects.bulk_create((Profile(user_id=user.pk) for user in users), batch_size=1000)
    return [user.pk for user in users]


def _facts(keys: list[str], source: str, round: int) -> list[Any]:
    from burnish.profiles.fact import Fact

    at = NOW + timedelta(minutes=round)
    return [Fact("custom", key, f"value {key} {round}", source, at, 0.9) for key in keys]


def _read() -> None:
    from django.db import connection

    from burnish_server.profiles import store

    keys, schema = _attributes(30), store.schema()
    [user] = _users(1)
    said = [*_facts(keys, "user", 1), *_facts(keys, "provider:acme", 2)]
    store.write_many({user: said}, NOW, schema)
    connection.ensure_connection()
    raw = connection.connection.cursor()
    query = (
        "SELECT user_id, standard, custom, facts, version, updated_at, due_at "
        "FROM profiles_profile WHERE user_id = %s"
    )

    def bare() -> None:
        columns = raw.execute(query, [user]).fetchone()
        # Django has psycopg hand JSON over as text, which both sides then read.
        documents = [json.loads(text) if isinstance(text, str) else text for text in columns[1:4]]
        assert len(documents[1]) == 30

    def ours() -> None:
        assert len(store.of(user).custom) == 30

    for warm in (bare, ours):
        timing(warm, 200)
    theirs, mine = timing(bare, 2000), timing(ours, 2000)
    rows = [
        ("psycopg", f"{theirs.p50:.3f}", f"{theirs.p95:.3f}", "1"),
        ("store.of", f"{mine.p50:.3f}", f"{mine.p95:.3f}", f"{mine.p50 / theirs.p50:.2f}"),
    ]
    show("read a profile", READ, ("", "p50 ms", "p95 ms", "times"), rows)


def _write() -> None:
    from burnish_server.profiles import store

    keys, users = _attributes(10), _users(PROFILES)
    schema = store.schema()
    batches = [users[start : start + BATCH] for start in range(0, PROFILES, BATCH)]
    for batch in batches:
        store.write_many({user: _facts(keys, "user", 0) for user in batch}, NOW, schema)
    ours, bare = [], []
    for round in range(1, 6):
        at = NOW + timedelta(minutes=round)
        said = _facts(keys[:5], f"provider:p{round % 2}", round)
        ours.append(
            _seconds(
                lambda said=said, at=at: [
                    store.write_many(dict.fromkeys(batch, said), at, schema) for batch in batches
                ]
            )
        )
        bare.append(_seconds(_bare(batches)))
    mine, theirs = (PROFILES / sorted(seconds)[2] for seconds in (ours, bare))
    rows = [
        ("bare UPDATE", f"{theirs:,.0f}", "1"),
        ("store.write_many", f"{mine:,.0f}", f"{mine / theirs:.2f}"),
    ]
    show("write profiles in bulk", WRITE, ("", "profiles/s", "of the bare rate"), rows)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bare(batches: list[list[UUID]]) -> Callable[[], None]:
    """Return the same documents written back by one statement a batch, and nothing else."""
    from django.db import connection

    from burnish_server.profiles.models import Profile

    documents = []
    for batch in batches:
        rows = Profile.objects.filter(pk__in=batch).values_list("pk", "standard", "custom", "facts")
        columns = list(zip(*rows, strict=True))
        texts = [[json.dumps(value) for value in column] for column in columns[1:]]
        documents.append([list(columns[0]), *texts])

    def write() -> None:
        for columns in documents:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE profiles_profile AS p SET standard = n.standard, custom = n.custom, "
                    "facts = n.facts FROM unnest(%s::uuid[], %s::jsonb[], %s::jsonb[], %s::jsonb[])"
                    " AS n(id, standard, custom, facts) WHERE p.user_id = n.id",
                    columns,
                )

    return write
