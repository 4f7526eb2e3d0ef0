"""Users made and their profiles changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema
from burnish.attributes.standard import DERIVED, IDENTITY_COUPLED
from burnish.attributes.value import same
from burnish.hooks.outcome import Passed
from burnish.profiles.fact import NOTHING
from burnish_server.api.graphql import errors
from burnish_server.api.graphql.asked import Asked, require
from burnish_server.api.graphql.mutations.target import UserPayload, answer, to_change
from burnish_server.api.graphql.scalars import CustomAttributes, StandardAttributes
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity.flows import on_behalf, signup
from burnish_server.identity.flows.administrator import Unacceptable
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.login_id import LoginId
from burnish_server.profiles import store
from burnish_server.profiles.edit import UNKNOWN, Edit
from burnish_server.profiles.models import Profile
from burnish_server.profiles.store import Written


@strawberry.input
class IdentityDefinitionLoginID:
    key: str
    value: str


@strawberry.input
class IdentityDefinition:
    login_id: IdentityDefinitionLoginID


@strawberry.input
class CreateUserInput:
    definition: IdentityDefinition
    password: str | None = None
    send_password: bool | None = None
    set_password_expired: bool | None = None
    account_valid_from: datetime | None = None
    account_valid_until: datetime | None = None


@strawberry.input
class UpdateUserInput:
    user_id: strawberry.ID
    standard_attributes: StandardAttributes | None = None
    custom_attributes: CustomAttributes | None = None


@strawberry.type
class UserMutations:
    @strawberry.mutation(description="Make a user.")
    def create_user(self, info: Info, input: CreateUserInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        if input.account_valid_from or input.account_valid_until:
            raise not_kept("when an account is valid", "disable it for a time instead")
        return answer(_create(asked, input))

    @strawberry.mutation(description="Replace a user's standard or custom attributes, or both.")
    def update_user(self, info: Info, input: UpdateUserInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user = to_change(asked, input.user_id)
        if input.standard_attributes is None and input.custom_attributes is None:
            return answer(user.pk)
        schema, before = store.schema(), store.of(user.pk)
        values = _standard(input.standard_attributes, before, schema)
        values |= _custom(input.custom_attributes, before, schema)
        edits = [Edit(values, "admin_api", "admin")]
        names = sorted(values)
        outcome = update(
            Update(user, edits, schema, asked.at),
            asked.around,
            also=lambda: asked.done("update_user", user.pk, user, attributes=names),
        )
        if not isinstance(outcome, Written):
            errors.stop(outcome)
        return answer(user.pk)


def login_id(definition: IdentityDefinition) -> LoginId:
    """Return what somebody is to sign in with. Raises a refusal."""
    try:
        return on_behalf.checked(definition.login_id.key, definition.login_id.value)
    except Unacceptable as error:
        raise errors.Refusal("Invalid", "ValidationFailed", str(error)) from None


def password(given: str | None, user: Any = None) -> str | None:
    """Return the password to be set: none, one generated for an empty text, or the one given."""
    if given is None:
        return None
    try:
        return on_behalf.password(given, user)
    except Unacceptable as error:
        raise errors.Refusal("Invalid", "PasswordPolicyViolated", str(error)) from None


def not_kept(what: str, instead: str) -> errors.Refusal:
    """Return the refusal of what accounts here do not have."""
    message = f"Burnish does not keep {what}; {instead}."
    return errors.Refusal("BadRequest", "NotSupported", message)


def _create(asked: Asked, input: CreateUserInput) -> UUID:
    one, secret = login_id(input.definition), password(input.password)
    if input.set_password_expired:
        raise not_kept("whether a password is expired", "leave setPasswordExpired out")
    if input.send_password and one.key != "email":
        raise no_target()
    email, phone, name = (one.typed if one.key == key else "" for key in on_behalf.KEYS)
    schema = store.schema()
    who = signup.candidate(email, secret, phone_number=phone, username=name)
    who = signup.enriched(who, asked.around, schema)
    outcome = signup.ask(who, asked.around, schema)
    if not isinstance(outcome, Passed):
        errors.stop(outcome)
    user = signup.create(who, outcome, asked.around, schema)
    if input.send_password and secret is not None:
        on_behalf.mail_password(user, secret)
    asked.done("create_user", user.pk, user, login_id=one.key)
    return user.pk


def no_target() -> errors.Refusal:
    """Return the refusal to send a password to somebody without an address."""
    message = "The password can be sent to an e-mail address only, and there is none."
    return errors.Refusal("Invalid", "SendPasswordNoTarget", message)


def _standard(given: Any, before: Profile, schema: Schema) -> dict[str, Any]:
    if given is None:
        return {}
    values = {name: value for name, value in _object(given).items() if name not in DERIVED}
    gone = {name for name in before.standard if name not in IDENTITY_COUPLED}
    return _replaced(values, before.standard, gone, set(schema.standard))


def _custom(given: Any, before: Profile, schema: Schema) -> dict[str, Any]:
    if given is None:
        return {}
    names = {one.id: one.name for one in schema.custom}
    present = {names[id]: value for id, value in before.custom.items() if id in names}
    return _replaced(_object(given), present, set(present), set(schema.by_name))


def _replaced(
    given: dict[str, Any], present: Any, may_go: set[str], known: set[str]
) -> dict[str, Any]:
    """Return the edits that make the values those given: what stays the same is nobody's edit."""
    if unknown := [name for name in given if name not in known]:
        raise InvalidValues([Fault(f"/{name}", UNKNOWN) for name in unknown])
    values = {name: value for name, value in given.items() if value is not None}
    said = {
        name: value
        for name, value in values.items()
        if name not in present or not same(present[name], value)
    }
    return said | {name: NOTHING for name in may_go if name in present and name not in values}


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise errors.Refusal("Invalid", "ValidationFailed", "Attributes are a JSON object.")
    return given
