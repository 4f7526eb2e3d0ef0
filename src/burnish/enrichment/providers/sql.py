"""A database in the house: one query that reads, with inputs as its parameters."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, model_validator

from burnish.enrichment import databases, pointing
from burnish.enrichment.database_access import DatabaseAccess, NotAllowed
from burnish.enrichment.databases import Database, Refused, Row
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Failed, Found, Miss
from burnish.enrichment.provider import Provider, Send, Terms
from burnish.enrichment.query import Query
from burnish.enrichment.reading import BadAnswer
from burnish.enrichment.settings import Settings

OUTPUT = r"[a-z][a-z0-9_]{0,39}"
SCHEMES = ("sqlite:///", "postgresql://", "postgres://")


def _url(url: SecretStr) -> SecretStr:
    # A reference to a secret is still there when a file is checked without its secrets.
    if not url.get_secret_value().startswith((*SCHEMES, "${")):
        raise ValueError("must begin with postgresql:// or sqlite:///")
    return url


def _query(text: str) -> str:
    Query.parse(text)
    return text


class SqlSettings(Settings):
    """Which database is asked, and what."""

    database_url: Annotated[SecretStr, AfterValidator(_url)]
    """postgresql://user:password@host/name, or sqlite:///folder/file.db (the path is absolute)."""
    query: Annotated[str, AfterValidator(_query)]
    """One select with inputs as :name; it gives one row or none."""
    outputs: dict[str, str] = Field(default_factory=dict)
    """The output of each column; none means that columns are called like their outputs."""

    @model_validator(mode="after")
    def _columns_are_known(self) -> Self:
        for output in self.by_column().values():
            if not re.fullmatch(OUTPUT, output):
                raise ValueError(f"{output!r} is no name for an output; write it in small letters")
        return self

    def by_column(self) -> Mapping[str, str]:
        """Return the outputs by column; SQLite and PostgreSQL differ in capitals."""
        columns = Query.parse(self.query).columns
        named = self.outputs or {name: name.lower() for name in columns()}
        return {column.lower(): output for column, output in named.items()}


class Sql(Provider):
    """One row of a database in the house."""

    key = "sql"
    title = "SQL query"
    page = "https://www.postgresql.org/docs/current/sql-select.html"
    terms = Terms("Your own data.")
    Settings = SqlSettings

    def __init__(self, settings: SqlSettings, name: str = "") -> None:
        """Take what it needs and gives from its settings. Raises `InvalidSettings`."""
        super().__init__(settings, name)
        query = Query.parse(settings.query)
        self.needs = query.names
        self._outputs = settings.by_column()
        self.gives = frozenset(self._outputs.values())
        self._database: Database | None = None
        if not (url := settings.database_url.get_secret_value()).startswith("${"):
            self._database = databases.database(url, query, settings.timeout.total_seconds())

    def confine(self, access: DatabaseAccess) -> None:
        """Ask only what is listed from now on. Raises `NotAllowed` where its database is not."""
        if self._database is not None:
            self._database.confine(access)

    @property
    def variant(self) -> str:
        """The query, its outputs, and where it is asked: without the password, which may change."""
        url = self.settings.database_url.get_secret_value()
        told = [_without_password(url), self.settings.query, sorted(self._outputs.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    async def answer(self, known: Known, send: Send) -> Answer:
        if self._database is None:
            return Failed("unauthorized", "the secret with its address is not known")
        try:
            rows = await self._database.rows(known)
        except NotAllowed as refused:
            return Failed("rejected", str(refused))
        except Refused as refused:
            return Failed("rejected", f"the database refuses the query ({refused})")
        if len(rows) > 1:
            raise BadAnswer("the query gives more than one row")
        return self._found(rows[0]) if rows else Miss()

    async def close(self) -> None:
        """Close the connections that are kept."""
        if self._database is not None:
            await self._database.close()

    def _found(self, row: Row) -> Found | Miss:
        values: dict[str, Any] = {}
        row = {column.lower(): value for column, value in row.items()}
        for column, output in self._outputs.items():
            if column not in row:
                raise BadAnswer(f"the query gives no column {column}")
            try:
                value = _value(row[column])
            except ValueError as error:
                raise BadAnswer(f"{column} {error}") from None
            if value is not None:
                values[output] = value
        return Found(values) if values else Miss()


def _without_password(url: str) -> str:
    before, at, rest = url.rpartition("@")
    scheme, slashes, user = before.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}{at}{rest}"


def _value(value: Any) -> Any:
    """Return a column's value as an attribute may have it; None for none."""
    match value:
        case None | "" | []:
            return None
        case Decimal():
            value = int(value) if value.is_finite() and value % 1 == 0 else float(value)
        case date() | time():
            value = value.isoformat()
        case UUID():
            value = str(value)
    return pointing.as_it_stands(value)
