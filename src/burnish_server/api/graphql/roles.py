"""Roles and groups, as GraphQL tells them. Those answered together are read together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar
from uuid import UUID

import strawberry
from strawberry.types import Info

from burnish_server.api.graphql import ids
from burnish_server.api.graphql.asked import Asked, require
from burnish_server.api.graphql.node import Entity, Node
from burnish_server.api.graphql.paging import Connection, Cursor, Page, Window, connection, window
from burnish_server.api_keys.scope import USERS_READ
from burnish_server.roles import listing, models, tie
from burnish_server.roles.tie import Tie

if TYPE_CHECKING:  # users have roles, and roles have users
    from burnish_server.api.graphql.users import User

T = TypeVar("T")

Users = Connection[Annotated["User", strawberry.lazy("burnish_server.api.graphql.users")]]


class Together:
    """Roles or groups that are answered together, and what was read for all of them by now."""

    def __init__(self, ids: Iterable[UUID]) -> None:
        self.ids = list(dict.fromkeys(ids))
        self._kept: dict[tuple[Any, ...], Mapping[UUID, Any]] = {}

    def read(
        self, about: tuple[Any, ...], read: Callable[[], Mapping[UUID, T]]
    ) -> Mapping[UUID, T]:
        """Return what was asked about all of them, reading it the first time."""
        if about not in self._kept:
            self._kept[about] = read()
        return self._kept[about]

    def holders(self, which: Tie, one: UUID, asked: Window) -> Page[UUID]:
        """Return a page of those who have one of these."""
        start, stop = asked.start, asked.stop + 1
        read = partial(listing.holders, which, self.ids, start, stop)
        found = self.read((which.table, start, stop), read)[one]
        size = asked.stop - asked.start

        def count() -> int:
            read = partial(listing.counted, which, self.ids)
            return self.read(("counted", which.table), read)[one]

        return Page(asked, found[:size], len(found) > size, count)

    def known(self, which: Tie, read: Callable[[list[UUID]], Mapping[UUID, T]]) -> Mapping[UUID, T]:
        """Return everything on the pages of holders read so far, by id."""
        pages = [kept for about, kept in self._kept.items() if about[0] is which.table]
        wanted = {one for page in pages for found in page.values() for one in found}
        return self.read(("known", which.table, len(wanted)), lambda: read(list(wanted)))


@strawberry.type(description="What users may be: your app decides what they may do.")
class Role(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    key: str
    name: str | None
    description: str | None
    row: strawberry.Private[models.Role]
    others: strawberry.Private[Together]

    @strawberry.field(description="The users who have it of their own.")
    def users(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Users | None:
        require(info, USERS_READ)
        wanted = window(first, last, after, before)
        return _users(info.context, self.others, tie.ROLES_OF_USERS, self.row.pk, wanted)

    @strawberry.field(description="The groups that give it.")
    def groups(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> "Connection[Group] | None":
        wanted = window(first, last, after, before)
        page = self.others.holders(tie.ROLES_OF_GROUPS, self.row.pk, wanted)
        rows = self.others.known(tie.ROLES_OF_GROUPS, models.Group.objects.in_bulk)
        together = neighbours(info.context, rows)
        return connection(page, [Group.make(rows[one], together) for one in page.things])

    @classmethod
    def make(cls, row: models.Role, others: Together) -> Self:
        """Return a role as it is answered together with others."""
        return cls(**_told("Role", row), row=row, others=others)


@strawberry.type(description="Users who belong together; the group's roles are theirs.")
class Group(Entity, Node):
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
    key: str
    name: str | None
    description: str | None
    row: strawberry.Private[models.Group]
    others: strawberry.Private[Together]

    @strawberry.field(description="The users who are in it.")
    def users(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Users | None:
        require(info, USERS_READ)
        wanted = window(first, last, after, before)
        return _users(info.context, self.others, tie.GROUPS_OF_USERS, self.row.pk, wanted)

    @strawberry.field(description="The roles it gives.")
    def roles(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
    ) -> Connection[Role] | None:
        read = partial(listing.held, tie.ROLES_OF_GROUPS, self.others.ids)
        held = self.others.read(("roles",), read)
        page = window(first, last, after, before).of(held[self.row.pk])
        together = neighbours(info.context, held)
        return connection(page, [Role.make(one, together) for one in page.things])

    @classmethod
    def make(cls, row: models.Group, others: Together) -> Self:
        """Return a group as it is answered together with others."""
        return cls(**_told("Group", row), row=row, others=others)


def neighbours(asked: Asked, held: Mapping[UUID, Any]) -> Together:
    """Return the roles or groups of all who are answered together: `held` has them by holder.

    It may be by their own ids as well. The same mapping has the same neighbours.
    """
    found = asked.kept.get(id(held))
    if found is None:
        rows = [one for value in held.values() for one in _listed(value)]
        # The mapping is kept along, so that no other can have its place in memory.
        found = asked.kept[id(held)] = (Together(one.pk for one in rows), held)
    together: Together = found[0]
    return together


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _users(asked: Asked, others: Together, which: Tie, one: UUID, wanted: Window) -> Any:
    page = others.holders(which, one, wanted)
    users = others.known(which, asked.read_users)
    return connection(page, [users.get(user) for user in page.things])


def _told(type: str, row: models.Role | models.Group) -> dict[str, Any]:
    return {
        "id": strawberry.ID(ids.encode(type, row.pk)),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "key": row.key,
        "name": row.name or None,
        "description": row.description or None,
    }
