"""Values of any type as people read them."""

from typing import Any

from burnish.attributes.custom import default_label
from burnish.attributes.standard import ADDRESS_PARTS


def lines(value: Any) -> tuple[str, ...]:
    """Return a value of any type as lines of text."""
    match value:
        case None | "":
            return ("-",)
        case bool():
            return ("Yes" if value else "No",)
        case float() if value.is_integer():
            return (str(int(value)),)
        case dict():
            return tuple(
                f"{default_label(str(part))}: {', '.join(lines(inner))}"
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
