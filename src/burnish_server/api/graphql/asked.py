"""What a resolver knows of the request it is part of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from strawberry.types import Info

from burnish_server.api.graphql import visitor as visitors
from burnish_server.api.graphql.visitor import Visitor
from burnish_server.audit.log import Actor, record
from burnish_server.identity.circumstances import Circumstances


@dataclass
class Asked:
    """One request, and who makes it; the context of every resolver."""

    request: HttpRequest
    visitor: Visitor
    read_users: Callable[[list[UUID]], Mapping[UUID, Any]]
    """Reads users by their ids, together, as they are answered: roles have users in turn."""
    at: datetime = field(default_factory=timezone.now)
    kept: dict[Any, Any] = field(default_factory=dict)
    """What was read for one resolver and is of use to its neighbours."""

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit log."""
        return self.visitor.actor

    @cached_property
    def around(self) -> Circumstances:
        """The circumstances of a change, as events tell them."""
        return visitors.around(self.request, self.visitor)

    def done(self, mutation: str, subject_id: object, subject: object, **detail: Any) -> None:
        """Write into the audit log that a mutation, such as `create_user`, was made."""
        action = f"admin_api.mutation.{mutation}.executed"
        record(self.actor, action, "user", subject_id, subject, detail)


def require(info: Info, *scopes: str) -> Asked:
    """Return the request, if whoever makes it has these scopes. Raises a refusal."""
    asked: Asked = info.context
    for scope in scopes:
        asked.visitor.require(scope)
    return asked
