"""What users sign in with, changed for them."""

import strawberry
from django.db import transaction
from strawberry.types import Info

from burnish.events import entities
from burnish_server.api.graphql import errors
from burnish_server.api.graphql.asked import Asked, require
from burnish_server.api.graphql.belongings import Identity
from burnish_server.api.graphql.errors import Refusal
from burnish_server.api.graphql.mutations.target import UserPayload, answer, belonging, to_change
from burnish_server.api.graphql.mutations.users import (
    IdentityDefinition,
    login_id,
    no_target,
    not_kept,
    password,
)
from burnish_server.api.graphql.users import User, alone
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity.flows import on_behalf
from burnish_server.identity.models import User as Account


@strawberry.input
class CreateIdentityInput:
    user_id: strawberry.ID
    definition: IdentityDefinition
    password: str | None = None


@strawberry.input
class UpdateIdentityInput:
    user_id: strawberry.ID
    identity_id: strawberry.ID
    definition: IdentityDefinition


@strawberry.input
class DeleteIdentityInput:
    identity_id: strawberry.ID


@strawberry.type
class IdentityPayload:
    identity: Identity
    user: User


@strawberry.input
class SetVerifiedStatusInput:
    user_id: strawberry.ID
    claim_name: str
    claim_value: str
    is_verified: bool


@strawberry.input
class ResetPasswordInput:
    user_id: strawberry.ID
    password: str | None = None
    send_password: bool | None = None
    set_password_expired: bool | None = None


@strawberry.type
class IdentityMutations:
    @strawberry.mutation(description="Give a user one more way to sign in.")
    def create_identity(self, info: Info, input: CreateIdentityInput) -> IdentityPayload:
        asked = require(info, USERS_WRITE)
        user, one = to_change(asked, input.user_id), login_id(input.definition)
        secret = password(input.password, user)
        with transaction.atomic():
            made = errors.on_identity(lambda: on_behalf.add(user, one, asked.around))
            if secret is not None and not user.has_usable_password():
                on_behalf.set_password(user, secret)
            asked.done("create_identity", user.pk, user, login_id=one.key)
        return IdentityPayload(identity=Identity.of(made), user=alone(user.pk))

    @strawberry.mutation(description="Put something else in an identity's place.")
    def update_identity(self, info: Info, input: UpdateIdentityInput) -> IdentityPayload:
        asked = require(info, USERS_WRITE)
        user, old = _identity(asked, input.identity_id)
        if to_change(asked, input.user_id) != user:
            raise errors.invalid("This identity is another user's.")
        one = login_id(input.definition)
        with transaction.atomic():
            made = errors.on_identity(lambda: on_behalf.replace(user, old, one, asked.around))
            asked.done("update_identity", user.pk, user, login_id=one.key)
        return IdentityPayload(identity=Identity.of(made), user=alone(user.pk))

    @strawberry.mutation(description="Take a way to sign in away.")
    def delete_identity(self, info: Info, input: DeleteIdentityInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user, old = _identity(asked, input.identity_id)
        with transaction.atomic():
            errors.on_identity(lambda: on_behalf.remove(user, old, asked.around))
            asked.done("delete_identity", user.pk, user, type=old.type)
        return answer(user.pk)

    @strawberry.mutation(description="Say whether an address or a number is a user's own.")
    def set_verified_status(self, info: Info, input: SetVerifiedStatusInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user, name, value = to_change(asked, input.user_id), input.claim_name, input.claim_value
        with transaction.atomic():
            errors.on_identity(
                lambda: on_behalf.set_verified(user, name, value, input.is_verified, asked.around)
            )
            asked.done("set_verified_status", user.pk, user, claim=name)
        return answer(user.pk)

    @strawberry.mutation(description="Give a user a password: an empty one is generated.")
    def reset_password(self, info: Info, input: ResetPasswordInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user = to_change(asked, input.user_id)
        if input.set_password_expired:
            raise not_kept("whether a password is expired", "leave setPasswordExpired out")
        if input.send_password and not user.email:
            raise no_target()
        secret = password(input.password or "", user) or ""
        with transaction.atomic():
            on_behalf.set_password(user, secret)
            if input.send_password:
                on_behalf.mail_password(user, secret)
            asked.done("reset_password", user.pk, user)
        return answer(user.pk)


def _identity(asked: Asked, id: str) -> tuple[Account, entities.Identity]:
    user, own, crowd = belonging(asked, id, "Identity")
    for one in crowd.identities(user):
        if one.id == own:
            return user, one
    raise Refusal("NotFound", "IdentityNotFound", "There is no such identity.")
