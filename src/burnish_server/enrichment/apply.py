"""Providers and waterfalls from a configuration file into the database, and back.

What is secret is sealed when it is written, and is never written out again: a file that was
exported names it by reference, or leaves it out and so leaves it as it is.
"""

import json
from collections.abc import Mapping
from typing import Any

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.config import Plan
from burnish.enrichment import fragment
from burnish.enrichment.fragment import Enrichment, Step
from burnish.enrichment.providers import kinds
from burnish.enrichment.providers.sql import Sql
from burnish.errors import InvalidSettings
from burnish_server.audit.log import Actor, record
from burnish_server.enrichment import gauges, store
from burnish_server.enrichment.models import Kept, Provider, TimeBudget, Waterfall
from burnish_server.hooks import sealing


def plan(section: Enrichment, schema: Schema) -> Plan:
    """Return what the section would change, given the schema it will meet. Writes nothing."""
    stored = {row.name: row for row in Provider.objects.all()}
    lines, refused = [], list[Fault]()
    for name, entry in section.providers.items():
        row = stored.get(name)
        refused += store.judge(name, _with_kept(row, entry))
        if row is None:
            lines.append(f"+ provider {name} ({entry.get('kind', name)})")
        elif changed := _changed(row, entry):
            lines.append(f"~ provider {name}: {', '.join(changed)}")
    before = store.steps(schema)
    for attribute, steps in section.attributes.items():
        if before.get(attribute) != steps:
            lines.append(f"~ waterfall of {attribute}: {' > '.join(one.provider for one in steps)}")
    faults = [
        Fault(f"enrichment.attributes.{attribute}", "nobody defined this attribute")
        for attribute in section.attributes
        if schema.find(attribute) is None
    ]
    faults += refused
    lines += _budget_lines(section)
    kept = [f"provider {name}" for name in stored if name not in section.providers]
    kept += [f"waterfall of {name}" for name in before if name not in section.attributes]
    return Plan(tuple(lines), tuple(faults), kept=tuple(kept))


def apply(section: Enrichment, schema: Schema, actor: Actor) -> None:
    """Write the section. Call it in a transaction; what the file does not name stays."""
    for name, entry in section.providers.items():
        row = Provider.objects.filter(name=name).first()
        if row is None or _changed(row, entry):
            put(row or Provider(name=name, position=Provider.objects.count()), entry, actor)
    before = store.steps(schema)
    for attribute, steps in section.attributes.items():
        if before.get(attribute) != steps:
            pour(schema, attribute, steps, actor)
    if _budget_lines(section):
        limit(_ms(section.budget.sign_up), _ms(section.budget.login), actor)


def put(row: Provider, entry: Mapping[str, Any], actor: Actor) -> None:
    """Write a provider as an entry of a file describes it, and seal what is secret.

    A secret setting the entry leaves out stays what it was, as long as the kind is the same. With
    other secrets a vendor that would not be asked for a while is asked again. Raises
    `InvalidSettings` where it would ask a database that the settings do not list.
    """
    added = row._state.adding
    if refused := store.judge(row.name, _with_kept(None if added else row, entry)):
        raise InvalidSettings(refused[0].message)
    kind = str(entry.get("kind", row.name))
    secret = store.secret_fields(kinds()[kind])
    sealed = {} if added or kind != row.kind else dict(row.sealed)
    plain: dict[str, Any] = {}
    for name, value in entry.items():
        if name in secret and value and not _only_refers(value):
            sealed[name] = sealing.seal(_text(value))
        elif name != "kind":
            plain[name] = value
            sealed.pop(name, None)
    if not added and sealed != row.sealed:
        gauges.lift(row.name)
    row.kind, row.settings, row.sealed = kind, plain, sealed
    row.save()
    detail = {"after": {**plain, **dict.fromkeys(sealed, "(secret)")}, "kind": kind}
    record(actor, "added" if added else "changed", "provider", row.name, row.name, detail)


def remove(row: Provider, schema: Schema, actor: Actor) -> None:
    """Remove a provider, its steps in waterfalls, and its kept answers. Call it in a transaction.

    What it said of people stays, and so does what was spent on it.
    """
    name = row.name
    for attribute, steps in store.steps(schema).items():
        rest = [step for step in steps if step.provider != name]
        if len(rest) < len(steps):
            pour(schema, attribute, rest, actor)
    Kept.objects.filter(provider=name).delete()
    row.delete()
    record(actor, "removed", "provider", name, name, {"kind": row.kind})


def pour(schema: Schema, attribute: str, steps: list[Step], actor: Actor) -> None:
    """Write the waterfall of an attribute; one without steps is removed."""
    place = schema.find(attribute)
    assert place is not None  # noqa: S101 - the plan refuses attributes nobody defined
    group, key = place
    stored = [_short(step, attribute) for step in steps]
    if stored:
        Waterfall(group=group, key=key, steps=stored).save()
    else:
        Waterfall.objects.filter(group=group, key=key).delete()
    record(actor, "changed", "waterfall", key, attribute, {"after": stored})


def limit(sign_up_ms: int, login_ms: int, actor: Actor) -> None:
    """Write how long events wait for providers. Call it in a transaction."""
    row = TimeBudget.current()
    before = {"sign_up_ms": row.sign_up_ms, "login_ms": row.login_ms}
    after = {"sign_up_ms": sign_up_ms, "login_ms": login_ms}
    TimeBudget(**after).save()
    record(actor, "changed", "time budget", "1", "time budget", {"before": before, "after": after})


def export(schema: Schema) -> dict[str, Any]:
    """Return the section `enrichment`; what is sealed stays where it is."""
    budget = TimeBudget.current()
    return {
        "budget": {"sign_up": f"{budget.sign_up_ms} ms", "login": f"{budget.login_ms} ms"},
        "providers": {
            row.name: {**({} if row.kind == row.name else {"kind": row.kind}), **row.settings}
            for row in Provider.objects.all()
        },
        "attributes": {
            attribute: [_short(step, attribute) for step in steps]
            for attribute, steps in store.steps(schema).items()
        },
    }


def _short(step: Step, attribute: str) -> Any:
    """Return the shortest entry that says the same."""
    entry = step.model_dump(exclude_defaults=True, mode="json")
    return entry["provider"] if entry.keys() == {"provider"} else entry


def _changed(row: Provider, entry: Mapping[str, Any]) -> list[str]:
    """Return the names of settings an entry changes. A sealed one is compared opened."""
    kind = str(entry.get("kind", row.name))
    if kind != row.kind:
        return ["kind"]
    names = [*entry, *(name for name in row.settings if name not in entry)]
    return [name for name in names if name != "kind" and not _same(row, name, entry.get(name))]


def _with_kept(row: Provider | None, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an entry with those secrets that stay what they were."""
    if row is None or row.kind != Sql.key or str(entry.get("kind", row.name)) != row.kind:
        return entry
    return {**store.secrets_of(row), **entry}


def _same(row: Provider, name: str, value: Any) -> bool:
    if name in row.sealed and not (value and _only_refers(value)):
        return value is None or sealing.unseal(row.sealed[name]) == _text(value)
    return bool(row.settings.get(name) == value)


def _text(secret: Any) -> str:
    return secret if isinstance(secret, str) else json.dumps(secret, sort_keys=True)


def _only_refers(value: Any) -> bool:
    """Say whether every text of a secret setting leads to a secret kept elsewhere."""
    texts = value.values() if isinstance(value, Mapping) else [value]
    return all(fragment.references(text) for text in texts)


def _budget_lines(section: Enrichment) -> list[str]:
    if "budget" not in section.model_fields_set:
        return []
    before, after = TimeBudget.current(), section.budget
    pairs = (
        ("sign-up", before.sign_up_ms, _ms(after.sign_up)),
        ("login", before.login_ms, _ms(after.login)),
    )
    words = [f"{what} {old} ms -> {new} ms" for what, old, new in pairs if old != new]
    return [f"~ time budget: {'; '.join(words)}"] if words else []


def _ms(span: Any) -> int:
    return round(span.total_seconds() * 1000)
