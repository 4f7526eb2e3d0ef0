"""Whom a mutation is about, and what it answers."""

from uuid import UUID

import strawberry

from burnish_server.api.graphql import ids, users
from burnish_server.api.graphql.asked import Asked
from burnish_server.api.graphql.errors import not_found
from burnish_server.api.graphql.users import User
from burnish_server.identity import authority
from burnish_server.identity.authority import UserNotFound
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


def to_change(asked: Asked, user_id: str, *, anonymized: bool = False) -> Account:
    """Return the account a mutation is to change. Raises a refusal.

    Somebody who was anonymised is left alone, unless `anonymized` says otherwise.
    """
    pk = ids.uuid_of(user_id, "User")
    return authority.user_to_change(asked.actor, pk, anonymized=anonymized)


def belonging(asked: Asked, id: str, type: str) -> tuple[Account, str, Crowd]:
    """Return whose an identity or a session to be changed is, and its own id. Raises a refusal."""
    owner, own = ids.part_of(id, type)
    try:
        found = authority.user_to_change(asked.actor, owner, anonymized=True)
    except UserNotFound:
        raise not_found(type.lower()) from None
    return found, own, Crowd([found])
