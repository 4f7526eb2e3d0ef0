"""Enrichers whose vendors are the stand-ins, over real HTTP; and a PostgreSQL to ask."""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from tests.library.enrichment.databases import CUSTOMERS

from burnish import sandbox
from burnish.enrichment import fragment
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.lookup import Lookups
from burnish.file import write
from burnish.outbound import Outbound

NAME = "burnish_sql_provider"

Make = Callable[..., Awaitable[Enricher]]


@pytest_asyncio.fixture
async def vendors() -> AsyncIterator[Outbound]:
    """The policy by which vendors' calls go to the stand-ins."""
    async with sandbox.serve() as rewrites:
        yield Outbound(rewrites=rewrites)


@pytest_asyncio.fixture
async def enricher(vendors: Outbound, tmp_path: Path) -> AsyncIterator[Make]:
    """Make enrichers from the text of `enrichment:`, closed at the end."""
    async with AsyncExitStack() as stack:

        async def make(enrichment: dict[str, Any], more: Any = None, **how: Any) -> Enricher:
            path = tmp_path / "burnish.yaml"
            path.write_text(write({"enrichment": enrichment, **(more or {})}), "utf-8")
            lookups = Lookups(how.pop("outbound", vendors), **how)
            setup = fragment.load(path, {"VENDOR_KEY": "k"}.get)
            return await stack.enter_async_context(Enricher(setup, lookups))

        yield make


@pytest.fixture(scope="session")
def postgres_url(django_db_modify_db_settings: None) -> Iterator[str]:
    """Make a database in the tests' PostgreSQL, and drop it afterwards."""
    there = urlsplit(os.environ["DATABASE_URL"])
    ours = there._replace(path=f"/{NAME}").geturl()
    name = sql.Identifier(NAME)
    with connected(there._replace(path="/postgres").geturl()) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(name))
        connection.execute(sql.SQL("create database {}").format(name))
        with psycopg.connect(ours) as inside:
            inside.execute(CUSTOMERS)
        yield ours
        connection.execute(sql.SQL("drop database {} with (force)").format(name))


def connected(url: str) -> psycopg.Connection:
    """Connect to a PostgreSQL that may still be starting."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
