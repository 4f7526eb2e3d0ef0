"""User management > Users > History: what was said of a user, the latest first, by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish_server.identity.models import User
from burnish_server.identity.provenance import day
from burnish_server.profiles import view
from burnish_server.profiles.models import History
from burnish_server.profiles.wording import lines

PAGE = 50
"""How many entries a page has."""

LAST_PAGE = 1000
"""How far back one can page."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that was said, withdrawn or refused; `act` is the sentence after the label."""

    at: datetime
    label: str
    act: str
    value: tuple[str, ...]
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    title: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of the history, and whether there is more of it."""

    days: tuple[Day, ...]
    number: int
    more: bool


def of(user: User, schema: Schema, number: int) -> Timeline:
    """Return a page of a user's history, as far as the portal may see the attributes."""
    number = max(1, min(number, LAST_PAGE))
    start = (number - 1) * PAGE
    seen = History.objects.filter(_readable(schema), user_id=user.pk)
    entries = list(seen[start : start + PAGE + 1])
    shown = entries[:PAGE]
    people = User.objects.in_bulk({entry.by for entry in shown if entry.by})
    days = groupby(shown, key=lambda entry: day(entry.at))
    return Timeline(
        tuple(Day(title, tuple(_moments(said, schema, people))) for title, said in days),
        number,
        more=len(entries) > PAGE and number < LAST_PAGE,
    )


def _readable(schema: Schema) -> Q:
    standard = [name for name in schema.standard if schema.may("portal_ui", "read", name)]
    custom = [a.id for a in schema.custom if schema.may("portal_ui", "read", a.name)]
    return Q(group="standard", key__in=standard) | Q(group="custom", key__in=custom)


def _moments(
    entries: Iterable[History], schema: Schema, people: Mapping[UUID, User]
) -> Iterable[Moment]:
    for entry in entries:
        custom = schema.by_id.get(entry.key) if entry.group == "custom" else None
        value = entry.fact.get("value") if entry.act != "refused" else None
        yield Moment(
            timezone.localtime(entry.at),
            custom.title if custom else default_label(entry.key),
            _act(entry, people),
            lines(value) if value is not None else (),
            bool(custom and custom.sensitive),
        )


def _act(entry: History, people: Mapping[UUID, User]) -> str:
    fact: Mapping[str, Any] = entry.fact
    source = view.in_words(entry.source)
    by = f" ({people.get(entry.by) or 'deleted since'})" if entry.by else ""
    match entry.act:
        case "said" if "value" not in fact:
            return f"deleted by {source}{by}"
        case "said":
            return f"from {source}{by}{', locked' if fact.get('locked') else ''}"
        case "refused":
            return f"the user deleted what {source} said"
        case "converted":
            return f"from {source}, converted to a new type"
        case _:
            return f"withdrawn, was from {source}{by}"
