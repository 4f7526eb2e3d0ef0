"""What do reading and writing profiles cost, beside the bare database?"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
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
    "5 new facts for each of 5,000 profiles that have 2, as after a sign-up, in batches of 1,000, "
    "with history and validation;\nbeside it a bare UPDATE ... FROM unnest of the same documents "
    "in the same batches, through Django's cursor and with\nbinary parameters. Median of 5 "
    "rounds, each on new profiles. Owed: 5,000 a second, and 0.4 of the bare rate."
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

    keys, schema = _attributes(10), store.schema()
    taken: dict[str, list[float]] = {"text": [], "binary": [], "ours": []}
    for round in range(1, 6):
        users = _users(PROFILES)
        batches = [users[start : start + BATCH] for start in range(0, PROFILES, BATCH)]
        for batch in batches:
            store.write_many(dict.fromkeys(batch, _facts(keys[5:7], "user", 0)), NOW, schema)
        said, at = _facts(keys[:5], "provider:acme", round), NOW + timedelta(minutes=round)
        works = [partial(store.write_many, dict.fromkeys(b, said), at, schema) for b in batches]
        taken["ours"].append(_seconds(works))
        documents = [_documents(batch) for batch in batches]
        taken["text"].append(_seconds([partial(_bare, batch) for batch in documents]))
        taken["binary"].append(_seconds([partial(_binary, batch) for batch in documents]))
    rate = {name: PROFILES / sorted(seconds)[2] for name, seconds in taken.items()}
    rows = [
        ("bare UPDATE, binary", f"{rate['binary']:,.0f}", f"{rate['ours'] / rate['binary']:.2f}"),
        ("bare UPDATE", f"{rate['text']:,.0f}", f"{rate['ours'] / rate['text']:.2f}"),
        ("store.write_many", f"{rate['ours']:,.0f}", "1"),
    ]
    show("write profiles in bulk", WRITE, ("", "profiles/s", "write_many is ... of it"), rows)


def _seconds(works: list[Callable[[], object]]) -> float:
    started = time.perf_counter()
    for work in works:
        work()
    return time.perf_counter() - started


def _documents(batch: list[UUID]) -> list[list[Any]]:
    """Return the columns of these profiles: ids, then three lists of JSON texts."""
    from burnish_server.profiles.models import Profile

    rows = Profile.objects.filter(pk__in=batch).values_list("pk", "standard", "custom", "facts")
    ids, *documents = zip(*rows, strict=True)
    return [list(ids), *([json.dumps(value) for value in column] for column in documents)]


UPDATE = """
UPDATE profiles_profile AS p SET standard = n.standard, custom = n.custom, facts = n.facts
FROM unnest(%s::uuid[], %s::jsonb[], %s::jsonb[], %s::jsonb[]) AS n(id, standard, custom, facts)
WHERE p.user_id = n.id
"""


def _bare(columns: list[list[Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(UPDATE, columns)


def _binary(columns: list[list[Any]]) -> None:
    from django.db import connection
    from psycopg import Cursor
    from psycopg.types.json import Jsonb

    ids, *texts = columns
    documents = [[Jsonb(text, dumps=str) for text in column] for column in texts]
    with Cursor(connection.connection) as cursor:
        cursor.execute(UPDATE.replace("%s", "%b"), [ids, *documents])
