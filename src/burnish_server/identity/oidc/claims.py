"""A person as apps see them: the claims of userinfo and of tokens.

All there is to say of somebody comes in one row of one statement.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from pydantic_core import from_json

from burnish_server.identity.models import User
from burnish_server.identity.oidc.bearer import Bearer

ABOUT = "https://authgear.com/claims/user/"

COLUMNS = """
    u.id::text, p.standard::text, p.custom::text,
    extract(epoch FROM coalesce(p.updated_at, u.updated_at))::bigint,
    EXISTS (
        SELECT FROM account_emailaddress AS e
        WHERE e.user_id = u.id AND e.verified AND upper(e.email) = upper(p.standard->>'email')
    ),
    u.phone_number_verified AND u.phone_number = p.standard->>'phone_number',
    u.password NOT LIKE '!%%' OR EXISTS (SELECT FROM mfa_authenticator AS a WHERE a.user_id = u.id),
    ARRAY(
        SELECT r.key FROM roles_userrole AS ur JOIN roles_role AS r ON r.id = ur.role_id
        WHERE ur.user_id = u.id
        UNION
        SELECT r.key FROM roles_usergroup AS ug
        JOIN roles_grouprole AS gr ON gr.group_id = ug.group_id
        JOIN roles_role AS r ON r.id = gr.role_id
        WHERE ug.user_id = u.id
        ORDER BY 1
    )::text[]
"""
"""What is read of a person, of `u` (the user) and `p` (the profile)."""

_READ = f"""
    SELECT {COLUMNS}
    FROM identity_user AS u LEFT JOIN profiles_profile AS p ON p.user_id = u.id WHERE u.id = %s
"""  # noqa: S608 - only our own words


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody, and what their identities vouch for.

    `custom` is by attribute id, `updated_at` in Unix seconds; `roles` are the effective ones.
    """

    sub: str
    standard: Mapping[str, Any]
    custom: Mapping[str, Any]
    updated_at: int
    email_verified: bool
    phone_verified: bool
    can_reauthenticate: bool
    roles: list[str]


def person(row: tuple[Any, ...]) -> Person:
    """Return who stands in a row of `COLUMNS`."""
    sub, standard, custom, updated_at, email, phone, again, roles = row
    return Person(
        sub,
        from_json(standard) if standard else {},
        from_json(custom) if custom else {},
        updated_at,
        bool(email),
        bool(phone),
        again,
        list(roles),
    )


def of(user: User) -> Person:
    """Return what is known of somebody."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [user.pk])
        return person(cursor.fetchone())


def about(person: Person) -> dict[str, Any]:
    """Return the claims that everybody has, whatever the scopes."""
    return {
        f"{ABOUT}is_anonymous": False,
        f"{ABOUT}is_verified": person.email_verified or person.phone_verified,
        f"{ABOUT}can_reauthenticate": person.can_reauthenticate,
        f"{ABOUT}roles": person.roles,
    }


def standard(person: Person, bearer: Bearer, only: Container[str] | None = None) -> dict[str, Any]:
    """Return the standard attributes a bearer may see: all of them, or only some."""
    values = {**person.standard, "updated_at": person.updated_at}
    if "email" in values:
        values["email_verified"] = person.email_verified
    if "phone_number" in values:
        values["phone_number_verified"] = person.phone_verified
    return {
        name: value
        for name, value in values.items()
        if name in bearer.standard and (only is None or name in only)
    }


def custom(person: Person, bearer: Bearer) -> dict[str, Any]:
    """Return the custom attributes a bearer may see, by name."""
    return {name: person.custom[id] for id, name in bearer.custom.items() if id in person.custom}
