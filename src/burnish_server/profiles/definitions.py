"""Changing what profiles may hold: every door that does so does it here.

Whatever would lose values is refused, unless it was said that it may.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from burnish.attributes.convert import convert
from burnish.attributes.custom import CustomAttribute as Definition
from burnish.attributes.faults import Fault
from burnish.attributes.standard import StandardAttribute as Settled
from burnish.errors import BurnishError
from burnish_server.audit.log import Actor, record
from burnish_server.hooks.models import Hook
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, Population, Profile, StandardAttribute
from burnish_server.profiles.tasks import sync_indexes

LISTED = 100
"""How many values that do not fit a trial lists; all are counted."""

BATCH = 1000


class Refused(BurnishError):
    """The definition cannot be changed like this, and nothing was.

    `faults` says why, in sentences; `loses` whether it would go through once losing values is
    allowed.
    """

    code = "definition_refused"

    def __init__(self, faults: Sequence[Fault], *, loses: bool = False) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = tuple(faults)
        self.loses = loses


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that does not fit a definition, whose it is, and why."""

    user_id: UUID
    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of the stored values: users with one, and those whose does not fit."""

    users: int
    unfit_count: int
    unfit: tuple[Unfit, ...]

    @property
    def fit(self) -> int:
        """Users all of whose values fit."""
        return self.users - self.unfit_count


def usage(attribute_id: str) -> int:
    """Return how many users have a value of an attribute."""
    return Profile.objects.filter(custom__has_key=attribute_id).count()


def sensitive() -> set[str]:
    """Return the names of the attributes whose values stay out of logs."""
    marked = CustomAttribute.objects.filter(sensitive=True)
    return {pointer.removeprefix("/") for pointer in marked.values_list("pointer", flat=True)}


def trial(definition: Definition) -> Trial:
    """Return what would become of stored values, were this definition in force. Writes nothing."""
    users = unfit_count = 0
    unfit: list[Unfit] = []
    for user_id, values in _values(definition.id):
        users += 1
        refused = [(value, reason) for value in values if (reason := convert(value, definition)[1])]
        if refused:
            unfit_count += 1
            if len(unfit) < LISTED:
                unfit.append(Unfit(user_id, *refused[0]))
    return Trial(users, unfit_count, tuple(unfit))


def is_narrower(before: Definition, after: Definition) -> bool:
    """Return whether values that fit one definition may not fit the other."""
    """Return whether values that fit the one definition may not fit the other."""
    return any(
        getattr(before, rule) != getattr(after, rule)
        for rule in ("type", "minimum", "maximum", "enum")
    )


def save(
    definition: Definition,
    actor: Actor,
    *,
    position: int | None = None,
    allow_loss: bool = False,
) -> str | None:
    """Add an attribute, or change the one with its id; return `added`, `changed`, or None.

    A new type converts the values. Those that do not fit are withdrawn if `allow_loss`, and stay
    in the history; else the change is refused. Raises `Refused`; nothing is changed then.
    """
    with transaction.atomic():
        stored = CustomAttribute.objects.select_for_update().filter(pk=definition.id).first()
        before = stored.as_definition() if stored else None
        place = position if position is not None else stored.position if stored else _last()
        if stored and before == definition and place == stored.position:
            return None
        _refuse_taken(definition)
        if before and is_narrower(before, definition):
            _fit(definition, allow_loss)
        _row(definition, place, stored).save(force_insert=not stored, force_update=bool(stored))
        if before is None or (before.indexed, before.retired) != (
            definition.indexed,
            definition.retired,
        ):
            sync_indexes.defer()
        if before == definition:
            return None
        action = "changed" if before else "added"
        _record(actor, action, definition, before and before.as_entry(), definition.as_entry())
        return action


def retire(attribute_id: str, actor: Actor) -> None:
    """Hide an attribute everywhere. Its values are kept until it is purged."""
    _switch(attribute_id, actor, retired=True)


def restore(attribute_id: str, actor: Actor) -> None:
    """Bring a retired attribute back, with its values."""
    _switch(attribute_id, actor, retired=False)


def purge(attribute_id: str, actor: Actor) -> int:
    """Erase a retired attribute with all its values, their history too; return how many had one.

    Raises `Refused` while it is in use, or a hook writes it; nothing is erased then.
    """
    with transaction.atomic():
        attribute = CustomAttribute.objects.select_for_update().get(pk=attribute_id)
        definition = attribute.as_definition()
        if faults := list(_reasons_to_keep(definition)):
            raise Refused(faults)
        users = usage(attribute_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE profiles_profile SET custom = custom - %(id)s, version = version + 1, "
                "facts = facts #- ARRAY['custom', %(id)s] WHERE facts -> 'custom' ? %(id)s",
                {"id": attribute_id},
            )
            cursor.execute(
                """DELETE FROM profiles_history WHERE "group" = 'custom' AND key = %s""",
                [attribute_id],
            )
        attribute.delete()
        sync_indexes.defer()
        record(
            actor,
            "purged",
            "custom attribute",
            attribute_id,
            definition.name,
            {"users": users, "before": definition.as_entry()},
        )
    return users


def reorder(ids: Sequence[str], actor: Actor) -> None:
    """Put the attributes in this order, those not named behind the others."""
    with transaction.atomic():
        stored = {attribute.id: attribute for attribute in CustomAttribute.objects.all()}
        before = list(stored)
        order = [id for id in ids if id in stored] + [id for id in before if id not in ids]
        if order == before:
            return
        for position, id in enumerate(order):
            stored[id].position = position
        CustomAttribute.objects.bulk_update(stored.values(), ["position"])
        names = {id: attribute.name for id, attribute in stored.items()}
        detail = {"before": [names[id] for id in before], "after": [names[id] for id in order]}
        record(actor, "reordered", "custom attribute", "", "all", detail)


def settle(attribute: Settled, actor: Actor) -> bool:
    """Set who may see a standard attribute and how its facts compete; False if that was so."""
    with transaction.atomic():
        StandardAttribute.complete()
        row = StandardAttribute.objects.select_for_update().get(pk=attribute.name)
        before = row.as_definition()
        if before == attribute:
            return False
        row.access = attribute.access_control.model_dump()
        row.merge = attribute.merge.as_entry()
        row.save()
        detail = {"before": before.as_entry(), "after": attribute.as_entry()}
        record(actor, "changed", "standard attribute", attribute.name, attribute.name, detail)
    return True


def populate(strategy: str, actor: Actor) -> bool:
    """Set whether social identities fill attributes in at sign-up; False if that was so."""
    with transaction.atomic():
        before = Population.current().strategy
        if before == strategy:
            return False
        Population(strategy=strategy).save()
        detail = {"before": {"strategy": before}, "after": {"strategy": strategy}}
        record(actor, "changed", "population", "", "population at sign-up", detail)
    return True


def _values(attribute_id: str) -> Iterator[tuple[UUID, list[Any]]]:
    """Yield each user somebody has said a value of this attribute about, and the values."""
    slots = "facts__custom__" + attribute_id
    rows = Profile.objects.filter(facts__custom__has_key=attribute_id).order_by("pk")
    for user_id, said in rows.values_list("pk", slots).iterator(chunk_size=BATCH):
        values = [fact["value"] for fact in said.values() if "value" in fact]
        if values:
            yield user_id, values


def _fit(definition: Definition, allow_loss: bool) -> None:
    """Convert the stored values, or refuse when some would be lost and may not be."""
    found = trial(definition)
    if found.unfit_count and not allow_loss:
        users = "1 user has" if found.unfit_count == 1 else f"{found.unfit_count} users have"
        message = (
            f"{users} a value that does not fit this definition, for instance because it "
            f"{found.unfit[0].reason}; correct the values, or allow that they are withdrawn"
        )
        raise Refused([Fault(definition.pointer, message)], loses=True)
    at, schema = timezone.now(), store.schema()
    everybody = [user_id for user_id, _ in _values(definition.id)]
    for start in range(0, len(everybody), BATCH):
        batch = everybody[start : start + BATCH]
        store.reshape(
            batch, ("custom", definition.id), lambda value: convert(value, definition), at, schema
        )


def _refuse_taken(definition: Definition) -> None:
    holder = CustomAttribute.objects.filter(pointer=definition.pointer).exclude(pk=definition.id)
    if other := holder.first():
        state = "a retired attribute" if other.retired else "another attribute"
        way = "purge it, or choose another name" if other.retired else "choose another name"
        raise Refused([Fault(definition.pointer, f"{state} has this name already; {way}")])


def _reasons_to_keep(definition: Definition) -> Iterable[Fault]:
    if not definition.retired:
        yield Fault(definition.pointer, "is in use; retire it first, then purge it")
    for hook in Hook.objects.filter(enabled=True):
        if re.search(rf"\b{definition.name}\b", hook.script):
            sentence = f"the hook {hook.name} writes it; change or disable the hook first"
            yield Fault(definition.pointer, sentence)


def _switch(attribute_id: str, actor: Actor, *, retired: bool) -> None:
    with transaction.atomic():
        attribute = CustomAttribute.objects.select_for_update().get(pk=attribute_id)
        if attribute.retired == retired:
            return
        attribute.retired = retired
        attribute.save()
        sync_indexes.defer()
        action = "retired" if retired else "restored"
        record(actor, action, "custom attribute", attribute_id, attribute.name)


def _last() -> int:
    last = CustomAttribute.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _row(definition: Definition, place: int, stored: CustomAttribute | None) -> CustomAttribute:
    row = CustomAttribute(
        id=definition.id,
        pointer=definition.pointer,
        type=definition.type,
        minimum=definition.minimum,
        maximum=definition.maximum,
        enum=definition.enum or [],
        access=definition.access_control.model_dump(),
        label=definition.label,
        help_text=definition.help_text,
        purpose=definition.purpose,
        indexed=definition.indexed,
        sensitive=definition.sensitive,
        retired=definition.retired,
        merge=definition.merge.as_entry(),
        position=place,
    )
    if stored:
        row.created_at = stored.created_at
    return row


def _record(
    actor: Actor, action: str, definition: Definition, before: object, after: object
) -> None:
    detail = {"before": before, "after": after} if before else {"after": after}
    record(actor, action, "custom attribute", definition.id, definition.name, detail)
