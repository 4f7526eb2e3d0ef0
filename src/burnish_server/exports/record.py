"""What an export says of a user."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from burnish.attributes.schema import Schema
from burnish_server.exports.models import Run
from burnish_server.identity import ways_in
from burnish_server.identity.models import User
from burnish_server.identity.ways_in import WaysIn
from burnish_server.profiles.models import Profile
from burnish_server.roles import store as roles

_MOMENTS = ("created_at", "delete_at", "anonymize_at")
_SPANS = ("temporarily_disabled_from", "temporarily_disabled_until")


def records(
    users: Sequence[User], schema: Schema, secrets: str = Run.Secrets.NONE
) -> Iterator[dict[str, Any]]:
    """Yield the record of each of these users, without what is empty.

    `secrets` says whose secrets of authenticator apps the records have: see `Run.Secrets`.
    """
    profiles = Profile.objects.in_bulk([user.pk for user in users])
    ways, held = (
        ways_in.of_many(users, _revealed(users, secrets)),
        roles.of_many(user.pk for user in users),
    )
    for user in users:
        profile = profiles.get(user.pk) or Profile(user_id=user.pk)
        made = _record(user, profile, ways[user.pk], schema)
        own = held[user.pk]
        yield _without_empty({**made, "roles": list(own.roles), "groups": list(own.groups)})


def _record(user: User, profile: Profile, ways: WaysIn, schema: Schema) -> dict[str, Any]:
    standard = profile.standard
    custom = {one.name: profile.custom.get(one.id) for one in schema.custom}
    return {
        "sub": str(user.pk),
        **standard,
        "email_verified": _verified(standard.get("email"), ways),
        "phone_number_verified": _verified(standard.get("phone_number"), ways),
        "custom_attributes": {name: value for name, value in custom.items() if value is not None},
        "disabled": not user.is_active,
        "last_login_at": _moment(user.last_login),
        "is_anonymized": user.anonymized_at is not None,
        **{name: _moment(getattr(user, name)) for name in (*_MOMENTS, *_SPANS)},
        "identities": ways.identities,
        "mfa": {"totps": ways.totps} if ways.totps else {},
        "biometric_count": 0,
        "passkey_count": ways.passkeys,
    }


def _revealed(users: Sequence[User], secrets: str) -> frozenset[UUID]:
    """Return the ids of the users whose secrets are wanted."""
    if secrets == Run.Secrets.NONE:
        return frozenset()
    everybody = secrets == Run.Secrets.ALL
    return frozenset(one.pk for one in users if everybody or not one.is_staff)


def _verified(value: str | None, ways: WaysIn) -> bool | None:
    return None if value is None else value in ways.verified


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, {}, [], "")}
