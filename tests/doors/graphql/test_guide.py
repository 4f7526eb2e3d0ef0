"""What the guide shows is what the door answers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doors.graphql.conftest import Script

from burnish_server.api.graphql.schema import schema
from burnish_server.identity.models import User

GUIDE = (Path(__file__).parents[3] / "docs/guides/graphql.md").read_text()
QUERIES = re.findall(r"^```graphql\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_guide_is_answered(
    script: Script, user: Callable[..., User], query: str
) -> None:
    user(username="ada")

    answer = script(query)

    assert answer.errors == []


def test_the_guide_names_every_mutation() -> None:
    made = schema.get_type_by_name("Mutation").fields  # type: ignore[union-attr]
    names = {schema.config.name_converter.from_field(field) for field in made}

    table = GUIDE[GUIDE.index("| matter |") :]
    told = set(re.findall(r"`([a-z]+[A-Z]\w+)`", table[: table.index("[Hooks]")]))
    told |= {_opposite(name) for name in told if name.startswith("add")}
    assert told == names


def _opposite(name: str) -> str:
    return re.sub(r"^add(\w+?)To(\w+)$", r"remove\1From\2", name)
