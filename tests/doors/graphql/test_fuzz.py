"""Whatever is asked, the door answers in its own words."""

from typing import Any

from graphql import NameNode, ObjectFieldNode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes
from tests.doors.graphql.conftest import Script

from burnish_server.api import rate
from burnish_server.api.graphql.schema import schema

OBJECTS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2)


def literal(values: dict[str, str]) -> Any:
    """Return an object as it stands in a query."""
    return nodes.Object(
        [
            ObjectFieldNode(name=NameNode(value=f"n{number}"), value=nodes.String(value))
            for number, value in enumerate(values.values())
        ]
    )


SCALARS = {
    "DateTime": st.sampled_from(["2026-11-25T08:00:00Z", "soon", ""]).map(nodes.String),
    "AuditLogActivityType": st.sampled_from(["USER_CREATED", "x"]).map(nodes.String),
    "UserStandardAttributes": OBJECTS.map(literal),
    "UserCustomAttributes": OBJECTS.map(literal),
}


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(query=from_schema(schema.as_str(), custom_scalars=SCALARS))
def test_no_query_or_mutation_is_a_fault_of_ours(script: Script, query: str) -> None:
    rate.counter.clear()

    answer = script(query)

    reasons = {error["extensions"]["reason"] for error in answer.errors}
    assert "UnexpectedError" not in reasons
