"""What `/api/v1/openapi.json` says: each operation with its scope, headers, problems and examples.

Examples stand in the schemas (`json_schema_extra={"examples": [...]}`); operations show the first.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from burnish_server.api.auth import Key
from burnish_server.api.body import JSON, MERGE_PATCH
from burnish_server.api.idempotency import HEADER
from burnish_server.api.problems import RESPONSES

_METHODS = ("get", "post", "put", "patch", "delete")

_IDEMPOTENCY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Names the request, so that it is done once however often it is sent.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "9b2d5c1e-6f60-4c53-9a83-2f5f1c7f3c11",
}


class Door(NinjaAPI):
    """An API whose description is complete."""

    def get_openapi_schema(self, **how: Any) -> OpenAPISchema:
        """Return the description of all operations."""
        described = super().get_openapi_schema(**how)
        scopes = {
            self.get_openapi_operation_id(operation): auth.scopes
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
            for auth in operation.auth_callbacks
            if isinstance(auth, Key)
        }
        for method, operation in _operations(described):
            operation["responses"] |= RESPONSES
            if needed := scopes.get(operation["operationId"]):
                words = operation.get("description", "")
                named = " and ".join(f"`{scope}`" for scope in needed)
                noun = "scope" if len(needed) == 1 else "scopes"
                operation["description"] = f"{words}\n\nThe key needs the {noun} {named}.".strip()
                if method != "get":
                    operation["parameters"].append(_IDEMPOTENCY)
            if method == "patch":
                _merge_patch(operation)
            _show_examples(operation, described["components"]["schemas"])
        return described


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in described["paths"].values():
        for method in _METHODS:
            if method in path:
                yield method, path[method]


def _merge_patch(operation: dict[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        operation["requestBody"]["content"] = {MERGE_PATCH: content[JSON]}


def _show_examples(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for media in (one for body in bodies for one in body.get("content", {}).values()):
        example = _example(media["schema"], schemas)
        if example is not None:
            media.setdefault("example", example)


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Return the first example of a schema, put together from its parts where it has none."""
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        parts = (_example(part, schemas) for part in schema["anyOf"])
        return next((part for part in parts if part is not None), None)
    if schema.get("type") == "array":
        item = _example(schema["items"], schemas)
        return None if item is None else [item]
    members = schema.get("properties", {})
    shown = {name: _example(member, schemas) for name, member in members.items()}
    return {name: one for name, one in shown.items() if one is not None} or None
