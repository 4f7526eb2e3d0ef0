"""How much one request may ask for. What is too much is refused before anything is done."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)

TOKENS = 4000
DEPTH = 15
ALIASES = 30
COST = 60_000
MUTATIONS = 5

_PAGED = frozenset({"users", "roles", "groups", "auditLogs"})
_WITHOUT_FIRST = 100
_INSIDE = 10
"""How many roles and groups something has, at most mostly."""

_FEW = {
    "identities": 3,
    "authenticators": 2,
    "sessions": 3,
    "effectiveRoles": 5,
    "getUsersByStandardAttribute": 2,
}
"""How many of these a user has, roughly."""


class _Weighing:
    """Walks an operation, fragments included, and stops as soon as it is too much."""

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self.aliases = 0
        self._steps = 0

    def fields(
        self, chosen: SelectionSetNode | None, within: tuple[str, ...] = ()
    ) -> Iterator[tuple[FieldNode, tuple[str, ...]]]:
        """Yield the fields of a selection, and by which fragments one came to them."""
        for one in chosen.selections if chosen else ():
            self._steps += 1
            if self._steps > COST:
                raise _too_much("fields", self._steps, COST)
            if isinstance(one, FieldNode):
                yield one, within
            elif isinstance(one, InlineFragmentNode):
                yield from self.fields(one.selection_set, within)
            elif isinstance(one, FragmentSpreadNode):
                name = one.name.value
                fragment = self._fragments.get(name)
                # A fragment within itself is refused by validation.
                if fragment and name not in within:
                    yield from self.fields(fragment.selection_set, (*within, name))

    def cost(
        self, chosen: SelectionSetNode | None, depth: int = 1, within: tuple[str, ...] = ()
    ) -> int:
        """Return how many values a selection gives, at most and roughly."""
        if chosen is None:
            return 0
        if depth > DEPTH:
            raise _too_much("levels", depth, DEPTH)
        total = 0
        for field, by in self.fields(chosen, within):
            if field.alias:
                self.aliases += 1
                if self.aliases > ALIASES:
                    raise _too_much("aliases", self.aliases, ALIASES)
            inside = self.cost(field.selection_set, depth + 1, by)
            total += 1 + self._times(field, depth) * inside
            if total > COST:
                raise _too_much("values", total, COST)
        return total

    def _times(self, field: FieldNode, depth: int) -> int:
        name = field.name.value
        given = {argument.name.value: argument.value for argument in field.arguments or ()}
        if name == "nodes" and "ids" in given:
            ids = self._value(given["ids"])
            return len(ids) if isinstance(ids, list) else 1
        asked = self._value(given.get("first") or given.get("last"))
        if isinstance(asked, int):
            return max(0, min(asked, _WITHOUT_FIRST))
        paged = _WITHOUT_FIRST if depth == 1 or name == "users" else _INSIDE
        return paged if name in _PAGED else _FEW.get(name, 1)

    def _value(self, node: Any) -> Any:
        match node:
            case VariableNode():
                return self._variables.get(node.name.value)
            case IntValueNode():
                return int(node.value) if len(node.value) < 10 else _WITHOUT_FIRST
            case ListValueNode():
                return list(node.values or ())
        return None


def check(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[str]:
    """Return the names of the operation's outermost fields. Raises `GraphQLError`: too much."""
    weighing = _Weighing(document, variables)
    names = [field.name.value for field, _ in weighing.fields(operation.selection_set)]
    if operation.operation is OperationType.MUTATION and len(names) > MUTATIONS:
        raise _too_much("mutations", len(names), MUTATIONS)
    if not all(name in ("__schema", "__type", "__typename") for name in names):
        weighing.cost(operation.selection_set)
    return names


def _too_much(what: str, count: int, most: int) -> GraphQLError:
    return GraphQLError(f"This asks for {count} {what} or more at once; ask for at most {most}.")
