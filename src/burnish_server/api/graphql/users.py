"""Users, as GraphQL tells them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.types import Info

from burnish_server.api.graphql import ids
from burnish_server.api.graphql.asked import require
from burnish_server.api.graphql.belongings import (
    Authenticator,
    AuthenticatorKind,
    AuthenticatorType,
    Claim,
    Identity,
    IdentityType,
    Session,
)
from burnish_server.api.graphql.node import Entity, Node
from burnish_server.api.graphql.paging import Connection, Cursor, Page, connection, window
from burnish_server.api.graphql.roles import Group, Role, neighbours
from burnish_server.api.graphql.scalars import (
    ClaimValue,
    CustomAttributes,
    StandardAttributes,
    Web3Claims,
)
from burnish_server.api_keys.scope import ROLES_READ
from burnish_server.identity.crowd import Crowd
from burnish_server.identity.models import User as Account


@strawberry.type(description="A user")
class User(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None
    is_anonymous: bool
    is_disabled: bool
    disable_reason: str | None
    is_deactivated: bool
    delete_at: datetime | None
    delete_reason: str | None
    is_anonymized: bool
    anonymize_at: datetime | None
    temporarily_disabled_from: datetime | None
    temporarily_disabled_until: datetime | None
    account_valid_from: datetime | None
    account_valid_until: datetime | None
    mfa_grace_period_end_at: datetime | None
    account: strawberry.Private[Account]
    crowd: strawberry.Private[Crowd]

    @strawberry.field(description="What is known of them, by OpenID Connect's names.")
    def standard_attributes(self) -> StandardAttributes:
        return StandardAttributes(self.crowd.standard(self.account))

    @strawberry.field(description="What is known of them beside, by your own names.")
    def custom_attributes(self) -> CustomAttributes:
        return CustomAttributes(self.crowd.custom(self.account))

    @strawberry.field
    def web3(self) -> Web3Claims:
        return Web3Claims({})

    @strawberry.field(description="Their name as one writes it.")
    def formatted_name(self) -> str | None:
        known = self.crowd.profiles[self.account.pk].standard
        parts = [known.get(name) for name in ("given_name", "middle_name", "family_name")]
        whole = known.get("name") or " ".join(str(part) for part in parts if part)
        return whole or known.get("nickname")

    @strawberry.field(description="By which they know their account.")
    def end_user_account_id(self) -> str | None:
        known = self.account
        return known.email or known.username or known.phone_number

    @strawberry.field(description="Values shown to be their own.")
    def verified_claims(self) -> list[Claim]:
        verified = self.crowd.verified(self.account)
        return [
            Claim(name=n, value=ClaimValue(v)) for n, values in verified.items() for v in values
        ]

    @strawberry.field
    def identities(
        self,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        identity_type: IdentityType | None = None,
    ) -> Connection[Identity] | None:
        found = self._identities(identity_type) if identity_type else self._identities()
        page = window(first, last, after, before).of(found)
        return connection(page, page.things)

    @strawberry.field
    def login_ids(self) -> list[Identity]:
        return self._identities(IdentityType.LOGIN_ID)

    @strawberry.field
    def oauth_connections(self) -> list[Identity]:
        return self._identities(IdentityType.OAUTH)

    @strawberry.field
    def passkeys(self) -> list[Identity]:
        return self._identities(IdentityType.PASSKEY)

    @strawberry.field
    def biometric_registrations(self) -> list[Identity]:
        return self._identities(IdentityType.BIOMETRIC)

    @strawberry.field
    def authenticators(
        self,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        authenticator_kind: AuthenticatorKind | None = None,
        authenticator_type: AuthenticatorType | None = None,
    ) -> Connection[Authenticator] | None:
        found = self._authenticators(authenticator_kind, authenticator_type)
        page = window(first, last, after, before).of(found)
        return connection(page, page.things)

    @strawberry.field
    def primary_password(self) -> Authenticator | None:
        found = self._authenticators(AuthenticatorKind.PRIMARY, AuthenticatorType.PASSWORD)
        return found[0] if found else None

    @strawberry.field
    def secondary_password(self) -> Authenticator | None:
        found = self._authenticators(AuthenticatorKind.SECONDARY, AuthenticatorType.PASSWORD)
        return found[0] if found else None

    @strawberry.field
    def secondary_totp_authenticators(self) -> list[Authenticator]:
        return self._authenticators(AuthenticatorKind.SECONDARY, AuthenticatorType.TOTP)

    @strawberry.field
    def sessions(
        self,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Connection[Session] | None:
        page = window(first, last, after, before).of(self.crowd.sessions(self.account))
        return connection(page, [Session.of(self.account.pk, one) for one in page.things])

    @strawberry.field(description="The roles they have of their own.")
    def roles(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Connection[Role] | None:
        require(info, ROLES_READ)
        page = window(first, last, after, before).of(self.crowd.roles[self.account.pk])
        together = neighbours(info.context, self.crowd.roles)
        return connection(page, [Role.make(one, together) for one in page.things])

    @strawberry.field(description="The roles they have of their own, or by a group.")
    def effective_roles(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Connection[Role] | None:
        require(info, ROLES_READ)
        held = self.crowd.effective_roles
        page = window(first, last, after, before).of(held[self.account.pk])
        together = neighbours(info.context, held)
        return connection(page, [Role.make(one, together) for one in page.things])

    @strawberry.field
    def groups(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Connection[Group] | None:
        require(info, ROLES_READ)
        page = window(first, last, after, before).of(self.crowd.groups[self.account.pk])
        together = neighbours(info.context, self.crowd.groups)
        return connection(page, [Group.make(one, together) for one in page.things])

    def _identities(self, kind: IdentityType | None = None) -> list[Identity]:
        found = [Identity.of(one) for one in self.crowd.identities(self.account)]
        return [one for one in found if kind in (None, one.type)]

    def _authenticators(
        self, kind: AuthenticatorKind | None, type: AuthenticatorType | None
    ) -> list[Authenticator]:
        found = [Authenticator.of(one) for one in self.crowd.authenticators(self.account)]
        return [one for one in found if kind in (None, one.kind) and type in (None, one.type)]

    @classmethod
    def of(cls, account: Account, crowd: Crowd) -> Self:
        """Return a user as it is answered; the crowd is those they are answered with."""
        return cls(
            id=strawberry.ID(ids.encode("User", account.pk)),
            created_at=account.created_at,
            updated_at=account.updated_at,
            last_login_at=account.last_login,
            is_anonymous=False,
            is_disabled=not account.is_active,
            disable_reason=account.disable_reason or None,
            is_deactivated=False,
            delete_at=account.delete_at,
            delete_reason=account.delete_reason or None,
            is_anonymized=account.anonymized_at is not None,
            anonymize_at=account.anonymize_at,
            temporarily_disabled_from=account.temporarily_disabled_from,
            temporarily_disabled_until=account.temporarily_disabled_until,
            account_valid_from=None,
            account_valid_until=None,
            mfa_grace_period_end_at=None,
            account=account,
            crowd=crowd,
        )


def together(accounts: Sequence[Account]) -> list[User]:
    """Return users who are answered together."""
    crowd = Crowd(accounts)
    return [User.of(account, crowd) for account in accounts]


def alone(user_id: UUID) -> User:
    """Return a user as they are stored now."""
    return together([Account.objects.get(pk=user_id)])[0]


def by_id(user_ids: Iterable[UUID]) -> dict[UUID, User]:
    """Return users by their ids, read together; who is not there is left out."""
    found = list(Account.objects.filter(pk__in=list(user_ids)))
    return {user.account.pk: user for user in together(found)}


def shown(page: Page[Account]) -> Connection[User]:
    """Return a page of users as it is answered."""
    return connection(page, together(page.things))
