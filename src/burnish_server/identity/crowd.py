"""What many users have, read for all of them at once when somebody asks it of the first."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.events import entities as events
from burnish_server.identity import entities
from burnish_server.identity.models import User
from burnish_server.identity.user_sessions import device
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import Profile
from burnish_server.roles import listing, tie
from burnish_server.roles.models import Group, Role

T = TypeVar("T")

Rows = Mapping[UUID, Sequence[T]]


class Crowd:
    """Some users, such as a page of a list. It is read once: make a new one after a change."""

    def __init__(self, users: Iterable[User]) -> None:
        self.users = {user.pk: user for user in users}

    @cached_property
    def schema(self) -> Schema:
        """The attributes there are."""
        return profiles.schema()

    @cached_property
    def profiles(self) -> Mapping[UUID, Profile]:
        """Their profiles, without the facts behind them."""
        stored = Profile.objects.defer("facts").in_bulk(list(self.users))
        return {one: stored.get(one) or Profile(user_id=one, version=0) for one in self.users}

    @cached_property
    def roles(self) -> Mapping[UUID, Sequence[Role]]:
        """The roles they have of their own."""
        return listing.held(tie.ROLES_OF_USERS, self.users)

    @cached_property
    def groups(self) -> Mapping[UUID, Sequence[Group]]:
        """The groups they are in."""
        return listing.held(tie.GROUPS_OF_USERS, self.users)

    @cached_property
    def effective_roles(self) -> Mapping[UUID, Sequence[Role]]:
        """The roles they have of their own or by a group."""
        return listing.effective(self.users)

    @cached_property
    def _addresses(self) -> Rows[EmailAddress]:
        rows = EmailAddress.objects.filter(user__in=self.users).order_by("-primary", "pk")
        return self._by_user(rows)

    @cached_property
    def _accounts(self) -> Rows[SocialAccount]:
        return self._by_user(SocialAccount.objects.filter(user__in=self.users).order_by("pk"))

    @cached_property
    def _factors(self) -> Rows[Authenticator]:
        return self._by_user(Authenticator.objects.filter(user__in=self.users).order_by("pk"))

    def identities(self, user: User) -> tuple[events.Identity, ...]:
        """Return the ways somebody signs in, the primary one first."""
        return entities.composed(
            user, self._addresses[user.pk], self._accounts[user.pk], self._passkeys(user)
        )

    def authenticators(self, user: User) -> tuple[events.Authenticator, ...]:
        """Return the means by which somebody proves who they are."""
        found = [_factor(one) for one in self._factors[user.pk] if one.type in _KINDS]
        return (*([_password(user)] if user.has_usable_password() else []), *found)

    @cached_property
    def _sessions(self) -> Rows[UserSession]:
        alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
        rows = UserSession.objects.filter(user__in=self.users, session_key__in=alive)
        return self._by_user(rows.order_by("-last_seen_at", "-pk"))

    def sessions(self, user: User) -> tuple[events.Session, ...]:
        """Return where somebody is signed in, the latest first."""
        return tuple(_session(one) for one in self._sessions[user.pk])

    def session(self, user: User, id: str) -> UserSession | None:
        """Return somebody's session by its id, as events and `sessions` have it."""
        return next((one for one in self._sessions[user.pk] if _session(one).id == id), None)

    def verified(self, user: User) -> Mapping[str, Sequence[str]]:
        """Return the values shown to be somebody's own, by the attribute they belong to."""
        addresses = [one.email for one in self._addresses[user.pk] if one.verified]
        number = user.phone_number if user.phone_number_verified else None
        return {"email": addresses, "phone_number": [number] if number else []}

    def standard(self, user: User) -> dict[str, Any]:
        """Return somebody's standard attributes, with those that are worked out."""
        profile = self.profiles[user.pk]
        own = {name: list(values) for name, values in self.verified(user).items()}
        derived: dict[str, Any] = {
            f"{name}_verified": profile.standard[name] in values
            for name, values in own.items()
            if name in profile.standard
        }
        if profile.version:
            derived["updated_at"] = int(profile.updated_at.timestamp())
        return {**profile.standard, **derived}

    def custom(self, user: User) -> dict[str, Any]:
        """Return somebody's custom attributes by name."""
        stored = self.profiles[user.pk].custom
        return {one.name: stored[one.id] for one in self.schema.custom if one.id in stored}

    def _passkeys(self, user: User) -> Sequence[Authenticator]:
        return [one for one in self._factors[user.pk] if one.type == Authenticator.Type.WEBAUTHN]

    def _by_user(self, rows: Iterable[T]) -> Rows[T]:
        found: dict[UUID, list[T]] = {one: [] for one in self.users}
        for row in rows:
            found[row.user_id].append(row)  # type: ignore[attr-defined]
        return found


_KINDS = {Authenticator.Type.TOTP: "totp", Authenticator.Type.WEBAUTHN: "passkey"}


def _factor(one: Authenticator) -> events.Authenticator:
    kind = _KINDS[one.type]
    return events.Authenticator(
        id=str(uuid5(NAMESPACE_URL, f"{one.user_id}/authenticator/{one.pk}")),
        user_id=str(one.user_id),
        created_at=one.created_at,
        updated_at=one.last_used_at or one.created_at,
        type=kind,
        kind="primary" if kind == "passkey" else "secondary",
    )


def _session(one: UserSession) -> events.Session:
    return events.Session(
        id=str(uuid5(NAMESPACE_URL, f"session/{one.session_key}")),
        created_at=one.created_at,
        updated_at=one.last_seen_at,
        last_accessed_at=one.last_seen_at,
        created_by_ip=one.ip,
        last_accessed_by_ip=one.ip,
        display_name=device(one.user_agent),
        user_agent=one.user_agent,
    )


def _password(user: User) -> events.Authenticator:
    return events.Authenticator(
        id=str(uuid5(NAMESPACE_URL, f"{user.pk}/password")),
        user_id=str(user.pk),
        created_at=user.created_at,
        updated_at=user.updated_at,
        type="password",
        kind="primary",
        is_default=True,
    )
