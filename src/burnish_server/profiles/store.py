"""Profiles, in and out of the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.attributes.schema import Schema
from burnish.hooks.outcome import Passed
from burnish.profiles import effective
from burnish.profiles.fact import Fact, Group
from burnish_server.profiles.models import CustomAttribute, Profile


def schema() -> Schema:
    """Return the schema in force."""
    return Schema(
        tuple(
            Definition.model_validate(attribute.as_entry())
            for attribute in CustomAttribute.objects.all()
        )
    )


def of(user_id: UUID) -> Profile:
    """Return a user's profile; an empty one, not stored, where there is none yet."""
    return Profile.objects.filter(pk=user_id).first() or Profile(user_id=user_id)


def create(user_id: UUID, passed: Passed, schema: Schema, author: str, at: datetime) -> Profile:
    """Write a new user's profile as the hooks left it.

    What a hook wrote is its own fact, with the standing of the operation's author; the rest is
    the author's (`user` or `admin`).
    """
    facts = list(_facts(passed, schema, author, at))
    winners = effective.winners(facts, at)
    return Profile.objects.create(
        user_id=user_id,
        standard=_values(winners, "standard"),
        custom=_values(winners, "custom"),
        facts=effective.dump(facts),
        updated_at=at,
    )


def say(user_id: UUID, facts: Iterable[Fact], at: datetime) -> Profile:
    """Add facts to a user's profile and derive it anew, in one short transaction.

    Writers of one profile wait for each other, so that none loses another's attribute.
    """
    with transaction.atomic():
        Profile.objects.get_or_create(pk=user_id)
        profile = Profile.objects.select_for_update().get(pk=user_id)
        known = effective.newest([*effective.load(profile.facts), *facts])
        winners = effective.winners(known, at)
        profile.standard = _values(winners, "standard")
        profile.custom = _values(winners, "custom")
        profile.facts = effective.dump(known)
        profile.version += 1
        profile.updated_at = at
        profile.save()
    return profile


def _values(winners: Mapping[effective.Attribute, Fact], group: Group) -> dict[str, Any]:
    return {key: fact.value for (of, key), fact in winners.items() if of == group}


def _facts(passed: Passed, schema: Schema, author: str, at: datetime) -> list[Fact]:
    asked_at = {run.hook: run.started_at for run in passed.runs}
    facts = []
    groups: tuple[Group, Group] = ("standard", "custom")
    for group in groups:
        values = passed.draft.standard if group == "standard" else passed.draft.custom
        for name, value in values.items():
            hook = passed.draft.written_by.get((group, name))
            key = name if group == "standard" else schema.by_name[name].id
            source = f"hook:{hook}" if hook else author
            when = asked_at[hook] if hook else at
            facts.append(Fact(group, key, value, source, when, author=author if hook else None))
    return facts
