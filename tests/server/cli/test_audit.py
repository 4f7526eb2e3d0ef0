"""`burnish audit export`."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.server.cli.conftest import Ended

from burnish_server.audit.log import Actor, record
from burnish_server.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_it_prints_what_was_asked_for_the_latest_first(burnish: Callable[..., Ended]) -> None:
    for name in ("geo", "crm"):
        record(Actor.at_command_line(), "added", "hook", name, name)
    record(Actor(Entry.Door.API, "crm-sync"), "changed", "hook", "geo", "geo")

    ended = burnish("audit", "export", "--door", "cli", "--kind", "hook", "--since", "2026-01-01")

    assert ended.status == 0
    assert [json.loads(line)["subject"] for line in ended.out.splitlines()] == ["crm", "geo"]


def test_it_writes_a_table(burnish: Callable[..., Ended], tmp_path: Path) -> None:
    record(Actor.at_command_line(), "added", "hook", 1, "geo", {"after": {"events": "none"}})

    ended = burnish("audit", "export", "--format", "csv", "--output", tmp_path / "audit.csv")

    assert ended.status == 0
    (row,) = csv.DictReader((tmp_path / "audit.csv").read_text().splitlines())
    assert (row["actor"], row["subject"]) == ("command line", "geo")
    assert json.loads(row["detail"]) == {"after": {"events": "none"}}


def test_a_file_that_cannot_be_written_is_named(
    burnish: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = burnish("audit", "export", "--output", tmp_path / "nowhere" / "audit.csv")

    assert ended.status == 1
    assert "cannot be written: No such file" in ended.err
