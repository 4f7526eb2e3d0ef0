"""A confined `sql` provider asks listed databases and folders, by whatever address it is told."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import psycopg
import pytest
from tests.library.enrichment.databases import CUSTOMERS
from tests.wire import Relay

from burnish.enrichment.client import Unreachable
from burnish.enrichment.database_access import OWN_TABLES, DatabaseAccess, NotAllowed
from burnish.enrichment.outcome import Failed, Found
from burnish.enrichment.providers.sql import Sql, SqlSettings
from burnish.errors import InvalidSettings
from burnish.outbound import Outbound

QUERY = "select tier from customers where email = :email"
ADA = {"email": "ada@nordlake.example"}
READER = "burnish_sql_reader"


async def send(request: httpx.Request) -> httpx.Response:
    raise AssertionError("a database is asked without HTTP")


def made(url: str, listed: str, query: str = QUERY, allow_private: str = "") -> Sql:
    provider = Sql(SqlSettings.model_validate({"database_url": url, "query": query}))
    provider.confine(DatabaseAccess.parse(listed, Outbound.parse(allow_private)))
    return provider


async def ask(url: str, listed: str, query: str = QUERY, allow_private: str = "") -> Any:
    provider = made(url, listed, query, allow_private)
    try:
        return await provider.answer(ADA, send)
    finally:
        await provider.close()


@pytest.fixture
def reader(postgres_url: str) -> str:
    """Make a role that may select from the customers; return the database's URL for a socket."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            f"do $$ begin create role {READER} login password 'reads'; "
            "exception when duplicate_object then null; end $$"
        )
        connection.execute(f"grant select on customers to {READER}")
    return postgres_url


@pytest.fixture
def port(reader: str) -> Iterator[int]:
    """A port of 127.0.0.1 that leads to the tests' PostgreSQL."""
    info = psycopg.conninfo.conninfo_to_dict(reader)
    with Relay(f"{info['host']}/.s.PGSQL.{info.get('port', 5432)}").running() as relay:
        yield relay.port


def database_of(url: str) -> str:
    return urlsplit(url).path.strip("/")


async def test_a_listed_database_is_asked(reader: str, port: int) -> None:
    place = f"127.0.0.1:{port}/{database_of(reader)}"

    answer = await ask(f"postgresql://{READER}:reads@{place}", place)

    assert answer == Found({"tier": "gold"})


@pytest.mark.parametrize("host", ["localhost", "LocalHost"])
async def test_a_name_that_leads_to_a_private_address_needs_the_outbound_policy_too(
    reader: str, port: int, host: str
) -> None:
    url = f"postgresql://{READER}:reads@{host}:{port}/{database_of(reader)}"
    listed = f"localhost:{port}/{database_of(reader)}"

    refused = await ask(url, listed)
    allowed = await ask(url, listed, allow_private=f"{host.lower()}:{port}")

    assert isinstance(refused, Failed)
    assert "outbound.allow_private" in refused.detail
    assert allowed == Found({"tier": "gold"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://crm.example/crm",
        "postgresql://u:geheim@crm.example:5433/crm",
        "postgresql://u@db.example:5432/crm2",
        "postgresql://u@db2.example/crm",
        "postgresql://u@127.1/crm",
        "postgresql://u@2130706433/crm",
        "postgresql://u@0x7f000001/crm",
        "postgresql://u@[::ffff:127.0.0.1]/crm",
        "postgresql://u@[::1]/crm",
        "postgresql://u@db.example,127.0.0.1/crm",
        "postgresql://u@db.example:5432,db.example:5433/crm",
        "postgresql:///crm",
        "postgresql://u@/crm",
        "postgresql://u@/crm?host=/var/run/postgresql",
        "postgresql://u@/crm?host=%2Fvar%2Frun",
        "postgresql://u@%2Fvar%2Frun%2Fpostgresql/crm",
        "postgresql://u@/crm?host=@abstract",
        "postgresql://u@db.example/crm?host=127.0.0.1",
        "postgresql://u@db.example/crm?hostaddr=127.0.0.1",
        "postgresql://u@db.example/crm?dbname=burnish",
        "postgresql://u@db.example/crm?port=6432",
        "postgresql://u@db.example/crm?service=own",
        "postgresql://u@db.example/crm?passfile=/etc/passwd",
        "postgresql://u@db.example/crm?sslkey=/etc/ssl/own.key",
        "postgresql://u@db.example/crm?sslcert=/etc/ssl/own.crt",
        "postgresql://u@db.example/crm?sslrootcert=/etc/passwd",
        "postgresql://u@db.example/crm?options=-c%20default_transaction_read_only%3Doff",
        "postgresql://u@db.example/crm?options=-c%20session_authorization%3Dpostgres",
    ],
)
def test_another_address_is_refused_before_anything_is_connected(url: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        made(url, "db.example/crm,DB.example.:5432/crm")
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@db.example/crm",
        "postgres://u:p@DB.EXAMPLE:5432/crm?sslmode=require&connect_timeout=3",
        "postgresql://u:p@db%2Eexample./c%72m",
    ],
)
def test_a_listed_address_may_be_written_differently(url: str) -> None:
    assert made(url, "db.example:5432/crm").gives == {"tier"}


def test_none_is_listed_by_itself() -> None:
    with pytest.raises(NotAllowed, match="add it to BURNISH_LOOKUPS_SQL_DATABASES"):
        made("postgresql://u@db.example/crm", "")
    with pytest.raises(NotAllowed, match="add its folder to BURNISH_LOOKUPS_SQL_DATABASES"):
        made("sqlite:///srv/crm.db", "")


async def test_what_is_burnishs_own_is_known_by_what_is_in_it(reader: str, port: int) -> None:
    place = f"127.0.0.1:{port}/{database_of(reader)}"
    with psycopg.connect(reader, autocommit=True) as connection:
        for table in OWN_TABLES[:-1]:
            connection.execute(f"create schema if not exists own; create table own.{table} ()")
        almost = await ask(f"postgresql://{READER}:reads@{place}", place)
        connection.execute(f"create table own.{OWN_TABLES[-1]} ()")
        own = await ask(f"postgresql://{READER}:reads@{place}", place)
        connection.execute("drop schema own cascade")

    assert isinstance(almost, Found)
    assert isinstance(own, Failed)
    assert own.detail.startswith("This is a database of Burnish itself")


@pytest.mark.parametrize("role", ["tests_superuser", "tests_file_reader"])
async def test_a_role_that_can_read_files_is_refused(reader: str, port: int, role: str) -> None:
    place = f"127.0.0.1:{port}/{database_of(reader)}"
    with psycopg.connect(reader, autocommit=True) as connection:
        connection.execute("grant select on customers to public")

    answer = await ask(f"postgresql://{role}:x@{place}", place)

    assert isinstance(answer, Failed)
    assert "no superuser" in answer.detail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A listed folder beside one that is not; a link leads from the first to the second."""
    for name in ("listed", "other"):
        (tmp_path / name).mkdir()
        with sqlite3.connect(tmp_path / name / "crm.db") as connection:
            connection.executescript(CUSTOMERS)
        connection.close()
    (tmp_path / "listed/link.db").symlink_to(tmp_path / "other/crm.db")
    (tmp_path / "listed/within.db").symlink_to(tmp_path / "listed/crm.db")
    (tmp_path / "alias").symlink_to(tmp_path / "listed")
    return tmp_path


@pytest.mark.parametrize("path", ["listed/crm.db", "listed/within.db", "other/../listed/crm.db"])
async def test_files_of_a_listed_folder_are_asked(folder: Path, path: str) -> None:
    for listed in (f"{folder}/listed", f"{folder}/alias/", f"{folder}/listed/crm.db"):
        assert await ask(f"sqlite://{folder}/{path}", listed) == Found({"tier": "gold"})


@pytest.mark.parametrize(
    "path",
    [
        "other/crm.db",
        "listed/../other/crm.db",
        "listed/%2e%2e/other/crm.db",
        "listed/link.db",
        "listed/%00",
        "listedother.db",
    ],
)
def test_other_files_are_refused(folder: Path, path: str) -> None:
    with pytest.raises(NotAllowed):
        made(f"sqlite://{folder}/{path}", f"{folder}/listed")


async def test_a_path_has_no_parameters_and_no_host(folder: Path) -> None:
    """`file://localhost/x` would be the file x."""
    outside = quote(str(folder / "other/crm.db"))

    with pytest.raises(NotAllowed):
        made(f"sqlite:////localhost{outside}", f"/localhost{folder}/listed")
    with pytest.raises(Unreachable):
        await ask(f"sqlite:////localhost{outside}", "/localhost")
    with pytest.raises(Unreachable):
        await ask("sqlite:///:memory:", "/")
    assert isinstance(await ask(f"sqlite://{outside}?mode=rwc&vfs=x", f"{folder}/other"), Found)


async def test_a_link_that_leads_elsewhere_later_is_refused_then(folder: Path) -> None:
    provider = made(f"sqlite://{folder}/listed/within.db", f"{folder}/listed")
    (folder / "listed/within.db").unlink()
    (folder / "listed/within.db").symlink_to(folder / "other/crm.db")

    answer = await provider.answer(ADA, send)

    assert isinstance(answer, Failed)
    assert "no folder that providers may ask" in answer.detail


@pytest.mark.parametrize(
    "listed", ["crm.example", "crm.example:0/crm", "crm.example:x/crm", "u@crm.example/crm", "crm"]
)
def test_an_entry_that_cannot_be_read_is_refused(listed: str) -> None:
    with pytest.raises(InvalidSettings, match="write host:5432/name"):
        DatabaseAccess.parse(listed)


def test_another_query_or_database_has_other_kept_answers() -> None:
    """Nothing is asked here: `variant` is part of the key of a kept answer."""

    def variant(**change: Any) -> str:
        good = {"database_url": "postgresql://u:one@db.example/crm", "query": QUERY}
        return Sql(SqlSettings.model_validate(good | change)).variant

    others = {
        variant(),
        variant(query=QUERY + " limit 1"),
        variant(database_url="postgresql://u:one@db.example/crm2"),
        variant(database_url="postgresql://u:one@db.example:5433/crm"),
        variant(database_url="postgresql://v:one@db.example/crm"),
        variant(database_url="sqlite:///srv/crm.db"),
        variant(outputs={"tier": "segment"}),
    }
    assert len(others) == 7
    assert variant(database_url="postgresql://u:two@db.example/crm") == variant()
