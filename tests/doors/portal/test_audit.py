"""Advanced > Audit log."""

import json

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import TimeLimits

LIST = "/portal/audit/entry/"


def test_what_an_administrator_saves_is_in_the_log(portal: Client) -> None:
    limits = {"hook_seconds": "3", "event_seconds": "9", "deferred_seconds": "1"}
    portal.post("/portal/hooks/timelimits/1/change/", limits)

    assert TimeLimits.current().hook_seconds == 3
    entry = Entry.objects.get()
    assert (entry.door, entry.action, entry.subject_kind) == ("portal", "changed", "time limits")
    page = text(portal.get(LIST))
    assert "Portal changed time limits" in page


def test_nobody_changes_or_removes_an_entry(portal: Client) -> None:
    entry = Entry.objects.create(door="cli", actor="x", action="added", subject_kind="hook")

    for change in (
        lambda: Entry.objects.filter(pk=entry.pk).update(actor="y"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            change()
    assert portal.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_export_holds_what_the_filters_leave(portal: Client) -> None:
    for actor, door in (("crm-sync", "api"), ("=cmd()", "cli")):
        Entry.objects.create(door=door, actor=actor, action="added", subject_kind="hook")

    page = portal.get(f"{LIST}?door__exact=api").content.decode()
    lines = portal.get(f"{LIST}export/ndjson/?door__exact=api").getvalue().decode().splitlines()
    table = portal.get(f"{LIST}export/csv/").getvalue().decode().splitlines()

    assert "export/csv/?door__exact=api" in page
    assert [json.loads(line)["actor"] for line in lines] == ["crm-sync"]
    assert table[0].startswith("id,at,door,actor,")
    assert ["'=cmd()" in line for line in table[1:]] == [True, False]
    assert portal.get(f"{LIST}export/pdf/").status_code == 404
