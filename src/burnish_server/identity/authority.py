"""Authority: which actor may change which user, the one rule that every interface asks.

The look-ups here are the only way by which the Admin API, GraphQL and the portal come by a user
whom they change, so that no operation can leave the rule out.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from burnish.errors import BurnishError
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

_TRUSTED = frozenset({Entry.Door.CLI, Entry.Door.SERVICE})
"""Whoever runs commands on the machine, or the service itself, holds the database anyway."""


class UserNotFound(BurnishError):
    """There is no user with this id."""

    code = "user_not_found"


class UserIsAnonymized(BurnishError):
    """This user was anonymised; there is nobody any more."""

    code = "user_anonymized"


class UserIsAdministrator(BurnishError):
    """Administrators are managed in the portal and at the command line only."""

    code = "user_is_administrator"


def may_change(actor: Actor, user: User) -> bool:
    """Return whether an actor may change a user, in whatever way.

    Ordinary users may be changed by every actor that has the permission for the operation itself.
    Administrators may be changed by administrators with all permissions, in the portal, and at the
    command line: never by a program, whatever its API key may do, for a key would else be worth as
    much as the portal.
    """
    if not (user.is_staff or user.is_superuser):
        return True
    return actor.door in _TRUSTED or (actor.door == Entry.Door.PORTAL and actor.is_superuser)


def user_to_change(
    actor: Actor,
    user_id: UUID | str,
    *,
    users: QuerySet[User] | None = None,
    anonymized: bool = False,
) -> User:
    """Return the user whom an actor is about to change.

    Args:
        actor: Who acts, and by which interface.
        user_id: The user's id; a text that is no UUID is nobody's.
        users: The query that reads the user, with what the caller wants read beside them.
        anonymized: Whether somebody whose personal data is gone may be changed as well.

    Raises:
        UserNotFound: There is no such user.
        UserIsAdministrator: See `may_change`.
        UserIsAnonymized: Nothing can be changed any more.
    """
    try:
        pk = user_id if isinstance(user_id, UUID) else UUID(user_id)
    except ValueError:
        raise UserNotFound from None
    user = (User.objects.all() if users is None else users).filter(pk=pk).first()
    if user is None:
        raise UserNotFound
    if not may_change(actor, user):
        raise UserIsAdministrator
    if user.anonymized_at is not None and not anonymized:
        raise UserIsAnonymized
    return user


def users_to_change(actor: Actor, user_ids: Iterable[UUID]) -> Sequence[User]:
    """Return those of the users who are there and not anonymised, for one actor to change.

    Raises:
        UserIsAdministrator: One of them is out of the actor's reach; none is to be changed then.
    """
    users = list(User.objects.filter(pk__in=list(user_ids), anonymized_at=None))
    if not all(may_change(actor, user) for user in users):
        raise UserIsAdministrator
    return users


def out_of_reach(actor: Actor, user_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the users whom an actor may not change: see `may_change`."""
    mighty = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), pk__in=list(user_ids))
    return frozenset(user.pk for user in mighty if not may_change(actor, user))
