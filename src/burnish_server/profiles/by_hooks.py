"""What hooks write into profiles, in the audit log: which attributes, never their values."""

from collections.abc import Iterable
from uuid import UUID

from burnish.attributes.schema import Schema
from burnish.profiles.document import Entry
from burnish_server.audit.log import Act, Actor, record_many

_HOOK = "hook:"


def note(user_id: UUID, entries: Iterable[Entry], schema: Schema) -> None:
    """Note what each hook wrote of a user; call it in the transaction that writes it."""
    names = {("custom", one.id): one.name for one in schema.custom}
    written: dict[str, list[str]] = {}
    for entry in entries:
        if entry.fact.source.startswith(_HOOK):
            hook = entry.fact.source.removeprefix(_HOOK)
            written.setdefault(hook, []).append(names.get(entry.fact.attribute, entry.fact.key))
    record_many(
        Act(Actor.of_hook(hook), "changed", "profile", user_id, user_id, {"attributes": attributes})
        for hook, attributes in written.items()
    )
