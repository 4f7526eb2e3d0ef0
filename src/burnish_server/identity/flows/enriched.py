"""Saying that sources other than the user filled a profile in."""

from collections.abc import Sequence

from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.events.entities import User
from burnish.events.profile import ProfileEnriched
from burnish.profiles.document import Change
from burnish.profiles.fact import Fact
from burnish_server.hooks import store as hooks
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.changes import changes_of


def tell(
    user: User,
    said: Sequence[Fact],
    changes: Sequence[Change],
    schema: Schema,
    circumstances: Circumstances,
) -> None:
    """Say which attributes changed by what was said, and from whom; in that transaction.

    Call it for what providers and backfills said, not for what hooks did: that would loop.
    """
    changed = {change.attribute for change in changes}
    names = {("custom", one.id): one.name for one in schema.custom}
    sources: dict[str, list[str]] = {}
    for fact in said:
        if fact.attribute in changed:
            sources.setdefault(fact.source, []).append(names.get(fact.attribute, fact.key))
    if sources:
        at = timezone.now()
        event = ProfileEnriched(user, sources, changes_of(changes, schema))
        hooks.happened(event, circumstances.context(user.id, at), at)
