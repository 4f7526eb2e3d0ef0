"""The audit log is only added to: the database sees to it, whoever asks."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from burnish_server.audit import forget, tasks
from burnish_server.audit.log import Actor, record
from burnish_server.audit.models import Entry

pytestmark = pytest.mark.django_db

ACTOR = Actor(Entry.Door.PORTAL, "root@staff.example")


def _written(subject: object = "geo", kind: str = "hook", **detail: str) -> Entry:
    return record(ACTOR, "changed", kind, subject, "ada@nordlake.example", detail)


def _truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER stays_whole")
        cursor.execute("TRUNCATE audit_entry")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(actor="somebody else"),
        lambda: Entry.objects.all().delete(),
        _truncate,
    ],
)
def test_nobody_changes_removes_or_empties_it(change: Callable[[], object]) -> None:
    entry = _written()

    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        change()

    assert Entry.objects.get().actor == entry.actor


def test_what_is_old_enough_goes_at_night_and_the_log_says_so() -> None:
    old = timezone.now() - timedelta(days=401)
    Entry.objects.create(door="cli", actor="command line", action="added", at=old)
    kept = _written()

    tasks.forget_old(0)

    note = Entry.objects.exclude(pk=kept.pk).get()
    assert (note.door, note.actor, note.action) == ("service", "retention", "removed")
    assert note.detail["entries"] == 1


def test_only_the_id_of_a_person_who_is_forgotten_stays() -> None:
    who, other = uuid4(), uuid4()
    _written(who, "user", reason="she asked for it")
    _written(other, "user", reason="spam")

    assert forget.user(who) == 1

    mine, theirs = Entry.objects.get(subject_id=who), Entry.objects.get(subject_id=other)
    assert (mine.subject, mine.detail, mine.actor) == (str(who), {}, "root@staff.example")
    assert theirs.subject == "ada@nordlake.example"


def test_why_somebody_was_deleted_stays_where_it_is_a_code() -> None:
    who = uuid4()
    _written(who, "user", reason="fraud", ip_address="198.51.100.4")

    forget.user(who)

    assert Entry.objects.get().detail == {"reason": "fraud"}


def test_forgetting_opens_the_log_for_nobody_else() -> None:
    _written()
    forget.user(uuid4())

    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        Entry.objects.all().delete()
