"""An administrator's edit of a profile at the command line. Imported once Django is set up."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from burnish.attributes.convert import convert
from burnish.attributes.schema import Schema
from burnish.profiles.fact import NOTHING
from burnish_server.audit.log import Actor, record
from burnish_server.cli.printed import plain
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.identity.refused import Refused
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.store import Written


def write(user: User, texts: Mapping[str, str], lock: bool) -> list[str]:
    """Write the values these texts stand for, and return what came of each attribute, in words.

    Raises `InvalidValues`, or `Refused` where a hook says no; nothing is written then.
    """
    schema = store.schema()
    values = {name: _parsed(name, text, schema) for name, text in texts.items()}
    wish = Edit(values, party="admin_api", source="admin", lock=lock)
    detail = {"attributes": sorted(values), "locked": lock}
    outcome = update(
        Update(user, [wish], schema, timezone.now()),
        Circumstances("system"),
        also=lambda: _record(user, detail),
    )
    if not isinstance(outcome, Written):
        raise Refused(outcome)
    return [_line(name, outcome, schema) for name in values]


def _record(user: User, detail: Mapping[str, Any]) -> None:
    record(Actor.at_command_line(), "changed", "profile", user.pk, user, detail)


def _parsed(name: str, text: str, schema: Schema) -> Any:
    """Return the value a text stands for; what cannot be read stays text, for the schema to refuse.

    An empty text stands for no value.
    """
    if not text:
        return NOTHING
    if name == "address":
        return _json(text)
    definition = schema.by_name.get(name)
    if definition is None:
        return text
    if definition.type == "string_list":
        listed = _json(text)
        return listed if isinstance(listed, list) else [item.strip() for item in text.split(",")]
    return convert(text, definition)[0]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _line(name: str, written: Written, schema: Schema) -> str:
    place = schema.find(name)
    for change in written.changes:
        if change.attribute == place:
            return f"{name}: {_shown(change.old)} -> {_shown(change.new)}"
    return f"{name}: as it was; `burnish users explain` says why"


def _shown(value: Any) -> str:
    return "no value" if value is NOTHING else plain(value)
