"""The schema: what can be asked and changed, as one."""

from typing import Any

import strawberry

from burnish_server.api.graphql.audit import AuditLog
from burnish_server.api.graphql.belongings import Authenticator, Identity, Session
from burnish_server.api.graphql.mutations.accounts import AccountMutations
from burnish_server.api.graphql.mutations.identities import IdentityMutations
from burnish_server.api.graphql.mutations.members import MemberMutations
from burnish_server.api.graphql.mutations.roles import RoleMutations
from burnish_server.api.graphql.mutations.sessions import SessionMutations
from burnish_server.api.graphql.mutations.users import UserMutations
from burnish_server.api.graphql.query import Query
from burnish_server.api.graphql.roles import Group, Role
from burnish_server.api.graphql.scalars import CONFIG
from burnish_server.api.graphql.users import User


@strawberry.type
class Mutation(
    UserMutations,
    AccountMutations,
    IdentityMutations,
    RoleMutations,
    MemberMutations,
    SessionMutations,
):
    """Everything that can be changed."""


class Schema(strawberry.Schema):
    """A schema whose errors `errors` tells and logs."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Log nothing here: what was asked may hold what is nobody's business."""


schema = Schema(
    Query,
    Mutation,
    config=CONFIG,
    types=[User, Identity, Authenticator, Session, Role, Group, AuditLog],
)
