"""Finding users by e-mail, phone, username, name, id and whatever custom attributes are indexed.

Each way of finding is a look-up of its own in an index, by how a value begins and whatever the
case of its letters; each is cut short, so that none is slow among a million.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from burnish.attributes import formats
from burnish.attributes.access import Party
from burnish.attributes.schema import Schema
from burnish.errors import BurnishError
from burnish_server.profiles import indexes
from burnish_server.profiles.models import Profile

MOST = 1000
"""How many users one search finds."""

NAMES = ("name", "given_name", "family_name")
"""The standard attributes with an index."""

_OWN = {"phone_number": "phone_number", "preferred_username": "username"}
"""What else people sign in with, and the column where it stands; both have an index."""

_NUMBER = re.compile(r"\+?[\d\s().-]{3,40}")
_ONE_ATTRIBUTE = re.compile(r"([a-z][a-z0-9_]*)\s*([:=])\s*(.+)", re.DOTALL)


UNINDEXED = "{} cannot be searched by: it is not indexed."


class Unsearchable(BurnishError):
    """Users cannot be found by this."""

    code = "unsearchable"


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a search found, whether there are more, and what to do where it could not be made."""

    users: tuple[UUID, ...] = ()
    more: bool = False
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What is searched: an indexed expression, and the table and column that lead to the user."""

    sql: str
    table: str = "profiles_profile"
    user: str = "user_id"


Lookup = tuple[str, Sequence[str]]
"""SQL that selects ids of users, and its parameters."""


def find(text: str, schema: Schema, party: Party, most: int = MOST) -> Found:
    """Find users by a text, looking only where this party may read.

    `@nordlake.example` looks for the domain of an e-mail address, `+46 70` or `4670` for how a
    phone number begins with its country code, `city:ly` for an attribute that
    begins so, and `city=lyon` for a whole value; anything else is looked for everywhere.
    """
    text = text.strip()
    if formats.text(text):
        return Found()
    terms = _terms(schema, party)
    lookups = _everywhere(text, terms)
    if about := _ONE_ATTRIBUTE.fullmatch(text):
        name, sign, value = about.groups()
        if name in terms:
            lookups = [_about(terms[name], sign, _typed(name, value))]
        elif schema.find(name) and schema.may(party, "read", name):
            return Found(advice=UNINDEXED.format(name))
    return _found(lookups, most)


def find_named(text: str, most: int = MOST) -> Found:
    """Find users by how their name, given name or family name begins."""
    text = text.strip()
    if formats.text(text):
        return Found()
    return _found([_begin(_name(one), text) for one in NAMES], most)


def where(text: str, schema: Schema, party: Party) -> Lookup:
    """Return what selects all users of whom `city=Lyon` or `city:ly` holds.

    Raises `Unsearchable`.
    """
    about = _ONE_ATTRIBUTE.fullmatch(text.strip())
    if about is None or formats.text(text):
        raise Unsearchable("Write it as city=Lyon, or as city:ly for how it begins.")
    name, sign, value = about.groups()
    terms = _terms(schema, party)
    if name in terms:
        return _about(terms[name], sign, _typed(name, value))
    if schema.find(name) and schema.may(party, "read", name):
        raise Unsearchable(UNINDEXED.format(name))
    raise Unsearchable(f"There is no attribute {name}.")


def _terms(schema: Schema, party: Party) -> dict[str, Term]:
    terms = {"email": Term("lower(email)", _users(), "id")}
    terms |= {name: Term(column, _users(), "id") for name, column in _OWN.items()}
    terms |= {name: _name(name) for name in NAMES}
    terms |= {
        attribute.name: Term(indexes.term(attribute.id).replace("%", "%%"))
        for attribute in schema.custom
        if attribute.indexed
    }
    return {
        name: term
        for name, term in terms.items()
        if name == "email" or schema.may(party, "read", name)
    }


def _name(name: str) -> Term:
    return Term(f"lower(left(standard ->> '{name}', 200))")


def _typed(name: str, text: str) -> str:
    """Return a number as it is stored, however it was spaced; anything else as it was typed."""
    if name != "phone_number" or not _NUMBER.fullmatch(text):
        return text
    return "+" + re.sub(r"\D", "", text)


def _about(term: Term, sign: str, value: str) -> Lookup:
    return _equal(term, value) if sign == "=" else _begin(term, value)


def _found(lookups: Sequence[Lookup], most: int) -> Found:
    found = _run(lookups, most)
    return Found(tuple(found[:most]), more=len(found) > most)


def _users() -> str:
    return str(Profile._meta.get_field("user").related_model._meta.db_table)


def _everywhere(text: str, terms: Mapping[str, Term]) -> list[Lookup]:
    if text.startswith("@"):
        domain = Term("lower(split_part(email, '@', 2))", _users(), "id")
        return [_begin(domain, text[1:])]
    lookups = [_begin(term, _typed(name, text)) for name, term in terms.items()]
    first, _, last = text.partition(" ")
    if last and {"given_name", "family_name"} <= terms.keys():
        lookups.append(_begin_both(terms["given_name"], first, terms["family_name"], last.strip()))
    if user := _id(text):
        lookups.append((f"SELECT id FROM {_users()} WHERE id = %s", [str(user)]))  # noqa: S608
    return lookups


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _begin(term: Term, text: str) -> Lookup:
    return _where(term, f"{term.sql} LIKE lower(%s)", _prefix(text))


def _begin_both(one: Term, first: str, other: Term, second: str) -> Lookup:
    both = f"{one.sql} LIKE lower(%s) AND {other.sql} LIKE lower(%s)"
    return _where(one, both, _prefix(first), _prefix(second))


def _equal(term: Term, text: str) -> Lookup:
    return _where(term, f"{term.sql} = lower(%s)", text[: indexes.LONGEST])


def _where(term: Term, condition: str, *parameters: str) -> Lookup:
    # The names of tables, columns and attributes are ours; what was typed is a parameter.
    return f"SELECT {term.user} FROM {term.table} WHERE {condition}", parameters  # noqa: S608


def _prefix(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text[: indexes.LONGEST]) + "%"


def _run(lookups: Sequence[Lookup], most: int) -> list[UUID]:
    cut = " UNION ".join(f"({sql} LIMIT {most + 1})" for sql, _ in lookups)
    parameters = [parameter for _, given in lookups for parameter in given]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({cut}) AS found LIMIT {most + 1}",  # noqa: S608
            parameters,
        )
        return [user for (user,) in cursor.fetchall()]
