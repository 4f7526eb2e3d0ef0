"""Profiles of many new users at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from burnish.attributes.schema import Schema
from burnish.profiles.document import Amended, Document, amend
from burnish.profiles.fact import Fact
from burnish.profiles.policy import policies

_PROFILES = """
COPY profiles_profile (user_id, standard, custom, facts, version, updated_at, due_at) FROM STDIN
"""

_HISTORY = """
COPY profiles_history (user_id, at, version, act, "group", key, source, fact, by) FROM STDIN
"""


def create_many(
    speeches: Mapping[UUID, Sequence[Fact]], at: datetime, schema: Schema
) -> dict[UUID, Document]:
    """Write the profiles of users who have none, and return them; call it in a transaction.

    The facts were looked at already: what the schema refuses is not for this.
    """
    ways = policies(schema)
    made = {user: amend(Document(), said, at, ways) for user, said in speeches.items()}
    _write(made, at)
    _note(made, at)
    return {user: amended.document for user, amended in made.items()}


def _write(made: Mapping[UUID, Amended], at: datetime) -> None:
    with connection.cursor() as cursor, cursor.copy(_PROFILES) as copy:
        for user, amended in made.items():
            document = amended.document
            values = (document.standard, document.custom, document.facts)
            columns = (Jsonb(value, to_json) for value in values)
            copy.write_row((user, *columns, 1, at, document.due_at))


def _note(made: Mapping[UUID, Amended], at: datetime) -> None:
    with connection.cursor() as cursor, cursor.copy(_HISTORY) as copy:
        for user, amended in made.items():
            facts = amended.document.facts
            for entry in amended.entries:
                fact = entry.fact
                said = Jsonb(facts[fact.group][fact.key][fact.source], to_json)
                copy.write_row(
                    (user, at, 1, entry.act, fact.group, fact.key, fact.source, said, None)
                )
