"""The two ways anything leaves the audit log, both functions of the database.

Everything else that would change or remove an entry is refused there, whoever asks.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection


def before(moment: datetime) -> int:
    """Remove the entries older than a moment, note that this was done, and return how many."""
    return _call("SELECT audit_forget_before(%s)", moment)


def user(user_id: UUID) -> int:
    """Leave only the id of a person in the entries about them, and return in how many.

    A reason stays where it is a code such as `fraud`; a sentence may name somebody, and goes.
    """
    return _call("SELECT audit_forget_user(%s)", user_id)


def _call(statement: str, argument: datetime | UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [argument])
        return int(cursor.fetchone()[0])
