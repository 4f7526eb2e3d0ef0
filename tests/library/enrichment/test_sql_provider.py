"""A database in the house is asked with one query that can read and nothing else."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
from pydantic import ValidationError
from tests.library.enrichment.databases import CUSTOMERS

from burnish.enrichment.client import Unreachable
from burnish.enrichment.databases import CONNECTIONS
from burnish.enrichment.outcome import Failed, Found, Miss
from burnish.enrichment.providers.sql import Sql, SqlSettings
from burnish.enrichment.query import Query
from burnish.enrichment.reading import BadAnswer
from burnish.errors import InvalidSettings

QUERY = """
select company as company_name, seats as Company_Employees, tier, since as customer_since
from customers where email = :email -- and not :this
"""
ADA = {"email": "ada@nordlake.example"}


async def send(request: httpx.Request) -> httpx.Response:
    raise AssertionError("a database is asked without HTTP")


def made(url: str, query: str = QUERY, **settings: Any) -> Sql:
    return Sql(SqlSettings.model_validate({"database_url": url, "query": query, **settings}))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    path = tmp_path / "crm ä?.db"
    connection = sqlite3.connect(path)
    connection.executescript(CUSTOMERS)
    connection.close()
    return f"sqlite://{path}".replace("?", "%3F")


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest_asyncio.fixture
async def provider(url: str) -> AsyncIterator[Sql]:
    provider = made(url)
    yield provider
    await provider.close()


async def ask(url: str, query: str, known: dict[str, Any] = ADA, **settings: Any) -> Any:
    provider = made(url, query, **settings)
    try:
        return await provider.answer(known, send)
    finally:
        await provider.close()


async def test_a_row_is_found_by_its_column_names(provider: Sql) -> None:
    expected = {"company_name": "Nordlake", "company_employees": 48, "tier": "gold"}
    lower = {"company_name", "company_employees", "tier", "customer_since"}

    assert await provider.answer(ADA, send) == Found({**expected, "customer_since": "2024-05-06"})
    assert provider.needs == {"email"}
    assert provider.gives == lower


@pytest.mark.parametrize("local", ["nobody", "bo"], ids=["no row", "a row of nothing"])
async def test_nothing_is_a_miss(provider: Sql, local: str) -> None:
    assert await provider.answer({"email": f"{local}@nordlake.example"}, send) == Miss()


async def test_two_rows_are_no_answer(provider: Sql) -> None:
    with pytest.raises(BadAnswer, match="more than one row"):
        await provider.answer({"email": "two@nordlake.example"}, send)


@pytest.mark.parametrize(
    "email", ["' or 1=1 --", "x'; drop table customers; --", "%s", ":email", "%(email)s", "\\'"]
)
async def test_an_input_is_a_value_and_no_part_of_the_query(provider: Sql, email: str) -> None:
    assert await provider.answer({"email": email}, send) == Miss()
    assert isinstance(await provider.answer(ADA, send), Found)


async def test_columns_can_fill_other_outputs(url: str) -> None:
    query = "select * from customers where email = :email and tier like 'g%'"

    answer = await ask(url, query, outputs={"TIER": "segment", "company": "company_name"})

    assert answer == Found({"segment": "gold", "company_name": "Nordlake"})


async def test_a_column_that_is_not_there_is_told(url: str) -> None:
    with pytest.raises(BadAnswer, match="no column plan"):
        await ask(url, "select * from customers where email = :email", outputs={"plan": "plan"})


async def test_a_query_that_the_database_refuses_is_a_failure(url: str) -> None:
    answer = await ask(url, "select tier from nowhere where email = :email")

    assert isinstance(answer, Failed)
    assert answer.reason == "rejected"
    assert "nowhere" not in answer.detail


async def test_a_query_cannot_write(url: str) -> None:
    writing = "with gone as (delete from customers where email = :email returning tier) "

    answer = await ask(url, writing + "select tier from gone")

    assert isinstance(answer, Failed)
    assert isinstance(await ask(url, QUERY), Found)


async def test_a_function_of_postgresql_cannot_write_either(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "create or replace function wipe(text) returns text language plpgsql as "
            "$$ begin set transaction read write; delete from customers; return 'x'; end $$"
        )

    answer = await ask(postgres_url, "select wipe(:email) as tier")

    assert answer == Failed("rejected", "the database refuses the query (25001)")
    assert isinstance(await ask(postgres_url, QUERY), Found)


@pytest.mark.parametrize(
    ("kind", "slow"),
    [
        ("postgres", "select pg_sleep(20)::text as tier, :email as language"),
        (
            "sqlite",
            "with recursive n(i) as (select 1 union all select i + 1 from n) "
            "select count(*) as tier from n where i <> :email",
        ),
    ],
)
async def test_a_slow_query_is_ended(kind: str, slow: str, request: pytest.FixtureRequest) -> None:
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        await ask(request.getfixturevalue(f"{kind}_url"), slow, timeout="200 ms")

    assert time.monotonic() - began < 5


async def test_a_lookup_that_is_given_up_ends_its_query(postgres_url: str) -> None:
    provider = made(postgres_url, "select pg_sleep(9)::text as tier, :email as language")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await provider.answer(ADA, send)

    with psycopg.connect(postgres_url) as connection:
        running = "select count(*) from pg_stat_activity where query like '%pg_sleep(9)%'"
        assert connection.execute(running + " and pid <> pg_backend_pid()").fetchone() == (0,)


async def test_connections_are_used_again_and_made_anew_when_they_ended(postgres_url: str) -> None:
    provider = made(postgres_url, "select pg_backend_pid() as pid, :email as language")

    first, second = await provider.answer(ADA, send), await provider.answer(ADA, send)
    assert isinstance(first, Found)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("select pg_terminate_backend(%s)", [first.values["pid"]])
    third = await provider.answer(ADA, send)
    await provider.close()

    assert first == second
    assert isinstance(third, Found)
    assert third != first


async def test_many_questions_share_a_few_connections(postgres_url: str) -> None:
    provider = made(postgres_url, "select pg_backend_pid() as pid, :email as language")

    answers = await asyncio.gather(*(provider.answer(ADA, send) for _ in range(100)))
    await provider.close()

    used = {answer.values["pid"] for answer in answers if isinstance(answer, Found)}
    assert 1 <= len(used) <= CONNECTIONS


@pytest.mark.parametrize(
    "url", ["sqlite:///nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none"]
)
async def test_a_database_that_is_not_there_is_unreachable(url: str) -> None:
    with pytest.raises(Unreachable):
        await ask(url, QUERY)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"

    with pytest.raises(Unreachable):
        asyncio.run(ask(f"sqlite://{path}", QUERY))
    assert not path.exists()


def test_a_secret_that_is_not_there_yet_is_no_fault() -> None:
    assert made("${CRM_DATABASE}").gives >= {"tier"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"database_url": "mysql://a@b.example/c"}, "must begin with postgresql:// or sqlite:///"),
        ({"database_url": "crm.db"}, "must begin with postgresql:// or sqlite:///"),
        ({"query": "delete from customers where email = :email"}, "one query that reads"),
        ({"query": "select 1 as a where :email = 'x'; drop table b"}, "without a semicolon"),
        ({"query": "select tier from customers"}, "asks about nobody"),
        ({"query": "select tier from c where a = ':email' -- :email"}, "asks about nobody"),
        ({"query": "select * from customers where email = :email"}, "name all its columns"),
        ({"query": "select max(seats) from customers where a = :a"}, "name all its columns"),
        ({"query": 'select a as "No Name" from b where a = :a'}, "name all its columns"),
        ({"outputs": {"tier": "Customer Tier"}}, "is no name for an output"),
    ],
)
def test_a_fault_in_the_settings_is_refused(change: dict[str, Any], says: str) -> None:
    good = {"database_url": "postgresql://crm.example/crm", "query": QUERY}

    with pytest.raises(ValidationError, match=says):
        SqlSettings.model_validate(good | change)


def test_an_address_that_cannot_be_read_is_refused_without_its_password() -> None:
    with pytest.raises(InvalidSettings, match="cannot be read") as refusal:
        made("postgresql://crm:geheim@crm.example/crm?nonsense=1")
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("select ':a', :b", {"b"}),
        ("select E'it\\':a', \":c\", $$:d$$, $x$ $$:e $x$, now()::date, :b", {"b"}),
        ("select 1 /* :a\n */ where x = :b -- :c", {"b"}),
        ("with x as (select :a) select y from x where z = :b", {"a", "b"}),
    ],
)
def test_only_what_is_a_parameter_is_one(query: str, names: set[str]) -> None:
    assert Query.parse(query).names == names
