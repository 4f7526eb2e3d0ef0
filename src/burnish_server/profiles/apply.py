"""Custom attributes from a configuration file into the database."""

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.attributes.faults import Fault
from burnish_server.profiles.models import CustomAttribute


def refuse(definitions: list[Definition]) -> list[Fault]:
    """Return why these definitions cannot take the place of the stored ones."""
    stored = {attribute.id: attribute for attribute in CustomAttribute.objects.all()}
    holders = {attribute.pointer: attribute.id for attribute in stored.values()}
    given = {definition.id for definition in definitions}
    faults = []
    for index, definition in enumerate(definitions):
        place = f"user_profile.custom_attributes.attributes.{index}"
        before = stored.get(definition.id)
        if before and before.type != definition.type:
            message = f"{definition.id} is of type {before.type}; a type cannot be changed"
            faults.append(Fault(f"{place}.type", message))
        holder = holders.get(definition.pointer, definition.id)
        if holder != definition.id and holder not in given:
            message = f"{definition.pointer} belongs to the attribute with id {holder}; use its id"
            faults.append(Fault(f"{place}.pointer", message))
    return faults


def apply(definitions: list[Definition]) -> list[str]:
    """Write the definitions, matched by id, and return a line for each that changed.

    Call it in a transaction. Attributes the file does not name stay as they are.
    """
    stored = {attribute.id: attribute for attribute in CustomAttribute.objects.all()}
    lines = []
    for position, definition in enumerate(definitions):
        before = stored.get(definition.id)
        after = CustomAttribute(
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
            position=position,
        )
        if before and before.as_entry() == after.as_entry() and before.position == position:
            continue
        if before:
            after.created_at = before.created_at
        lines.append(f"attribute {definition.name}: {'changed' if before else 'added'}")
        stored[definition.id] = after
    _save([stored[definition.id] for definition in definitions])
    return lines


def _save(attributes: list[CustomAttribute]) -> None:
    """Write attributes whose pointers may have changed places among themselves."""
    for attribute in attributes:
        CustomAttribute.objects.filter(pk=attribute.pk).update(pointer=f"/moving/{attribute.pk}")
    for attribute in attributes:
        attribute.save()
