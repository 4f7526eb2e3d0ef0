"""Hooks' edits as facts: what a hook changed is its own, what it passed through is not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from burnish.attributes.schema import Schema
from burnish.hooks.mutation import Draft
from burnish.profiles.fact import NOTHING, Fact


def of(
    draft: Draft, schema: Schema, asked_at: Mapping[str, datetime], author: str | None
) -> list[Fact]:
    """Return what the hooks of one event changed, each as that hook's fact.

    Within an operation the edit has the standing of the operation's `author`, `user` or `admin`;
    an answer that came after it has none, and stands as a guess. What a hook left out is a fact
    that says there is nothing. `asked_at` is by hook name.
    """
    facts = []
    for (group, name), hook in draft.written_by.items():
        values: Mapping[str, Any] = draft.standard if group == "standard" else draft.custom
        place = schema.find(name)
        if place is None:
            continue
        value = values.get(name, NOTHING)
        facts.append(Fact(*place, value, f"hook:{hook}", asked_at[hook], author=author))
    return facts
