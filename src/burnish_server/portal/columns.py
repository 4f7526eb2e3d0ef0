"""User management > Users: the attributes an administrator wants to see as columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Group, Schema
from burnish_server.identity.models import User
from burnish_server.profiles import store, wording

CHOSEN = "user_columns"
"""Where the session keeps the names."""

LONGEST = 80
"""Characters of a value that a column shows."""


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute that may be a column of the list."""

    name: str
    label: str
    group: Group
    key: str

    def shown(self) -> Callable[[User], str]:
        """Return what the list calls for each user."""

        def show(user: User) -> str:
            profile = getattr(user, "profile", None)
            return _short(getattr(profile, self.group, {}).get(self.key))

        show.__name__ = f"attribute_{self.name}"
        show.short_description = self.label  # type: ignore[attr-defined]
        return show


def schema_of(request: HttpRequest) -> Schema:
    """Return the schema, read once a request."""
    kept: dict[str, Any] = vars(request)
    if "schema" not in kept:
        kept["schema"] = store.schema()
    return kept["schema"]


def offered(schema: Schema) -> list[Column]:
    """Return the attributes the portal may show in a list, which the sensitive ones are not."""
    columns = [Column(name, default_label(name), "standard", name) for name in schema.standard]
    columns += [
        Column(attribute.name, attribute.title, "custom", attribute.id)
        for attribute in schema.custom
        if not attribute.sensitive
    ]
    return [column for column in columns if schema.may("portal_ui", "read", column.name)]


def chosen(request: HttpRequest) -> list[Column]:
    """Return the columns this administrator chose, as far as they are still offered."""
    names = set(request.session.get(CHOSEN, ()))
    if not names:
        return []
    return [column for column in offered(schema_of(request)) if column.name in names]


def choose(request: HttpRequest, names: Iterable[str]) -> None:
    """Keep the names of those that are offered for the session."""
    given = set(names)
    request.session[CHOSEN] = [
        column.name for column in offered(schema_of(request)) if column.name in given
    ]


def _short(value: Any) -> str:
    text = "; ".join(wording.lines(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
