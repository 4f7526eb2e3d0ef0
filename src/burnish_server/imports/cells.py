"""A CSV row as a record: a column names a member, its parts joined by points."""

import json
from collections.abc import Sequence
from typing import Any

from burnish.attributes.convert import convert
from burnish.attributes.schema import Schema
from burnish.attributes.spreadsheet import original
from burnish.attributes.standard import ADDRESS_PARTS
from burnish_server.imports.record import Record

_FLAGS = ("email_verified", "phone_number_verified", "disabled")
_LISTS = ("roles", "groups")
_NUMBERS = ("iterations", "n", "r", "p", "rounds", "mem_cost")
_PASSWORD = ("type", "password_hash", "expire_after", "salt", "digest", "signer_key")
_OBJECTS = {
    "address": ADDRESS_PARTS,
    "password": (*_PASSWORD, "salt_separator", *_NUMBERS),
    "mfa": ("email", "phone_number"),
}

EXPORTED = frozenset(
    """
    sub created_at delete_at last_login_at is_anonymized anonymize_at temporarily_disabled_from
    temporarily_disabled_until identities mfa.emails mfa.phone_numbers mfa.totps biometric_count
    passkey_count
    """.split()
)
"""Columns of an export that an import has no use for, and passes over."""


def unknown(columns: Sequence[str], schema: Schema) -> list[str]:
    """Return the columns that mean nothing."""
    plain = set(Record.model_fields) - {"custom_attributes", *_OBJECTS}
    parts = {f"{name}.{part}" for name, of in _OBJECTS.items() for part in of}
    custom = {f"custom_attributes.{name}" for name in schema.by_name}
    known = plain | parts | custom | EXPORTED | {"mfa.totp.secret"}
    return [column for column in columns if column not in known]


def record(columns: Sequence[str], cells: Sequence[str], schema: Schema) -> dict[str, Any]:
    """Return the record a row stands for: an empty cell says nothing."""
    made: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if (text := original(cell)) == "" or column in EXPORTED:
            continue
        *above, name = column.split(".")
        place = made
        for part in above:
            place = place.setdefault(part, {})
        place[name] = _value(above, name, text, schema)
    return made


def _value(above: Sequence[str], name: str, text: str, schema: Schema) -> Any:
    match above:
        case ["custom_attributes"]:
            definition = schema.by_name[name]
            if definition.type == "string_list":
                return _listed(text)
            return convert(text, definition)[0]
        case ["password"] if name in _NUMBERS:
            return int(text) if text.isdecimal() else text
        case []:
            if name in _FLAGS:
                return {"true": True, "false": False}.get(text.lower(), text)
            if name in _LISTS:
                return _listed(text)
    return text


def _listed(text: str) -> Any:
    """Return a list: JSON, or texts with commas between them."""
    if text.startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return [item.strip() for item in text.split(",") if item.strip()]
