"""A role that only owns the database can migrate, dump and restore it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from burnish_server.supervisor.postgres import Cluster

ROLE = "tests_plain"
ENTRY = """
insert into audit_entry (at, door, actor, action, subject_kind, subject_id, subject, detail)
values (%s, 'cli', 'tests', 'deleted', 'user', %s, 'ada@nordlake.example', '{"ip_address": "x"}')
"""


@pytest.fixture
def owned(django_db_modify_db_settings: None) -> Iterator[Callable[[str], str]]:
    """Make empty databases that belong to the role: `owned("first")` returns the URL."""
    there = urlsplit(os.environ["DATABASE_URL"])
    admin = there._replace(path="/postgres").geturl()
    made: list[sql.Identifier] = []

    def make(name: str) -> str:
        with psycopg.connect(admin, autocommit=True) as connection:
            database = sql.Identifier(f"{ROLE}_{name}")
            made.append(database)
            role = sql.Identifier(ROLE)
            connection.execute(sql.SQL("create database {} owner {}").format(database, role))
        host = there.netloc.rpartition("@")[2]
        return there._replace(netloc=f"{ROLE}:x@{host}", path=f"/{ROLE}_{name}").geturl()

    yield make
    with psycopg.connect(admin, autocommit=True) as connection:
        for database in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(database))


def burnish(url: str, data_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a database."""
    told = {"DATABASE_URL": url, "BURNISH_DATA_DIR": str(data_dir), "BURNISH_SECRET_KEY": "k"}
    environment = {**os.environ, **told}
    return subprocess.run(
        [sys.executable, "-m", "burnish", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_plain_role_migrates_dumps_restores_and_forgets(
    owned: Callable[[str], str], tmp_path: Path
) -> None:
    programs = Cluster(tmp_path).programs
    first, second, who = owned("first"), owned("second"), uuid4()

    migrated = burnish(first, tmp_path, "migrate")
    assert (migrated.returncode, migrated.stderr) == (0, "")
    with psycopg.connect(first) as connection:
        connection.execute(ENTRY, ["2020-01-01", uuid4()])
        connection.execute(ENTRY, ["2026-01-01", who])
    dump = [programs / "pg_dump", "-Fc", "-f", tmp_path / "dump", first]
    subprocess.run(dump, check=True)
    restore = [programs / "pg_restore", "--exit-on-error", "-d", second, tmp_path / "dump"]
    subprocess.run(restore, check=True)

    with psycopg.connect(second, autocommit=True) as connection:
        (powers,) = connection.execute("select rolsuper from pg_roles where rolname = current_user")
        assert powers == (False,)
        assert connection.execute("select audit_forget_before('2021-01-01')").fetchone() == (1,)
        assert connection.execute("select audit_forget_user(%s)", [who]).fetchone() == (1,)
        entry = "select subject, detail from audit_entry where subject_id = %s"
        left = connection.execute(entry, [str(who)])
        assert left.fetchall() == [(str(who), {})]
        for change in ("delete from audit_entry", "update audit_entry set actor = ''"):
            with pytest.raises(psycopg.errors.RaiseException, match="only added to"):
                connection.execute(change)
        with pytest.raises(psycopg.errors.RaiseException, match="only added to"):
            connection.execute("truncate audit_entry")
    assert burnish(second, tmp_path, "migrate", "--check").returncode == 0


def test_within_one_transaction_forgetting_opens_nothing_else(
    owned: Callable[[str], str], tmp_path: Path
) -> None:
    url = owned("third")
    assert burnish(url, tmp_path, "migrate").returncode == 0

    with psycopg.connect(url) as connection:
        connection.execute(ENTRY, ["2026-01-01", uuid4()])
        connection.execute("select audit_forget_before('2021-01-01')")
        with pytest.raises(psycopg.errors.RaiseException, match="only added to"):
            connection.execute("delete from audit_entry")


@pytest.mark.parametrize(
    "words",
    [
        ("users", "show", "a@b.example"),
        ("admin", "create", "--email", "a@staff.example"),
        ("keys", "list"),
        ("hooks", "list"),
        ("roles", "list"),
        ("clients", "list"),
        ("attributes", "list"),
        ("audit", "export"),
        ("config", "export"),
        ("api-keys", "list"),
        ("worker",),
        ("web", "--port", "1"),
    ],
    ids=" ".join,
)
def test_a_command_on_a_database_that_was_not_migrated_says_so(
    owned: Callable[[str], str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = burnish(owned("empty"), tmp_path, *words)

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "burnish: The database is not up to date; run `burnish migrate` first."
    )
