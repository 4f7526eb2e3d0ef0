"""What can be asked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from django.db.models import Q, QuerySet
from strawberry.types import Info

from burnish_server.api.graphql import audit, finding, ids, users
from burnish_server.api.graphql.asked import Asked, require
from burnish_server.api.graphql.belongings import Authenticator, Identity, Session
from burnish_server.api.graphql.errors import Refusal
from burnish_server.api.graphql.finding import SortDirection, UserSortBy
from burnish_server.api.graphql.node import Node
from burnish_server.api.graphql.paging import MOST, Connection, Cursor, Page, connection, window
from burnish_server.api.graphql.roles import Group, Role, Together
from burnish_server.api.graphql.scalars import ActivityType
from burnish_server.api.graphql.users import User
from burnish_server.api_keys.scope import AUDIT_READ, ROLES_READ, USERS_READ
from burnish_server.identity.crowd import Crowd
from burnish_server.identity.models import User as Account
from burnish_server.roles import models

NODE_SCOPES = {
    "User": USERS_READ,
    "Identity": USERS_READ,
    "Authenticator": USERS_READ,
    "Session": USERS_READ,
    "Role": ROLES_READ,
    "Group": ROLES_READ,
    "AuditLog": AUDIT_READ,
}


@strawberry.type
class Query:
    @strawberry.field(description="Find something by its id.")
    def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return _nodes(info, [id])[0]

    @strawberry.field(description="Find several things by their ids, in their order.")
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        if len(ids) > MOST:
            raise Refusal("BadRequest", "InvalidQuery", f"Ask for at most {MOST} nodes at once.")
        return _nodes(info, ids)

    @strawberry.field(description="Users, the newest first.")
    def users(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        search_keyword: str | None = None,
        group_keys: list[str] | None = None,
        role_keys: list[str] | None = None,
        sort_by: UserSortBy | None = None,
        sort_direction: SortDirection | None = None,
    ) -> Connection[User] | None:
        require(info, USERS_READ)
        asked = window(first, last, after, before)
        found = finding.wanted(search_keyword, role_keys, group_keys)
        return users.shown(finding.page(found, asked, sort_by, sort_direction))

    @strawberry.field(description="Users by e-mail, phone_number or preferred_username.")
    def get_users_by_standard_attribute(
        self, info: Info, attribute_name: str, attribute_value: str
    ) -> list[User]:
        require(info, USERS_READ)
        return users.together(finding.by_attribute(attribute_name, attribute_value))

    @strawberry.field(description="A user by what they sign in with.")
    def get_user_by_login_id(
        self,
        info: Info,
        login_id_key: str,
        login_id_value: str,
    ) -> User | None:
        require(info, USERS_READ)
        return _shown(finding.by_login_id(login_id_key, login_id_value))

    @strawberry.field(name="getUserByOAuth", description="A user by a social provider's account.")
    def get_user_by_oauth(
        self,
        info: Info,
        oauth_provider_alias: str,
        oauth_provider_user_id: str,
    ) -> User | None:
        require(info, USERS_READ)
        return _shown(finding.by_provider(oauth_provider_alias, oauth_provider_user_id))

    @strawberry.field
    def roles(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        search_keyword: str | None = None,
        excluded_ids: list[strawberry.ID] | None = None,
    ) -> Connection[Role] | None:
        require(info, ROLES_READ)
        rows = _named(models.Role.objects.all(), search_keyword, excluded_ids, "Role")
        page = _page(rows, first, last, after, before)
        others = Together(row.pk for row in page.things)
        return connection(page, [Role.make(row, others) for row in page.things])

    @strawberry.field
    def groups(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        search_keyword: str | None = None,
        excluded_ids: list[strawberry.ID] | None = None,
    ) -> Connection[Group] | None:
        require(info, ROLES_READ)
        rows = _named(models.Group.objects.all(), search_keyword, excluded_ids, "Group")
        page = _page(rows, first, last, after, before)
        others = Together(row.pk for row in page.things)
        return connection(page, [Group.make(row, others) for row in page.things])

    @strawberry.field(description="What was done, the latest first.")
    def audit_logs(
        self,
        info: Info,
        first: int | None = None,
        last: int | None = None,
        after: Cursor = None,
        before: Cursor = None,
        range_from: datetime | None = None,
        range_to: datetime | None = None,
        activity_types: list[ActivityType] | None = None,
        user_ids: list[strawberry.ID] | None = None,
        sort_direction: SortDirection | None = None,
    ) -> Connection[audit.AuditLog] | None:
        require(info, AUDIT_READ)
        about = None if user_ids is None else [ids.uuid_of(one, "User") for one in user_ids]
        found = audit.wanted(range_from, range_to, activity_types, about)
        rising = sort_direction is SortDirection.ASC
        return audit.shown(found, window(first, last, after, before), rising=rising)


def _nodes(info: Info, wanted: Sequence[str]) -> list[Node | None]:
    told = [ids.decode(one) for one in wanted]
    found: dict[tuple[str, str], Any] = {}
    for type in {one.type for one in told if one and one.type in NODE_SCOPES}:
        asked = require(info, NODE_SCOPES[type])
        raws = {one.raw for one in told if one and one.type == type}
        found |= {(type, raw): node for raw, node in _READ[type](asked, raws).items()}
    return [found.get((one.type, one.raw)) if one else None for one in told]


def _by_uuid(read: Callable[[list[UUID]], dict[UUID, Any]]) -> Callable[..., dict[str, Any]]:
    def nodes(_asked: Asked, raws: set[str]) -> dict[str, Any]:
        uuids = {raw: uuid for raw in raws if (uuid := ids.as_uuid(raw))}
        found = read(list(uuids.values()))
        return {raw: found[uuid] for raw, uuid in uuids.items() if uuid in found}

    return nodes


def _belongings(_asked: Asked, raws: set[str]) -> dict[str, Any]:
    owners = {uuid for raw in raws if (uuid := ids.as_uuid(raw.partition("/")[0]))}
    crowd = Crowd(Account.objects.filter(pk__in=owners))
    found: dict[str, Any] = {}
    for user in crowd.users.values():
        found |= {f"{user.pk}/{one.id}": Identity.of(one) for one in crowd.identities(user)}
        means = crowd.authenticators(user)
        found |= {f"{user.pk}/{one.id}": Authenticator.of(one) for one in means}
        sessions = crowd.sessions(user)
        found |= {f"{user.pk}/{one.id}": Session.of(user.pk, one) for one in sessions}
    return found


def _roles(found: list[UUID]) -> dict[UUID, Role]:
    rows = models.Role.objects.in_bulk(found)
    others = Together(rows)
    return {one: Role.make(row, others) for one, row in rows.items()}


def _groups(found: list[UUID]) -> dict[UUID, Group]:
    rows = models.Group.objects.in_bulk(found)
    others = Together(rows)
    return {one: Group.make(row, others) for one, row in rows.items()}


def _entries(_asked: Asked, raws: set[str]) -> dict[str, Any]:
    numbers = [int(raw) for raw in raws if raw.isascii() and raw.isdigit() and len(raw) < 19]
    rows = list(audit.entries().filter(pk__in=numbers))
    return {str(row.pk): log for row, log in zip(rows, audit.together(rows), strict=True)}


_READ: dict[str, Callable[[Asked, set[str]], dict[str, Any]]] = {
    "User": _by_uuid(users.by_id),
    "Identity": _belongings,
    "Authenticator": _belongings,
    "Session": _belongings,
    "Role": _by_uuid(_roles),
    "Group": _by_uuid(_groups),
    "AuditLog": _entries,
}


def _shown(account: Any) -> User | None:
    return users.together([account])[0] if account else None


def _named(
    rows: QuerySet[Any], keyword: str | None, excluded: Sequence[str] | None, type: str
) -> QuerySet[Any]:
    if keyword and "\0" in keyword:
        return rows.none()
    if keyword:
        rows = rows.filter(Q(key__istartswith=keyword) | Q(name__istartswith=keyword))
    return rows.exclude(pk__in=[ids.uuid_of(one, type) for one in excluded or ()])


def _page(
    rows: QuerySet[Any], first: int | None, last: int | None, after: Cursor, before: Cursor
) -> Page[Any]:
    wanted = window(first, last, after, before)
    found = list(rows[wanted.start : wanted.stop + 1])
    size = wanted.stop - wanted.start
    return Page(wanted, found[:size], len(found) > size, rows.count)
