"""Which user is meant, and whether programs may change them."""

from typing import Annotated
from uuid import UUID

from ninja import Path

from burnish_server.api.problems import Problem
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.models import User
from burnish_server.identity.whole import whole

AROUND = Circumstances("admin_api")
"""The address a program asks from says nothing of the user, and no event has it."""

UserId = Annotated[str, Path(examples=["5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10"])]


def user(user_id: str) -> User:
    """Return a user with all that is shown of them. Raises a problem: there is none."""
    try:
        found = whole(User.objects.filter(pk=UUID(user_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise Problem(404, "user_not_found", "There is no user with this id.")
    return found


def changeable(user_id: str) -> User:
    """Return a user whom a program may change.

    Raises a problem for somebody who was anonymised, and for administrators: a key would else be
    worth as much as the portal.
    """
    found = user(user_id)
    if found.anonymized_at is not None:
        raise Problem(409, "user_anonymized", "This user was anonymised; there is nobody any more.")
    if found.is_staff:
        sentence = "Administrators are managed in the portal and at the command line only."
        raise Problem(403, "user_is_administrator", sentence)
    return found
