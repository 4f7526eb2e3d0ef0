"""Which user is meant, and whether programs may change them."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path

from burnish_server.api.deed import program
from burnish_server.api.problems import Problem
from burnish_server.identity import authority
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


def changeable(request: HttpRequest, user_id: str) -> User:
    """Return a user whom the program that asks may change, with all that is shown of them.

    Raises what `authority.user_to_change` raises.
    """
    users = whole(User.objects.all())
    return authority.user_to_change(program(request), user_id, users=users)
