"""Users signed out elsewhere."""

import strawberry
from django.db import transaction
from strawberry.types import Info

from burnish_server.api.graphql.asked import require
from burnish_server.api.graphql.errors import not_found
from burnish_server.api.graphql.mutations.target import (
    UserInput,
    UserPayload,
    answer,
    belonging,
    to_change,
)
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity import user_sessions


@strawberry.input
class RevokeSessionInput:
    session_id: strawberry.ID


@strawberry.input
class RevokeAllSessionsInput(UserInput): ...


@strawberry.type
class SessionMutations:
    @strawberry.mutation(description="Sign a user out of one session, and of what came from it.")
    def revoke_session(self, info: Info, input: RevokeSessionInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user, own, crowd = belonging(asked, input.session_id, "Session")
        session = crowd.session(user, own)
        if session is None:
            raise not_found("session")
        with transaction.atomic():
            user_sessions.end(user, str(session.pk))
            asked.done("revoke_session", user.pk, user)
        return answer(user.pk)

    @strawberry.mutation(description="Sign a user out everywhere; their refresh tokens end too.")
    def revoke_all_sessions(self, info: Info, input: RevokeAllSessionsInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user = to_change(asked, input.user_id, anonymized=True)
        with transaction.atomic():
            user_sessions.end_all(user)
            asked.done("revoke_all_sessions", user.pk, user)
        return answer(user.pk)
