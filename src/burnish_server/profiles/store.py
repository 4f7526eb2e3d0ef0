"""Profiles, in and out of the database.

A write reads the profile, derives it anew in memory, and stores it and the history's new lines in
one statement, on condition that nobody wrote meanwhile; else it starts again. Nobody waits for
anybody while deriving.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import Cursor
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema
from burnish.attributes.standard import DEFAULTS
from burnish.errors import BurnishError
from burnish.hooks.outcome import Passed
from burnish.profiles import document as documents
from burnish.profiles import edits
from burnish.profiles.document import Amended, Change, Document, Entry, amend
from burnish.profiles.fact import NOTHING, Attribute, Fact
from burnish.profiles.policy import policies
from burnish_server.kept import Kept
from burnish_server.profiles import by_hooks
from burnish_server.profiles.models import (
    CustomAttribute,
    History,
    Population,
    Profile,
    StandardAttribute,
)

Speech = tuple[Iterable[Fact], Iterable[tuple[Attribute, str]]]
"""Facts to say, and words to withdraw: an attribute and a source each."""

HURRIED_TRIES = 5
"""How often a write starts again before it waits in line for the row."""

_COLUMNS = ("user_id", "at", "version", "act", '"group"', "key", "source", "fact", "by")

_READ_FIELDS = ("user_id", "standard", "custom", "facts", "version", "updated_at", "due_at")

_READ = f"SELECT {', '.join(_READ_FIELDS)} FROM profiles_profile WHERE user_id = %s"  # noqa: S608

_WRITE = """
WITH written AS (
    UPDATE profiles_profile
    SET standard = %s, custom = %s, facts = %s, due_at = %s, version = version + 1, updated_at = %s
    WHERE user_id = %s AND version = %s
    RETURNING user_id, version
), noted AS (
    INSERT INTO profiles_history (user_id, at, version, act, "group", key, source, fact, by)
    SELECT written.user_id, %s, written.version, act, grp, key, source, fact, %s
    FROM written, unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
        AS line(act, grp, key, source, fact)
)
SELECT version FROM written
"""

_WRITE_MANY = """
WITH given AS (
    SELECT * FROM unnest(
        %b::uuid[], %b::int[], %b::jsonb[], %b::jsonb[], %b::jsonb[], %b::timestamptz[]
    ) AS given(user_id, version, standard, custom, facts, due_at)
), mine AS (
    SELECT profile.user_id
    FROM profiles_profile AS profile JOIN given USING (user_id)
    WHERE profile.version = given.version
    ORDER BY profile.user_id FOR UPDATE OF profile
)
UPDATE profiles_profile AS profile
SET standard = given.standard, custom = given.custom, facts = given.facts, due_at = given.due_at,
    version = given.version + 1, updated_at = %s
FROM given JOIN mine USING (user_id)
WHERE profile.user_id = given.user_id AND profile.version = given.version
RETURNING profile.user_id
"""


class Conflict(BurnishError):
    """Somebody else changed this meanwhile; look at the profile as it is now, and try again."""

    code = "data_race"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a write: the profile, and the effective values that changed."""

    profile: Profile
    changes: tuple[Change, ...]
    unheard: tuple[Fact, ...] = ()


def read_schema() -> Schema:
    """Read the schema; `schema` reads it only when it has changed."""
    return Schema(
        custom=tuple(
            attribute.as_definition() for attribute in CustomAttribute.objects.filter(retired=False)
        ),
        standard=DEFAULTS
        | {
            attribute.name: attribute.as_definition()
            for attribute in StandardAttribute.objects.all()
        },
    )


_schema = Kept(read_schema, CustomAttribute, StandardAttribute, at_pages=True)


def schema() -> Schema:
    """Return the schema in force."""
    return _schema()


def population() -> str:
    """Return whether social identities fill attributes in at sign-up: `on_signup` or `none`."""
    return Population.current().strategy


def of(user_id: UUID) -> Profile:
    """Return a user's profile; an empty one, not stored, where there is none yet."""
    # Read at every login, settings page and token: by hand it takes half of the ORM's time.
    with connection.cursor() as cursor:
        cursor.execute(_READ, [user_id])
        row = cursor.fetchone()
    if row is None:
        return Profile(user_id=user_id, version=0)
    owner, standard, custom, facts, *rest = row
    documents = (json.loads(text) for text in (standard, custom, facts))
    return Profile.from_db(connection.alias, _READ_FIELDS, [owner, *documents, *rest])


def history(user_id: UUID, limit: int = 100) -> list[History]:
    """Return what was said of a user, the latest first."""
    return list(History.objects.filter(user_id=user_id)[:limit])


def create(
    user_id: UUID,
    passed: Passed,
    typed: Iterable[Fact],
    schema: Schema,
    author: str,
    at: datetime,
) -> Profile:
    """Write a new user's profile: what was typed or taken over, as the hooks left it.

    What a hook wrote or removed is its own fact, with the standing of the operation's author
    (`user` or `admin`).
    """
    asked_at = {run.hook: run.started_at for run in passed.runs}
    edited = edits.of(passed.draft, schema, asked_at, author) if passed.draft else []
    said = [*typed, *edited]
    amended = amend(Document(), said, at, policies(schema))
    profile = _filled(Profile(user_id=user_id, updated_at=at), amended.document)
    profile.save(force_insert=True)
    History.objects.bulk_create(_line(user_id, 1, entry, at) for entry in amended.entries)
    by_hooks.note(user_id, amended.entries, schema)
    return profile


def say(user_id: UUID, facts: Iterable[Fact], at: datetime, schema: Schema) -> Written:
    """Add facts to a user's profile: see `write`."""
    said = list(facts)
    return write(user_id, lambda _: (said, ()), at, schema)


def write(
    user_id: UUID,
    speech: Callable[[Document], Speech],
    at: datetime,
    schema: Schema,
    *,
    base_version: int | None = None,
    by: UUID | None = None,
) -> Written:
    """Add what `speech` says in view of the profile, derive it anew, and return what changed.

    Two writers never lose each other's words. With a `base_version` the write is refused when
    somebody changed one of the same attributes since. Raises `InvalidValues` or `Conflict`;
    nothing is written then.
    """
    for _ in range(HURRIED_TRIES):
        profile = of(user_id)
        if profile.version == 0:
            Profile.objects.bulk_create([Profile(user_id=user_id)], ignore_conflicts=True)
            profile = of(user_id)
        if written := _try(profile, speech, at, schema, base_version, by):
            return written
    with transaction.atomic():
        profile = Profile.objects.select_for_update().get(pk=user_id)
        written = _try(profile, speech, at, schema, base_version, by)
        assert written  # noqa: S101 - the row is ours, so nobody wrote meanwhile
        return written


def forget(user_id: UUID) -> None:
    """Remove a user's profile and its history; an empty one takes their place."""
    Profile.objects.filter(pk=user_id).delete()
    Profile.objects.create(user_id=user_id)


def write_many(
    speeches: Mapping[UUID, Sequence[Fact]], at: datetime, schema: Schema
) -> dict[UUID, tuple[Change, ...]]:
    """Add facts to many profiles in a handful of statements; return what changed, by user.

    Facts the schema refuses, and users without a profile, are left out. Who was written to
    meanwhile is written again.
    """
    ways = policies(schema)
    good = {
        user: [fact for fact in facts if _refusal(schema, fact) is None]
        for user, facts in speeches.items()
    }
    return _rewrite(list(good), lambda user, document: amend(document, good[user], at, ways), at)


def refresh(users: list[UUID], at: datetime, schema: Schema) -> dict[UUID, tuple[Change, ...]]:
    """Derive profiles anew, in which facts may have expired; return what changed, by user."""
    ways = policies(schema)
    return _rewrite(users, lambda _, document: documents.refresh(document, at, ways), at)


def reshape(
    users: Iterable[UUID],
    attribute: Attribute,
    convert: Callable[[Any], tuple[Any, str | None]],
    at: datetime,
    schema: Schema,
) -> None:
    """Convert every value these users have of an attribute, and withdraw what does not fit."""
    ways = policies(schema)
    _rewrite(
        list(users),
        lambda _, document: documents.reshape(document, attribute, convert, at, ways),
        at,
    )


def _try(
    profile: Profile,
    speech: Callable[[Document], Speech],
    at: datetime,
    schema: Schema,
    base_version: int | None,
    by: UUID | None,
) -> Written | None:
    document = profile.as_document()
    facts, words = speech(document)
    said, withdrawn = list(facts), list(words)
    if faults := _faults(schema, said):
        raise InvalidValues(faults)
    if base_version is not None and profile.version > base_version:
        about = {fact.attribute for fact in said} | {attribute for attribute, _ in withdrawn}
        _refuse_stale(profile.pk, base_version, about)
    amended = amend(document, said, at, policies(schema), withdrawn)
    if not amended.entries:
        return Written(profile, (), amended.unheard)
    entries = amended.entries
    after = amended.document
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                json.dumps(after.standard),
                json.dumps(after.custom),
                json.dumps(after.facts),
                after.due_at,
                at,
                profile.pk,
                profile.version,
                at,
                by,
                [entry.act for entry in entries],
                [entry.fact.group for entry in entries],
                [entry.fact.key for entry in entries],
                [entry.fact.source for entry in entries],
                [json.dumps(entry.fact.as_json()) for entry in entries],
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    profile.version, profile.updated_at = row[0], at
    by_hooks.note(profile.pk, entries, schema)
    return Written(_filled(profile, after), amended.changes, amended.unheard)


def _rewrite(
    users: list[UUID], amended: Callable[[UUID, Document], Amended], at: datetime
) -> dict[UUID, tuple[Change, ...]]:
    changes: dict[UUID, tuple[Change, ...]] = {}
    left = users
    while left:
        rows = Profile.objects.filter(pk__in=left).values_list(
            "pk", "version", "standard", "custom", "facts", "due_at"
        )
        made = {
            user: (version, amended(user, Document(*columns))) for user, version, *columns in rows
        }
        with transaction.atomic():
            done = _write_rows(made, at)
            _note(
                ((user, made[user][0] + 1, e) for user in done for e in made[user][1].entries), at
            )
        changes |= {user: made[user][1].changes for user in done}
        left = [user for user in made if user not in changes]
    return changes


def _write_rows(made: Mapping[UUID, tuple[int, Amended]], at: datetime) -> list[UUID]:
    documents = [amended.document for _, amended in made.values()]
    connection.ensure_connection()
    # Binary parameters need no escaping, which for long documents takes longer than all the rest.
    # Pydantic writes JSON several times as fast as the standard library.
    with Cursor(connection.connection) as cursor:
        cursor.execute(
            _WRITE_MANY,
            [
                list(made),
                [version for version, _ in made.values()],
                [Jsonb(document.standard, to_json) for document in documents],
                [Jsonb(document.custom, to_json) for document in documents],
                [Jsonb(document.facts, to_json) for document in documents],
                [document.due_at for document in documents],
                at,
            ],
        )
        return [user for (user,) in cursor.fetchall()]


def _line(user_id: UUID, version: int, entry: Entry, at: datetime) -> History:
    fact = entry.fact
    return History(
        user_id=user_id,
        at=at,
        version=version,
        act=entry.act,
        group=fact.group,
        key=fact.key,
        source=fact.source,
        fact=fact.as_json(),
    )


def _note(lines: Iterable[tuple[UUID, int, Entry]], at: datetime) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY profiles_history ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for user, version, entry in lines:
            fact = entry.fact
            said = Jsonb(fact.as_json(), to_json)
            copy.write_row(
                (user, at, version, entry.act, fact.group, fact.key, fact.source, said, None)
            )


def _faults(schema: Schema, said: Iterable[Fact]) -> list[Fault]:
    names = {("custom", attribute.id): attribute.name for attribute in schema.custom}
    return [
        Fault(f"/{names.get(fact.attribute, fact.key)}", refusal)
        for fact in said
        if (refusal := _refusal(schema, fact))
    ]


def _refusal(schema: Schema, fact: Fact) -> str | None:
    if fact.value is NOTHING:
        return None
    return schema.refuse(fact.group, fact.key, fact.value)


def _refuse_stale(user_id: UUID, base_version: int, about: set[Attribute]) -> None:
    since = History.objects.filter(user_id=user_id, version__gt=base_version)
    if about & set(since.values_list("group", "key")):
        raise Conflict


def _filled(profile: Profile, document: Document) -> Profile:
    profile.standard = dict(document.standard)
    profile.custom = dict(document.custom)
    profile.facts = document.facts
    profile.due_at = document.due_at
    return profile
