"""A million people with 30 attributes each, in our tables and in those of the peers."""

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg

if TYPE_CHECKING:
    # Django reads its settings when models are imported, so not before a bench has named them.
    from burnish_server.identity.oidc.models import Client

COUNT = 1_000_000
PASSWORD = "correct horse battery"
STANDARD = {
    "email": "person0@people.example",
    "given_name": "Given",
    "family_name": "Family",
    "gender": "unspecified",
    "birthdate": "1980-02-29",
    "zoneinfo": "Europe/Stockholm",
    "locale": "sv-SE",
    "picture": "https://people.example/given.jpg",
}
CUSTOM = {f"custom_{number:02}": f"value number {number}" for number in range(22)}
EVERYTHING = STANDARD | CUSTOM
"""The 30 attributes; the peers make no difference between standard and custom ones."""
AFTER = "https://app.example/after"
BETTER_AUTH_SECRET = "only-for-benches-which-is-32-long"

# A template's row, with what is somebody's own in its place; whatever columns the table has.
CLONES = """
INSERT INTO {table} SELECT clone.* FROM {table} AS template, {source},
    LATERAL jsonb_populate_record(template, jsonb_build_object({own})) AS clone
WHERE {which}
"""


def database(name: str) -> str:
    """Make a database beside ours, in the same PostgreSQL, and return its address."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address(name)


def address(name: str) -> str:
    """Return the address of a database beside ours."""
    return os.environ["DATABASE_URL"].replace("/burnish?", f"/{name}?")


def are_here(count: int) -> bool:
    """Tell whether a kept database has its people from an earlier run."""
    from burnish_server.identity.models import User

    found = User.objects.count()
    assert found in (0, count), f"The kept database has {found:,} people: BENCH_PEOPLE={found}"
    return found > 0


def make_ours(count: int = COUNT) -> None:
    """Fill our tables; all have the same password, and may sign in with it."""
    from allauth.account.models import EmailAddress
    from django.db import connection
    from django.utils import timezone

    from burnish.attributes.access import OPEN
    from burnish.profiles.fact import Fact
    from burnish_server.identity.models import User
    from burnish_server.profiles import store
    from burnish_server.profiles.models import CustomAttribute, Profile

    CustomAttribute.objects.bulk_create(
        CustomAttribute(
            id=f"{place:04}",
            pointer=f"/{name}",
            type="string",
            position=place,
            access=OPEN.model_dump(),
        )
        for place, name in enumerate(CUSTOM)
    )
    user = User(email=STANDARD["email"])
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Profile.objects.get_or_create(user_id=user.pk)
    said_at = datetime(2026, 3, 4, tzinfo=UTC)
    said = [
        *(Fact("standard", name, value, "user", said_at) for name, value in STANDARD.items()),
        *(
            Fact("custom", f"{place:04}", value, "provider:acme", said_at, 0.9)
            for place, value in enumerate(CUSTOM.values())
        ),
    ]
    store.write_many({user.pk: said}, timezone.now(), store.schema())
    with connection.cursor() as cursor:
        for statement in (
            _clones(
                "identity_user",
                f"generate_series(1, {count - 1}) AS n",
                "'id', gen_random_uuid(), 'email', 'person' || n || '@people.example', "
                "'created_at', now() - n * interval '10 seconds'",
            ),
            _clones(
                "account_emailaddress",
                "identity_user AS u",
                "'id', nextval(pg_get_serial_sequence('account_emailaddress', 'id')), "
                "'user_id', u.id, 'email', u.email",
                "u.id <> template.user_id",
            ),
            _clones(
                "profiles_profile",
                "identity_user AS u",
                "'user_id', u.id, "
                "'standard', jsonb_set(template.standard, '{email}', to_jsonb(u.email))",
                "u.id <> template.user_id",
            ),
        ):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def make_app() -> "Client":
    """Register a first-party app of ours."""
    from burnish_server.identity.oidc.models import Client

    client, _ = Client.objects.get_or_create(
        client_id="bench",
        defaults={
            "name": "Bench",
            "application_type": "native",
            "redirect_uris": [AFTER],
            "asks_questions": False,
        },
    )
    return client


def make_tokens(count: int) -> list[str]:
    """Let the app have access tokens of so many people."""
    from django.utils import timezone

    from burnish_server.identity.models import User
    from burnish_server.identity.oidc import digest, grants

    client = make_app()
    tokens = [digest.new() for _ in range(count)]
    # Ids are random, so their order leads all over the table.
    users = User.objects.order_by("id")[:count]
    for user, token in zip(users, tokens, strict=False):
        grant = grants.begin(client, grants.Login(user, timezone.now()), ["openid", "profile"])
        grants.store(grant, token, 7200)
    return tokens[: len(users)]


def make_oidc_provider(cursor: Any, count: int = COUNT) -> None:
    """Make and fill the tables of oidc-provider's adapter and accounts."""
    cursor.execute(
        """
        CREATE TABLE account (id uuid PRIMARY KEY, claims jsonb NOT NULL);
        CREATE TABLE oidc_payload (kind text, id text, grant_id text, uid text,
            payload jsonb NOT NULL, expires_at timestamptz, consumed_at timestamptz,
            PRIMARY KEY (kind, id));
        CREATE INDEX ON oidc_payload (grant_id);
        """
    )
    cursor.execute(
        """
        INSERT INTO account SELECT gen_random_uuid(),
            %s::jsonb || jsonb_build_object('email', 'person' || n || '@people.example')
        FROM generate_series(0, %s) AS n
        """,
        [json.dumps(EVERYTHING), count - 1],
    )
    cursor.execute("ANALYZE")


def make_better_auth(cursor: Any, count: int = COUNT, *, attributes: bool = True) -> None:
    """Fill Better Auth's tables, which exist; all have the same password."""
    from django.contrib.auth.hashers import make_password

    mine = {name: value for name, value in EVERYTHING.items() if name != "email"}
    names = list(mine) if attributes else []
    columns = "".join(f', "{name}"' for name in names)
    cursor.execute(
        f"""
        INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt"{columns})
        SELECT gen_random_uuid(), 'Given Family', 'person' || n || '@people.example', true, now(),
            now(){", %s" * len(names)}
        FROM generate_series(0, %s) AS n
        """,
        [*(mine[name] for name in names), count - 1],
    )
    cursor.execute(
        """
        INSERT INTO account
            (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
        SELECT gen_random_uuid(), id, 'credential', id, %s, now(), now() FROM "user"
        """,
        [make_password(PASSWORD).removeprefix("argon2")],
    )
    cursor.execute("ANALYZE")


def make_sessions(cursor: Any, count: int) -> list[str]:
    """Sign people in to Better Auth, and return the cookies of their sessions."""
    cursor.execute(
        """
        INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
        SELECT gen_random_uuid(), replace(gen_random_uuid()::text, '-', ''), id,
            now() + interval '7 days', now(), now() FROM "user" ORDER BY id LIMIT %s
        RETURNING token
        """,
        [count],
    )
    return [_cookie(token) for (token,) in cursor.fetchall()]


def _cookie(token: str) -> str:
    """Return a session's cookie, signed as Better Auth signs its own."""
    seal = hmac.new(BETTER_AUTH_SECRET.encode(), token.encode(), hashlib.sha256).digest()
    value = quote(f"{token}.{base64.b64encode(seal).decode()}", safe="")
    return f"better-auth.session_token={value}"


def _clones(table: str, source: str, own: str, which: str = "true") -> str:
    return CLONES.format(table=table, source=source, own=own, which=which)
