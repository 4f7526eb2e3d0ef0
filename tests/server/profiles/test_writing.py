"""Writing profiles: one by one, in bulk, and as time goes by; and the history of it all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store, tasks
from burnish_server.profiles.models import CustomAttribute, History, Profile

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]


def people(count: int) -> list[UUID]:
    return [User.objects.create(email=f"u{place}@people.example").pk for place in range(count)]


def facts(attributes: list[CustomAttribute], source: str, days_ago: int = 0) -> list[Fact]:
    at = timezone.now() - timedelta(days=days_ago)
    return [Fact("custom", a.id, f"{a.name} by {source}", source, at, 0.9) for a in attributes]


def line(entry: History) -> tuple[str, str, str, str, int]:
    return entry.act, entry.key, entry.source, str(entry.fact.get("value")), entry.version


def test_a_batch_writes_what_one_by_one_would_have(attribute: Define) -> None:
    attributes = [attribute(name) for name in ("city", "country", "seats")]
    alone, *together = people(4)
    at, schema = timezone.now(), store.schema()
    rounds = [facts(attributes, "user", 2), facts(attributes[:2], "provider:acme", 1)]
    for user in together:
        Profile.objects.create(user_id=user)

    for said in rounds:
        one = store.say(alone, said, at, schema)
        many = store.write_many(dict.fromkeys(together, said), at, schema)
        assert all(changes == one.changes for changes in many.values())

    expected = Profile.objects.get(pk=alone)
    history = sorted(map(line, store.history(alone)))
    for user in together:
        profile = Profile.objects.get(pk=user)
        assert (profile.custom, profile.facts) == (expected.custom, expected.facts)
        assert profile.version == expected.version
        assert sorted(map(line, store.history(user))) == history


def test_an_expired_fact_gives_way_when_its_time_has_come(attribute: Define) -> None:
    city = attribute("city")
    [user] = people(1)
    now, schema = timezone.now(), store.schema()
    soon = now + timedelta(hours=1)
    said = [
        Fact("custom", city.id, "Lyon", "provider:acme", now, 0.9, soon),
        Fact("custom", city.id, "Paris", "provider:globex", now, 0.5),
    ]
    store.say(user, said, now, schema)
    assert store.refresh([user], now, schema) == {user: ()}

    [changes] = store.refresh([user], soon, schema).values()

    assert [(change.old, change.new) for change in changes] == [("Lyon", "Paris")]
    profile = Profile.objects.get(pk=user)
    assert (profile.custom, profile.due_at) == ({city.id: "Paris"}, None)


def test_the_history_is_only_added_to_and_goes_with_its_user(attribute: Define) -> None:
    city = attribute("city")
    ada, bo = people(2)
    for user in (ada, bo):
        store.say(user, facts([city], "user"), timezone.now(), store.schema())

    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        History.objects.filter(user_id=ada).update(source="admin")
    User.objects.get(pk=ada).delete()

    assert set(History.objects.values_list("user_id", flat=True)) == {bo}


def partition_of(user: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM profiles_history WHERE user_id = %s", [user]
        )
        (name,) = cursor.fetchone()
    return str(name)


def test_each_month_s_history_is_a_table_of_its_own(attribute: Define) -> None:
    city = attribute("city")
    [user] = people(1)

    store.say(user, facts([city], "user"), timezone.now(), store.schema())

    assert partition_of(user) == f"profiles_history_{timezone.now():%Y%m}"


def test_nothing_is_lost_where_a_month_has_no_table_yet(attribute: Define) -> None:
    city = attribute("city")
    [user] = people(1)
    store.say(user, facts([city], "user"), datetime(2031, 5, 6, tzinfo=UTC), store.schema())
    assert partition_of(user) == "profiles_history_default"

    with connection.cursor() as cursor:
        cursor.execute("SELECT profiles_history_month(%s)", [date(2031, 5, 1)])

    assert partition_of(user) == "profiles_history_203105"


def test_the_worker_makes_the_months_to_come() -> None:
    tasks.make_months(0)
    tasks.make_months(0)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'profiles_history'::regclass"
        )
        (tables,) = cursor.fetchone()
    assert tables >= tasks.AHEAD + 2
