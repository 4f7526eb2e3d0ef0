"""Finding users: lists of them, and look-ups that see what was written a moment ago."""

import enum
from collections.abc import Sequence
from uuid import UUID

import strawberry
from django.db.models import F, Q, QuerySet

from burnish_server.api.graphql.errors import Refusal
from burnish_server.api.graphql.paging import Page, Window
from burnish_server.identity import lookup
from burnish_server.identity.login_id import name, number
from burnish_server.identity.models import User
from burnish_server.profiles import search, store
from burnish_server.roles import listing


@strawberry.enum
class UserSortBy(enum.Enum):
    CREATED_AT = "created_at"
    LAST_LOGIN_AT = "last_login"


@strawberry.enum
class SortDirection(enum.Enum):
    ASC = "asc"
    DESC = "desc"


ATTRIBUTES = {
    "email": "email",
    "phone_number": "phone_number",
    "preferred_username": "username",
}
"""Where an account has what is looked up by standard attribute."""

LOGIN_IDS = {"email": "email", "phone": "phone_number", "username": "username"}


def wanted(
    keyword: str | None, roles: Sequence[str] | None, groups: Sequence[str] | None
) -> QuerySet[User]:
    """Return the users a search keyword, roles and groups leave over."""
    users = User.objects.all()
    if keyword and keyword.strip():
        found = search.find(keyword, store.schema(), "admin_api")
        own = Q(phone_number=number(keyword)) | Q(username=name(keyword))
        # PostgreSQL knows no null character in a text, so nobody has one.
        users = users.filter(Q(pk__in=found.users) | own) if "\0" not in keyword else users.none()
    found_users: QuerySet[User] = listing.users_with(users, roles, groups)
    return found_users


def page(
    users: QuerySet[User],
    window: Window,
    by: UserSortBy | None = None,
    direction: SortDirection | None = None,
) -> Page[User]:
    """Return one page of users, in order; who has no such time comes last."""
    column = F((by or UserSortBy.CREATED_AT).value)
    rising = direction is SortDirection.ASC
    order = column.asc(nulls_last=True) if rising else column.desc(nulls_last=True)
    ordered = users.order_by(order, "pk" if rising else "-pk")
    found = list(ordered[window.start : window.stop + 1])
    size = window.stop - window.start
    return Page(window, found[:size], len(found) > size, users.count)


def by_attribute(attribute: str, value: str) -> list[User]:
    """Return the users who sign in with a value of a standard attribute. Raises a refusal."""
    field = ATTRIBUTES.get(attribute)
    if field is None:
        raise _unfit(f"attributeName must be one of {', '.join(ATTRIBUTES)}.")
    return _by(field, value)


def by_login_id(key: str, value: str) -> User | None:
    """Return who signs in with this. Raises a refusal."""
    field = LOGIN_IDS.get(key)
    if field is None:
        raise _unfit(f"loginIDKey must be one of {', '.join(LOGIN_IDS)}.")
    return next(iter(_by(field, value)), None)


def by_provider(alias: str, subject: str) -> User | None:
    """Return who signs in with an account of a social provider. Raises a refusal."""
    if alias not in lookup.social_providers():
        raise _unfit(f"There is no social provider {alias}.")
    return None if "\0" in subject else lookup.by_social_account(alias, subject)


def one(user_id: UUID) -> User | None:
    """Return a user by their id."""
    return User.objects.filter(pk=user_id).first()


def _by(field: str, value: str) -> list[User]:
    kept = {"phone_number": number, "username": name}.get(field, lambda text: text.strip().lower())
    if "\0" in value or not value.strip() or (field == "email" and "@" not in value):
        raise _unfit(f"{value!r} is no {field.replace('_', ' ')}.")
    if field == "phone_number" and not number(value).startswith("+"):
        raise _unfit("Write the number with its country code, such as +46701740605.")
    return list(User.objects.filter(**{field: kept(value)}))


def _unfit(message: str) -> Refusal:
    return Refusal("Invalid", "GetUsersInvalidArgument", message)
