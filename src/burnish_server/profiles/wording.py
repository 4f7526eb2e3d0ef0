"""Values of any type as people read them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from burnish.attributes.custom import default_label
from burnish.attributes.standard import ADDRESS_PARTS

_PARTS = {
    "formatted": gettext_lazy("Formatted"),
    "street_address": gettext_lazy("Street Address"),
    "locality": gettext_lazy("Locality"),
    "region": gettext_lazy("Region"),
    "postal_code": gettext_lazy("Postal Code"),
    "country": gettext_lazy("Country"),
}


def part_label(part: str) -> str:
    """Return what a part of an address is called in plain words."""
    return str(_PARTS.get(part) or default_label(part))


def lines(value: Any) -> tuple[str, ...]:
    """Return a value of any type as lines of text."""
    match value:
        case None | "":
            return ("-",)
        case bool():
            return (_("Yes") if value else _("No"),)
        case float() if value.is_integer():
            return (str(int(value)),)
        case dict():
            return tuple(
                f"{part_label(str(part))}: {', '.join(lines(inner))}"
                for part, inner in sorted(value.items(), key=_place)
            ) or ("-",)
        case list() | tuple():
            return (", ".join(" ".join(lines(inner)) for inner in value) or "-",)
        case _:
            return (str(value),)


def _place(part: tuple[str, Any]) -> int:
    # The database keeps no order; an address is read from the house to the country.
    name = part[0]
    return ADDRESS_PARTS.index(name) if name in ADDRESS_PARTS else len(ADDRESS_PARTS)
