"""The client's types for TypeScript are those of the API."""

import re
from pathlib import Path

from burnish_server.api.door import door
from burnish_server.api.typescript import declare, type_of

FILE = Path(__file__).parents[3] / "clients/typescript/src/api.ts"


def words(source: str) -> list[str]:
    """Return what a module says, however its lines are broken."""
    return re.findall(r"\w+|[^\w\s|,;]", source)


def test_the_types_that_are_kept_are_those_of_the_api() -> None:
    assert words(FILE.read_text()) == words(declare(door.get_openapi_schema())), "run `make docs`"


def test_what_is_wanted_of_a_user_s_roles_is_told_from_other_wishes() -> None:
    described = door.get_openapi_schema()

    wanted = described["components"]["schemas"]["MembershipsWanted"]

    assert set(wanted["properties"]) == {"roles", "groups"}


def test_a_schema_is_a_type() -> None:
    assert type_of({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "string | null"
    assert type_of({"type": "array", "items": {"$ref": "#/x/User"}}) == "Array<User>"
    assert type_of({"enum": ["a", 1]}) == '"a" | 1'
    assert type_of({"type": "object"}) == "Record<string, unknown>"
    assert type_of({}) == "unknown"
