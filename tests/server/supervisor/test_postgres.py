"""The embedded PostgreSQL: the service is a plain role in it, and the superuser cannot sign in."""

import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from burnish_server.supervisor import postgres
from burnish_server.supervisor.postgres import Cluster

OLD = """
create type public.mood as enum ('good', 'bad')
create domain public.short as text
create table public.people (id serial primary key, mood public.mood) partition by range (id)
create table public.first_people partition of public.people for values from (1) to (9)
create view public.everybody as select * from public.people
create sequence public.loose
create function public.two() returns int language sql as 'select 2'
create procedure public.nothing() language sql as 'select 2'
"""
NOT_OURS = """
select relname from pg_class where relnamespace = 'public'::regnamespace
    and pg_get_userbyid(relowner) <> 'burnish'
union all select proname from pg_proc where pronamespace = 'public'::regnamespace
    and pg_get_userbyid(proowner) <> 'burnish'
union all select typname from pg_type where typnamespace = 'public'::regnamespace
    and pg_get_userbyid(typowner) <> 'burnish'
union all select datname from pg_database where datname = current_database()
    and pg_get_userbyid(datdba) <> 'burnish'
"""


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """Run the cluster's server until the block ends, its log where the service has it."""
    with cluster.log.open("ab") as log:
        process = subprocess.Popen(
            cluster.command,
            stdin=subprocess.PIPE,
            stderr=log,
            cwd="/",
            **cluster.account.start_options(),
        )
    deadline = time.monotonic() + 20
    while not cluster.takes_connections() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield
    finally:
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A cluster as one was made before the service had a role of its own, made ready since."""
    cluster = Cluster(tmp_path_factory.mktemp("data"))
    cluster.prepare()
    cluster.alone("drop database burnish with (force)", "template1")
    cluster.alone("create database burnish owner postgres", "template1")
    cluster.alone("drop role burnish", "template1")
    cluster.alone(OLD.strip())
    (cluster.folder / "burnish-role").unlink()
    (cluster.folder / "pg_hba.conf").write_text("local all all trust\n", encoding="ascii")
    cluster.prepare()
    return cluster


def test_all_that_an_old_folder_has_belongs_to_the_plain_role(cluster: Cluster) -> None:
    with running(cluster), psycopg.connect(cluster.url) as connection:
        assert connection.execute(NOT_OURS).fetchall() == []
        powers = connection.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
            "from pg_roles where rolname = current_user"
        )
        assert powers.fetchone() == (False,) * 5
        connection.execute("create table later (id int); drop table people cascade")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select pg_read_file('/etc/hostname')")


def test_nobody_signs_in_without_the_password_and_the_superuser_never(cluster: Cluster) -> None:
    user, password = cluster.url.split("//")[1].split("@")[0].split(":")
    with running(cluster):
        for wrong in (
            cluster.url.replace(f"{user}:{password}@", "postgres@"),
            cluster.url.replace(f"{user}:{password}@", f"postgres:{password}@"),
            cluster.url.replace(f"{user}:{password}@", f"{user}:wrong@"),
            cluster.url.replace(f"{user}:{password}@", f"{user}@"),
        ):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(wrong)


def test_a_lost_password_is_made_anew(cluster: Cluster) -> None:
    before = cluster.url
    cluster.password_file.unlink()
    cluster.prepare()

    assert cluster.url != before
    with running(cluster):
        psycopg.connect(cluster.url).close()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(before)


def test_no_value_stands_in_the_log_which_nobody_else_reads(cluster: Cluster) -> None:
    with running(cluster), psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("create table told (phone text primary key)")
        for statement in (
            "insert into told values (%s), (%s)",
            "select (%s || %s)::int",
            "select (%s || %s)::jsonb",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, ["+46701740605", "+46701740605"])
        with pytest.raises(psycopg.Error):
            connection.execute("insert into told select '+46701740605' from generate_series(1, 2)")

    assert "46701740605" not in cluster.log.read_text(encoding="utf-8")
    assert stat.S_IMODE(cluster.log.stat().st_mode) == 0o600
    assert stat.S_IMODE(cluster.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(("more", "is_put_aside"), [(0, False), (1, True)])
def test_a_log_that_grew_long_is_put_aside(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, more: int, is_put_aside: bool
) -> None:
    monkeypatch.setattr(postgres, "LONGEST_LOG", 1000)
    aside = Path(f"{cluster.log}.1")
    aside.unlink(missing_ok=True)
    cluster.log.write_text("x" * (1000 + more), encoding="ascii")

    cluster.prepare()

    assert aside.exists() is is_put_aside
