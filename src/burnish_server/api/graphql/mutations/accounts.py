"""What becomes of accounts: closed, opened, deleted, anonymised."""

from datetime import datetime

import strawberry
from strawberry.types import Info

from burnish.hooks.outcome import Passed
from burnish_server.api.graphql import errors, ids
from burnish_server.api.graphql.asked import require
from burnish_server.api.graphql.mutations.target import UserInput, UserPayload, answer, to_change
from burnish_server.api_keys.scope import USERS_DELETE, USERS_WRITE
from burnish_server.identity.flows import anonymization, deletion, disabling


@strawberry.input
class SetDisabledStatusInput:
    user_id: strawberry.ID
    is_disabled: bool
    reason: str | None = None
    temporarily_disabled_from: datetime | None = None
    temporarily_disabled_until: datetime | None = None


@strawberry.input
class ScheduleAccountDeletionInput(UserInput):
    reason: str | None = None


@strawberry.input
class DeleteUserInput(UserInput):
    reason: str | None = None


@strawberry.input
class UnscheduleAccountDeletionInput(UserInput): ...


@strawberry.input
class ScheduleAccountAnonymizationInput(UserInput): ...


@strawberry.input
class UnscheduleAccountAnonymizationInput(UserInput): ...


@strawberry.input
class AnonymizeUserInput(UserInput): ...


@strawberry.type
class DeleteUserPayload:
    deleted_user_id: strawberry.ID


@strawberry.type
class AnonymizeUserPayload:
    anonymized_user_id: strawberry.ID


@strawberry.type
class AccountMutations:
    @strawberry.mutation(description="Close an account to its user, or open it again.")
    def set_disabled_status(self, info: Info, input: SetDisabledStatusInput) -> UserPayload:
        asked = require(info, USERS_WRITE)
        user = to_change(asked, input.user_id)
        _not_scheduled(user)
        since, until = input.temporarily_disabled_from, input.temporarily_disabled_until
        if since and until and since >= until:
            raise errors.invalid("temporarilyDisabledFrom must be before temporarilyDisabledUntil.")
        if input.is_disabled:
            reason = input.reason or ""
            disabling.disable(user, asked.around, reason=reason, since=since, until=until)
        else:
            disabling.enable(user, asked.around)
        asked.done("set_disabled_status", user.pk, user, is_disabled=input.is_disabled)
        return answer(user.pk)

    @strawberry.mutation(description="Close an account, and delete it after the grace period.")
    def schedule_account_deletion(
        self, info: Info, input: ScheduleAccountDeletionInput
    ) -> UserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id)
        _not_scheduled(user)
        outcome = deletion.schedule(
            user,
            asked.around,
            reason=input.reason or "",
            also=lambda: asked.done("schedule_account_deletion", user.pk, user),
        )
        if not isinstance(outcome, Passed):
            errors.stop(outcome)
        return answer(user.pk)

    @strawberry.mutation(description="Keep an account after all, and open it again.")
    def unschedule_account_deletion(
        self, info: Info, input: UnscheduleAccountDeletionInput
    ) -> UserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id)
        if user.delete_at is None:
            raise errors.invalid("This user is not to be deleted.", "InvalidAccountStatus")
        deletion.unschedule(user, asked.around)
        asked.done("unschedule_account_deletion", user.pk, user)
        return answer(user.pk)

    @strawberry.mutation(description="Delete a user and all that is known of them, at once.")
    def delete_user(self, info: Info, input: DeleteUserInput) -> DeleteUserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id, anonymized=True)
        asked.done("delete_user", user.pk, user.pk)
        gone = strawberry.ID(ids.encode("User", user.pk))
        deletion.delete(user, asked.around, input.reason or "")
        return DeleteUserPayload(deleted_user_id=gone)

    @strawberry.mutation(description="Close an account, and anonymise it after the grace period.")
    def schedule_account_anonymization(
        self, info: Info, input: ScheduleAccountAnonymizationInput
    ) -> UserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id)
        _not_scheduled(user)
        outcome = anonymization.schedule(
            user,
            asked.around,
            deletion.grace().days,
            also=lambda: asked.done("schedule_account_anonymization", user.pk, user),
        )
        if not isinstance(outcome, Passed):
            errors.stop(outcome)
        return answer(user.pk)

    @strawberry.mutation(description="Leave an account as it is after all, and open it again.")
    def unschedule_account_anonymization(
        self, info: Info, input: UnscheduleAccountAnonymizationInput
    ) -> UserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id)
        if user.anonymize_at is None:
            raise errors.invalid("This user is not to be anonymised.", "InvalidAccountStatus")
        anonymization.unschedule(user, asked.around)
        asked.done("unschedule_account_anonymization", user.pk, user)
        return answer(user.pk)

    @strawberry.mutation(description="Remove all that is personal from an account, at once.")
    def anonymize_user(self, info: Info, input: AnonymizeUserInput) -> AnonymizeUserPayload:
        asked = require(info, USERS_DELETE)
        user = to_change(asked, input.user_id)
        asked.done("anonymize_user", user.pk, user.pk)
        anonymization.anonymize(user, asked.around)
        return AnonymizeUserPayload(anonymized_user_id=strawberry.ID(ids.encode("User", user.pk)))


def _not_scheduled(user: object) -> None:
    for name, word in (("delete_at", "deleted"), ("anonymize_at", "anonymised")):
        if getattr(user, name):
            message = f"This user is to be {word}; call that off first."
            raise errors.invalid(message, "InvalidAccountStatus")
