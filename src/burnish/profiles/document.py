"""A profile as it is stored, and what becomes of it when somebody speaks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from burnish.attributes.value import same
from burnish.profiles import policy
from burnish.profiles.effective import NO_POLICIES, Facts
from burnish.profiles.fact import NOTHING, Attribute, Fact
from burnish.profiles.policy import DEFAULT, Explanation, Policies, choose

Act = Literal["said", "withdrawn", "refused", "converted"]


@dataclass(frozen=True, slots=True)
class Document:
    """Effective values and the facts behind them, `custom` keyed by attribute id.

    `due_at` is when a live fact expires next: until then the values are what the facts say.
    """

    standard: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=lambda: {"standard": {}, "custom": {}})
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An effective value that became another; `NOTHING` where there was or is none."""

    attribute: Attribute
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: what a source said of an attribute, or that it was taken back."""

    act: Act
    fact: Fact


@dataclass(frozen=True, slots=True)
class Amended:
    """What came of speaking: the document, what changed in effect, and the history's new lines.

    `unheard` are guesses that were not kept, because the person refused that source before.
    """

    document: Document
    changes: tuple[Change, ...]
    entries: tuple[Entry, ...]
    unheard: tuple[Fact, ...] = ()


def amend(
    document: Document,
    said: Iterable[Fact],
    now: datetime,
    policies: Policies = NO_POLICIES,
    withdrawn: Iterable[tuple[Attribute, str]] = (),
) -> Amended:
    """Return the document with facts added, and what sources said withdrawn, in that order.

    Only attributes somebody spoke of are looked at, so that the cost is theirs alone.
    """
    facts: dict[str, dict[str, Any]] = {}
    entries: list[Entry] = []
    unheard: list[Fact] = []
    touched: dict[Attribute, None] = {}

    def sources(attribute: Attribute) -> dict[str, Mapping[str, Any]]:
        group, key = attribute
        if attribute not in touched:
            touched[attribute] = None
            if group not in facts:
                facts[group] = dict(document.facts.get(group, {}))
            facts[group][key] = dict(facts[group].get(key, {}))
        slots: dict[str, Mapping[str, Any]] = facts[group][key]
        return slots

    for fact in said:
        slots = sources(fact.attribute)
        if stored := slots.get(fact.source):
            rival = Fact.from_json(*fact.attribute, fact.source, stored)
            if rival.refused and not fact.replaces(rival):
                unheard.append(fact)
                continue
            if fact.replaces(rival):
                slots[fact.source] = fact.as_json()
        else:
            slots[fact.source] = fact.as_json()
        entries.append(Entry("refused" if fact.refused else "said", fact))
    for attribute, source in withdrawn:
        if stored := sources(attribute).pop(source, None):
            gone = Fact.from_json(*attribute, source, stored)
            entries.append(Entry("withdrawn", replace(gone, observed_at=now)))
    return _settle(document, facts, touched, now, policies, entries, unheard)


def _settle(
    document: Document,
    facts: dict[str, dict[str, Any]],
    touched: Iterable[Attribute],
    now: datetime,
    policies: Policies,
    entries: list[Entry],
    unheard: list[Fact],
) -> Amended:
    values = {"standard": dict(document.standard), "custom": dict(document.custom)}
    changes: list[Change] = []
    due_at = document.due_at
    for attribute in touched:
        group, key = attribute
        slots = facts[group][key]
        heard = [
            fact
            for source, stored in slots.items()
            if not (fact := Fact.from_json(group, key, source, stored)).refused
        ]
        if not slots:
            del facts[group][key]
        for fact in heard:
            if fact.expires_at and now < fact.expires_at:
                due_at = min(due_at or fact.expires_at, fact.expires_at)
        old = values[group].get(key, NOTHING)
        new = choose(heard, now, policies.get(attribute, DEFAULT)).value if heard else NOTHING
        if new is NOTHING:
            values[group].pop(key, None)
        else:
            values[group][key] = new
        if not same(old, new):
            changes.append(Change(attribute, old, new))
    after = Document(values["standard"], values["custom"], {**document.facts, **facts}, due_at)
    return Amended(after, tuple(changes), tuple(entries), tuple(unheard))


def attributes(document: Document) -> list[Attribute]:
    """Return all attributes somebody has said something about."""
    return [
        (group, key) for group in ("standard", "custom") for key in document.facts.get(group, {})
    ]


def refresh(document: Document, now: datetime, policies: Policies = NO_POLICIES) -> Amended:
    """Return the document as its facts have it now: some may have expired since it was derived."""
    fresh = replace(document, due_at=None)
    facts = {
        group: {key: dict(slots) for key, slots in keys.items()}
        for group, keys in document.facts.items()
    }
    return _settle(fresh, facts, attributes(document), now, policies, [], [])


def reshape(
    document: Document,
    attribute: Attribute,
    convert: Callable[[Any], tuple[Any, str | None]],
    now: datetime,
    policies: Policies = NO_POLICIES,
) -> Amended:
    """Return the document with every value of an attribute converted.

    `convert` gives the new value, and a reason where there is none: what was said is withdrawn
    then.
    """
    group, key = attribute
    facts = {name: dict(keys) for name, keys in document.facts.items()}
    slots: dict[str, Mapping[str, Any]] = {}
    entries: list[Entry] = []
    for source, stored in facts.get(group, {}).get(key, {}).items():
        before = Fact.from_json(group, key, source, stored)
        value, reason = (before.value, None) if before.value is NOTHING else convert(before.value)
        if reason:
            entries.append(Entry("withdrawn", replace(before, observed_at=now)))
            continue
        after = replace(before, value=value)
        slots[source] = after.as_json()
        if not same(before.value, value):
            entries.append(Entry("converted", after))
    facts[group] = {**facts.get(group, {}), key: slots}
    shaped = {name: {of: dict(said) for of, said in keys.items()} for name, keys in facts.items()}
    return _settle(document, shaped, [attribute], now, policies, entries, [])


def clear(
    document: Document, attribute: Attribute, now: datetime
) -> tuple[list[Fact], list[tuple[Attribute, str]]]:
    """Return what a person's deleting of a value amounts to: facts to say, words to withdraw.

    What a hook, a provider or a social identity gave is remembered as refused, without its value,
    whoever the operation was by; what a person or an administrator said is withdrawn.
    """
    group, key = attribute
    said: list[Fact] = []
    withdrawn: list[tuple[Attribute, str]] = []
    for source, stored in document.facts.get(group, {}).get(key, {}).items():
        fact = Fact.from_json(group, key, source, stored)
        if fact.origin in ("social", "guess"):
            said.append(Fact(group, key, NOTHING, source, now, author=fact.author, refused=True))
        else:
            withdrawn.append((attribute, source))
    return said, withdrawn


def explain(
    document: Document, attribute: Attribute, now: datetime, policies: Policies = NO_POLICIES
) -> Explanation | None:
    """Return why an attribute has the value it has; None where nobody's word counts."""
    group, key = attribute
    stored = document.facts.get(group, {}).get(key, {})
    facts = [Fact.from_json(group, key, source, said) for source, said in stored.items()]
    heard = [fact for fact in facts if not fact.refused]
    return policy.explain(heard, now, policies.get(attribute, DEFAULT)) if heard else None
