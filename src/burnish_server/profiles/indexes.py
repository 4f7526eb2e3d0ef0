"""Indexes of the custom attributes that can be searched by.

They are made while people go on writing, which takes a connection without a transaction.
"""

import re

from django.db import connection

from burnish_server.profiles.models import CustomAttribute

_PREFIX = "profiles_by_"

LONGEST = 200
"""Characters of a value that are indexed: PostgreSQL refuses entries above a third of a page."""


def term(attribute_id: str) -> str:
    """Return the indexed expression: what is searched, in small letters.

    Lists and objects are found by what they hold, as JSON.
    """
    key = attribute_id.replace("'", "''")
    return f"lower(left(custom ->> '{key}', {LONGEST}))"


def name(attribute_id: str) -> str:
    """Return what an attribute's index is called."""
    return _PREFIX + re.sub(r"[^0-9a-zA-Z]", lambda odd: f"_{ord(odd[0]):x}_", attribute_id)[:50]


def sync() -> None:
    """Make the indexes the definitions ask for, and drop the others."""
    wanted = {
        name(attribute.id): attribute.id
        for attribute in CustomAttribute.objects.filter(indexed=True, retired=False)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, indisvalid FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid "
            "WHERE relname LIKE %s",
            [_PREFIX.replace("_", r"\\_") + "%"],
        )
        present = dict(cursor.fetchall())
        for index, valid in present.items():
            if index not in wanted or not valid:
                cursor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{index}"')
        for index, attribute in wanted.items():
            if not present.get(index):
                cursor.execute(
                    f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{index}" ON profiles_profile '
                    f"({term(attribute)} text_pattern_ops, user_id) "
                    f"WHERE {term(attribute)} IS NOT NULL"
                )
