"""Users and their identities as events carry them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from burnish.attributes import population
from burnish.attributes.schema import Schema
from burnish.events import entities
from burnish_server.identity import owned
from burnish_server.identity.login_id import Key
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import Profile
from burnish_server.roles import store as roles


def present(account: User) -> entities.User:
    """Return a user with all attributes as they are stored now."""
    return user(account, store.of(account.pk), store.schema())


def user(user: User, profile: Profile, schema: Schema) -> entities.User:
    """Return a user with all attributes of a profile."""
    stored = {
        definition.name: profile.custom[definition.id]
        for definition in schema.custom
        if definition.id in profile.custom
    }
    derived = owned.derived(user, profile)
    held = roles.of(user.pk)
    return entities.User(
        id=str(user.pk),
        created_at=user.created_at,
        updated_at=max(user.updated_at, profile.updated_at),
        standard_attributes={**profile.standard, **derived},
        custom_attributes=stored,
        last_login_at=user.last_login,
        is_verified=bool(derived.get("email_verified") or derived.get("phone_number_verified")),
        is_disabled=not user.is_active,
        disable_reason=user.disable_reason,
        delete_at=user.delete_at,
        delete_reason=user.delete_reason,
        is_anonymized=user.anonymized_at is not None,
        anonymize_at=user.anonymize_at,
        temporarily_disabled_from=user.temporarily_disabled_from,
        temporarily_disabled_until=user.temporarily_disabled_until,
        can_reauthenticate=user.has_usable_password() or _has_authenticator(user),
        roles=held.roles,
        groups=held.groups,
    )


def email(user: User, value: str) -> entities.Identity:
    """Return an e-mail address a user signs in with; it keeps its id as long as it is theirs."""
    return login_id(user.pk, user.created_at, "email", value)


def login_id(
    user_id: UUID, at: datetime, key: Key, value: str, typed: str = ""
) -> entities.Identity:
    """Return an address, a number or a name somebody signs in with, and as what it was typed."""
    return entities.Identity.login_id(
        id=str(uuid5(NAMESPACE_URL, f"{user_id}/{key}/{value}")),
        user_id=str(user_id),
        created_at=at,
        updated_at=at,
        key=key,
        value=value,
        original_value=typed or value,
    )


def social(user_id: UUID, at: datetime, said: "Said") -> entities.Identity:
    """Return a social identity."""
    return entities.Identity.oauth(
        id=str(uuid5(NAMESPACE_URL, f"{user_id}/oauth/{said.provider}/{said.subject}")),
        user_id=str(user_id),
        created_at=at,
        updated_at=at,
        provider=said.provider,
        subject_id=said.subject,
        profile=said.claims,
        standard=population.extract(said.provider, said.claims),
    )


def account(account: SocialAccount) -> entities.Identity:
    """Return the social identity of an account that is connected."""
    said = _Account(account.provider, account.uid, claims(account))
    return social(account.user_id, account.date_joined, said)


def claims(account: SocialAccount) -> Mapping[str, Any]:
    """Return what the provider says of a person: its userinfo, or its ID token where it has none.

    allauth keeps both side by side, and kept the claims bare before it did.
    """
    kept: Mapping[str, Any] = account.extra_data
    for name in ("userinfo", "id_token"):
        found = kept.get(name)
        if found and isinstance(found, Mapping):
            return found
    return kept


def _has_authenticator(user: User) -> bool:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def passkey(one: Authenticator) -> entities.Identity:
    """Return a passkey."""
    return entities.Identity.passkey(
        id=str(uuid5(NAMESPACE_URL, f"{one.user_id}/passkey/{one.pk}")),
        user_id=str(one.user_id),
        created_at=one.created_at,
        updated_at=one.last_used_at or one.created_at,
        credential_id=str(one.data.get("credential", {}).get("id", "")),
        display_name=str(one.data.get("name", "")),
    )


def identities(user: User) -> tuple[entities.Identity, ...]:
    """Return the ways a user signs in, the primary one first."""
    addresses = EmailAddress.objects.filter(user=user).order_by("-primary", "pk")
    accounts = SocialAccount.objects.filter(user=user).order_by("pk")
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return composed(user, addresses, accounts, passkeys.order_by("pk"))


def composed(
    user: User,
    addresses: Iterable[EmailAddress],
    accounts: Iterable[SocialAccount],
    passkeys: Iterable[Authenticator],
) -> tuple[entities.Identity, ...]:
    """Return the ways a user signs in, of the rows that make them up."""
    others: dict[Key, str | None] = {"phone": user.phone_number, "username": user.username}
    return (
        *(email(user, address.email) for address in addresses),
        *(login_id(user.pk, user.created_at, key, one) for key, one in others.items() if one),
        *(account(one) for one in accounts),
        *(passkey(one) for one in passkeys),
    )


class Said(Protocol):
    """What a social provider says of somebody."""

    @property
    def provider(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def claims(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class _Account:
    provider: str
    subject: str
    claims: Mapping[str, Any]
