"""What hooks of an operation wrote into the profile of the user it is about."""

from datetime import datetime

from burnish.attributes.schema import Schema
from burnish.hooks.outcome import Passed
from burnish.profiles import edits
from burnish_server.identity.models import User
from burnish_server.profiles import late, store
from burnish_server.roles import store as roles


def write(user: User, passed: Passed, author: str, schema: Schema, at: datetime) -> None:
    """Write it as the hooks' facts, with the author's standing; in the operation's transaction.

    It raises no event: so nothing loops.
    """
    late.keep(passed, user.pk, at)
    memberships(user, passed)
    if passed.draft is not None and passed.draft.written_by:
        asked_at = {run.hook: run.started_at for run in passed.runs}
        store.say(user.pk, edits.of(passed.draft, schema, asked_at, author), at, schema)


def memberships(user: User, passed: Passed) -> None:
    """Write the roles and groups they set; in the operation's transaction."""
    if passed.draft is not None:
        roles.take_over(user.pk, passed.draft)
