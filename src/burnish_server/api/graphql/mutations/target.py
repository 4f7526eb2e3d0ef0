"""Whom a mutation is about, and what it answers."""

from uuid import UUID

import strawberry

from burnish_server.api.graphql import ids, users
from burnish_server.api.graphql.errors import Refusal, not_found
from burnish_server.api.graphql.users import User
from burnish_server.identity.crowd import Crowd
from burnish_server.identity.models import User as Account


@strawberry.type
class UserPayload:
    user: User


@strawberry.input
class UserInput:
    user_id: strawberry.ID


def answer(user_id: UUID) -> UserPayload:
    """Return a user as they are stored now."""
    return UserPayload(user=users.alone(user_id))


def account(user_id: str) -> Account:
    """Return the account a user's id means. Raises a refusal."""
    found = Account.objects.filter(pk=ids.uuid_of(user_id, "User")).first()
    if found is None:
        raise not_found("user")
    return found


def living(user_id: str) -> Account:
    """Return an account that still has a person: an anonymised one is left alone."""
    found = account(user_id)
    if found.anonymized_at is not None:
        raise Refusal("Invalid", "UserIsAnonymized", "This user was anonymised.")
    return found


def belonging(id: str, type: str) -> tuple[Account, str, Crowd]:
    """Return whose an identity or a session is, and its own id. Raises a refusal."""
    owner, own = ids.part_of(id, type)
    found = Account.objects.filter(pk=owner).first()
    if found is None:
        raise not_found(type.lower())
    return found, own, Crowd([found])
