"""Attributes from a configuration file into the database."""

from collections.abc import Iterable, Iterator, Sequence

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.attributes.difference import differences
from burnish.attributes.faults import Fault
from burnish.attributes.fragment import StandardAttributes, UserProfile
from burnish.attributes.standard import StandardAttribute as Settled
from burnish.config import Plan, in_order
from burnish_server.audit.log import Actor
from burnish_server.profiles import definitions, store
from burnish_server.profiles.models import CustomAttribute

PLACE = "user_profile.custom_attributes.attributes"


def plan(section: UserProfile) -> Plan:
    """Return what the section would change, and what would be lost. Writes nothing."""
    given = section.custom_attributes.attributes
    stored = _stored()
    whole = Plan(lines=(*_standard_lines(section.standard_attributes),))
    for index, definition in enumerate(given):
        whole += _plan_one(f"{PLACE}.{index}", definition, stored.get(definition.id))
    present, order = list(stored), _order(list(stored), given)
    as_added = [*present, *(id for id in order if id not in stored)]
    names = {id: one.name for id, one in stored.items()} | {one.id: one.name for one in given}
    ids = {definition.id for definition in given}
    return whole + Plan(
        lines=()
        if order == as_added
        else (f"~ order of attributes: {', '.join(names[id] for id in order)}",),
        faults=tuple(_taken(given, stored.values())),
        kept=tuple(f"attribute {one.name}" for one in stored.values() if one.id not in ids),
    )


def apply(section: UserProfile, actor: Actor, *, allow_loss: bool) -> None:
    """Write the section: definitions are matched by id. Call it in a transaction.

    Attributes the file does not name stay as they are. Raises `definitions.Refused`.
    """
    given = section.custom_attributes.attributes
    order = _order(list(_stored()), given)
    for definition in _free_names_first(given):
        definitions.save(definition, actor, allow_loss=allow_loss)
    definitions.reorder(order, actor)
    for _, after in _settled(section.standard_attributes):
        definitions.settle(after, actor)
    if population := section.standard_attributes.population:
        definitions.populate(population.strategy, actor)


def _stored() -> dict[str, Definition]:
    return {row.id: row.as_definition() for row in CustomAttribute.objects.all()}


def _plan_one(place: str, after: Definition, before: Definition | None) -> Plan:
    if before is None:
        return Plan(lines=(f"+ attribute {after.name} ({after.type})",))
    words = "; ".join(differences(before.as_entry(), after.as_entry()))
    if not words:
        return Plan()
    line = f"~ attribute {before.name}: {words}"
    found = definitions.trial(after) if definitions.is_narrower(before, after) else None
    if found is None or not found.unfit_count:
        return Plan(lines=(line,))
    have = "has" if found.unfit_count == 1 else "have"
    share = f"{found.unfit_count} of {found.users} users {have} a value"
    loss = Fault(place, f"{share} of {before.name} that does not fit and would be withdrawn")
    return Plan(lines=(f"{line} ({share} that does not fit)",), losses=(loss,))


def _taken(given: Sequence[Definition], stored: Iterable[Definition]) -> Iterator[Fault]:
    ids = {definition.id for definition in given}
    holders = {one.pointer: one.id for one in stored if one.id not in ids}
    for index, definition in enumerate(given):
        if holder := holders.get(definition.pointer):
            sentence = f"{definition.pointer} belongs to the attribute with id {holder}; use its id"
            yield Fault(f"{PLACE}.{index}.pointer", sentence)


def _order(present: Sequence[str], given: Sequence[Definition]) -> list[str]:
    return in_order(present, [definition.id for definition in given])


def _free_names_first(given: Sequence[Definition]) -> Iterator[Definition]:
    """Yield the definitions so that each name is free when its turn comes.

    Where names change places in a circle, one attribute is given a name in between.
    """
    ids = {definition.id for definition in given}
    held = {one.pointer: id for id, one in _stored().items() if id in ids}
    waiting = list(given)
    while waiting:
        free = [one for one in waiting if held.get(one.pointer, one.id) == one.id]
        if free:
            waiting = [one for one in waiting if one not in free]
        else:
            first = waiting[0]
            free = [first.model_copy(update={"pointer": f"/moving_{len(waiting)}"})]
        moved = {one.id for one in free}
        held = {pointer: id for pointer, id in held.items() if id not in moved}
        held |= {one.pointer: one.id for one in free}
        yield from free


def _settled(section: StandardAttributes) -> Iterator[tuple[Settled, Settled]]:
    """Yield each standard attribute the section speaks of, as it is and as it would be."""
    present = store.schema().standard
    for entry in section.access_control:
        before = present[entry.pointer.removeprefix("/")]
        yield before, entry.over(before)


def _standard_lines(section: StandardAttributes) -> Iterator[str]:
    before = store.population()
    after = section.population.strategy if section.population else before
    if before != after:
        yield f"~ population: {before} -> {after}"
    for old, new in _settled(section):
        if words := differences(old.as_entry(), new.as_entry()):
            yield f"~ standard attribute {old.name}: {'; '.join(words)}"
