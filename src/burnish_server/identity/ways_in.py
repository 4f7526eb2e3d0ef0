"""How many users sign in, read in a few statements however many they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from burnish.attributes import population
from burnish_server.identity import entities
from burnish_server.identity.models import User

_LOGIN_IDS = {"email": "email", "phone": "phone_number", "username": "preferred_username"}


@dataclass(slots=True)
class WaysIn:
    """What one user signs in with; `identities` and `totps` are as an export has them."""

    identities: list[dict[str, Any]] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)
    """Addresses and numbers that were shown to be theirs."""
    totps: list[dict[str, str]] = field(default_factory=list)
    passkeys: int = 0


def of_many(
    users: Sequence[User], revealed: Collection[UUID] = frozenset()
) -> Mapping[UUID, WaysIn]:
    """Return how each of these users signs in.

    Secrets of authenticator apps are opened for the users whose ids are in `revealed`, only.
    """
    found = {user.pk: WaysIn() for user in users}
    for address in EmailAddress.objects.filter(user__in=users).order_by("-primary", "pk"):
        _add(found[address.user_id], "email", address.email, verified=address.verified)
    for user in users:
        ways = found[user.pk]
        if user.phone_number:
            _add(ways, "phone", user.phone_number, verified=user.phone_number_verified)
        if user.username:
            _add(ways, "username", user.username, verified=False)
    for account in SocialAccount.objects.filter(user__in=users).order_by("pk"):
        found[account.user_id].identities.append(_social(account))
    _authenticators(users, found, revealed)
    return found


def _add(ways: WaysIn, key: str, value: str, *, verified: bool) -> None:
    login_id = {"key": key, "type": key, "value": value, "original_value": value}
    claims = {_LOGIN_IDS[key]: value}
    ways.identities.append({"type": "login_id", "login_id": login_id, "claims": claims})
    if verified:
        ways.verified.add(value)


def _social(account: SocialAccount) -> dict[str, Any]:
    said = entities.claims(account)
    oauth = {
        "provider_alias": account.provider,
        "provider_type": account.provider,
        "provider_subject_id": account.uid,
        "user_profile": dict(said),
    }
    claims = population.extract(account.provider, said)
    return {"type": "oauth", "oauth": oauth, "claims": claims}


def _authenticators(
    users: Sequence[User], found: Mapping[UUID, WaysIn], revealed: Collection[UUID]
) -> None:
    adapter, by_id = get_adapter(), {user.pk: user for user in users}
    for one in Authenticator.objects.filter(user__in=users).order_by("pk"):
        if one.type == Authenticator.Type.WEBAUTHN:
            found[one.user_id].passkeys += 1
        elif one.type == Authenticator.Type.TOTP and one.user_id in revealed:
            secret = adapter.decrypt(one.data["secret"])
            uri = adapter.build_totp_url(by_id[one.user_id], secret)
            found[one.user_id].totps.append({"secret": secret, "uri": uri})
