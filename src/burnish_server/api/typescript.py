"""The API's shapes as TypeScript, for `clients/typescript`; `make docs` writes the file.

An interface for each schema, and `Operations`: what each operation takes and answers.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

_HEAD = "// Written from the description of the API by `make docs`; do not edit.\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
_WORD = re.compile(r"[A-Za-z_]\w*")
_TYPED = ("application/json", "application/merge-patch+json")


def declare(description: Mapping[str, Any]) -> str:
    """Return a module with the types of an OpenAPI description."""
    schemas = description["components"]["schemas"]
    parts = [_HEAD, *(_named(name, schemas[name]) for name in sorted(schemas))]
    operations = [
        _operation(method, path, operation)
        for path, methods in sorted(description["paths"].items())
        for method, operation in methods.items()
    ]
    what = "/** What each operation takes and answers, by its method and address. */"
    parts.append(f"{what}\nexport interface Operations {{\n{''.join(operations)}}}\n")
    return "\n".join(parts)


def type_of(schema: Mapping[str, Any]) -> str:
    """Return a JSON Schema as a type; what it leaves open is `unknown`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)
    for word, between in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if word in schema:
            return between.join(dict.fromkeys(type_of(one) for one in schema[word]))
    kind = schema.get("type")
    if kind == "array":
        return f"Array<{type_of(schema.get('items', {}))}>"
    if kind == "object":
        return _object(schema)
    return "null" if kind == "null" else _PLAIN.get(str(kind), "unknown")


def _named(name: str, schema: Mapping[str, Any]) -> str:
    doc = _doc(schema.get("description", ""), "")
    if schema.get("properties"):
        return f"{doc}export interface {name} {_object(schema)}\n"
    return f"{doc}export type {name} = {type_of(schema)};\n"


def _object(schema: Mapping[str, Any]) -> str:
    members = schema.get("properties", {})
    if members:
        required = schema.get("required", ())
        lines = (_member(name, one, name in required) for name, one in members.items())
        return f"{{\n{''.join(lines)}}}"
    rest = schema.get("additionalProperties", True)
    return f"Record<string, {type_of(rest) if isinstance(rest, Mapping) else 'unknown'}>"


def _member(name: str, schema: Mapping[str, Any], required: bool) -> str:
    key = name if _WORD.fullmatch(name) else json.dumps(name)
    doc = _doc(schema.get("description", ""), "  ")
    return f"{doc}  {key}{'' if required else '?'}: {type_of(schema)};\n"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    asked = operation.get("parameters", ())
    said = operation.get("requestBody", {}).get("content", {})
    answers = [one for status, one in operation["responses"].items() if str(status)[0] == "2"]
    answered = answers[0].get("content", {}) if answers else {}
    doc = _doc(operation.get("description") or operation.get("summary", ""), "  ")
    return (
        f"{doc}  {json.dumps(f'{method.upper()} {path}')}: {{\n"
        f"    path: {_parameters(asked, 'path')};\n"
        f"    query: {_parameters(asked, 'query')};\n"
        f"    body: {_content(said, 'BodyInit')};\n"
        f"    answer: {_content(answered, 'Response')};\n  }};\n"
    )


def _parameters(parameters: Iterable[Mapping[str, Any]], place: str) -> str:
    members = [
        f"{json.dumps(one['name'])}{'' if one.get('required') else '?'}: {type_of(one['schema'])}"
        for one in parameters
        if one["in"] == place
    ]
    return f"{{ {'; '.join(members)} }}" if members else "Record<string, never>"


def _content(content: Mapping[str, Any], stream: str) -> str:
    for media in _TYPED:
        if media in content:
            return type_of(content[media]["schema"])
    return stream if content else "undefined"


def _doc(text: str, indent: str) -> str:
    if not text:
        return ""
    lines = [f"{indent} * {line}".rstrip() for line in text.strip().splitlines()]
    return "\n".join([f"{indent}/**", *lines, f"{indent} */\n"])


if __name__ == "__main__":
    import django

    django.setup()
    from burnish_server.api.door import door  # the settings come first

    sys.stdout.write(declare(door.get_openapi_schema()))
