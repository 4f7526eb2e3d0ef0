"""An edit of a profile, by its person or an administrator: put before the hooks, then written.

Nothing is held while the hooks are asked; then one short transaction writes the edit, what the
hooks made of it, and the event, or nothing at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from burnish.attributes.schema import Schema
from burnish.events.user import UserProfilePreUpdate, UserProfileUpdated
from burnish.hooks.outcome import Denied, Failed, Passed
from burnish.profiles import edits
from burnish.profiles.document import Document, amend
from burnish.profiles.policy import policies
from burnish_server.hooks import store as hooks
from burnish_server.hooks.ask import ask
from burnish_server.identity import entities, owned
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich, hooks_edits
from burnish_server.identity.flows.changes import changes_of
from burnish_server.identity.models import User
from burnish_server.profiles import edit, late, store
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.models import Profile
from burnish_server.profiles.store import Speech, Written


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be written: edits of one user, and what they were made in view of."""

    user: User
    edits: Sequence[Edit]
    schema: Schema
    at: datetime
    base_version: int | None = None
    by: UUID | None = None


def update(
    asked: Update, circumstances: Circumstances, also: Callable[[], None] | None = None
) -> Written | Denied | Failed:
    """Put edits before the hooks of `user.profile.pre_update`, and write them.

    `also` is called in the transaction that writes. Raises `AccessControlViolated`,
    `InvalidValues`, or `Conflict` when one of these attributes changed since the base version.
    """
    user, schema, at = asked.user, asked.schema, asked.at
    said = edit.speech(asked.edits, owned.of(user), schema, at)
    context = circumstances.context(str(user.pk), at)
    before = store.of(user.pk)
    preview = _preview(before, said, schema, at)
    event = UserProfilePreUpdate(entities.user(user, preview, schema))
    outcome = ask(event, context, schema)
    if not isinstance(outcome, Passed):
        return outcome
    author = asked.edits[0].author if asked.edits else "user"

    def speech(document: Document) -> Speech:
        facts, withdrawn = said(document)
        return [*facts, *_of_hooks(outcome, schema, author)], withdrawn

    with transaction.atomic():
        base, by = asked.base_version, asked.by
        written = store.write(user.pk, speech, at, schema, base_version=base, by=by)
        late.keep(outcome, user.pk, at)
        hooks_edits.memberships(user, outcome)
        announce(user, written, schema, circumstances, at)
        if also:
            also()
    return written


def announce(
    user: User, written: Written, schema: Schema, circumstances: Circumstances, at: datetime
) -> None:
    """Say that a profile was updated, if it was; in the transaction that did it."""
    if changes := changes_of(written.changes, schema):
        now = entities.user(user, written.profile, schema)
        context = circumstances.context(str(user.pk), at)
        hooks.happened(UserProfileUpdated(now, changes), context, at)
        enrich.after_change(user, {change.attribute for change in changes}, circumstances)


def _preview(
    before: Profile, said: Callable[[Document], Speech], schema: Schema, at: datetime
) -> Profile:
    document = before.as_document()
    facts, withdrawn = said(document)
    after = amend(document, facts, at, policies(schema), withdrawn).document
    return Profile(
        user_id=before.user_id,
        standard=dict(after.standard),
        custom=dict(after.custom),
        facts=after.facts,
        version=before.version,
        updated_at=at,
    )


def _of_hooks(passed: Passed, schema: Schema, author: str) -> list[Any]:
    if passed.draft is None:
        return []
    asked_at = {run.hook: run.started_at for run in passed.runs}
    return edits.of(passed.draft, schema, asked_at, author)
