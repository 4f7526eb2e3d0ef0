"""The columns of a CSV export: JSON pointers into a record, each with a name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from burnish.attributes.schema import Schema
from burnish.enrichment.files.csv_rows import text_of
from burnish.errors import BurnishError

Column = tuple[str, str]
"""A pointer, and the name of its column."""

_DEFAULT = """
sub preferred_username email phone_number email_verified phone_number_verified name given_name
middle_name nickname profile picture website gender birthdate zoneinfo locale address/formatted
address/street_address address/locality address/region address/postal_code address/country roles
groups disabled created_at delete_at last_login_at is_anonymized anonymize_at
temporarily_disabled_from temporarily_disabled_until account_valid_from account_valid_until
identities mfa/emails mfa/phone_numbers mfa/totps biometric_count passkey_count
""".split()

_SECRETS = "/mfa/totps/"
_POINTER = re.compile(r"(/([^~/]|~[01])+)+")
MOST = 500


class Unfit(BurnishError):
    """These are no columns; the message says why."""

    code = "unfit_export"


class NotRevealed(Unfit):
    """A column holds secrets, which were not asked for."""

    code = "export_secrets_not_asked"

    def __init__(self, pointer: str) -> None:
        super().__init__(
            f"The column {pointer[:80]} holds secrets of authenticator apps; "
            "ask for secrets by name, or leave it out."
        )


class NotUnique(Unfit):
    """Two columns have one name; give one of them another `field_name`."""

    code = "not_unique_field_names"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Two columns are named {', '.join(names)}; give them `field_name`s.")
        self.names = tuple(names)


def default(schema: Schema) -> list[Column]:
    """Return the columns an export has where nobody asks for others."""
    custom = [f"custom_attributes/{one.name}" for one in schema.custom]
    return [(f"/{path}", path.replace("/", ".")) for path in (*_DEFAULT, *custom)]


def chosen(fields: Iterable[tuple[str, str | None]]) -> list[Column]:
    """Return columns by their pointers and names. Raises `Unfit` or `NotUnique`."""
    made: list[Column] = []
    for pointer, name in fields:
        if not _POINTER.fullmatch(pointer):
            raise Unfit(f"{pointer[:80]!r} is no JSON pointer; write /email or /address/country.")
        made.append((pointer, name or ".".join(_parts(pointer))))
    if not made or len(made) > MOST:
        raise Unfit(f"Ask for 1 to {MOST} columns.")
    names = [name for _, name in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotUnique(twice)
    return made


def revealing(columns: Iterable[Sequence[str]]) -> str | None:
    """Return the pointer of the first column that holds secrets of authenticator apps."""
    pointers = (pointer for pointer, _ in columns)
    return next((one for one in pointers if one == "/mfa" or f"{one}/".startswith(_SECRETS)), None)


def cells(record: Mapping[str, Any], columns: Sequence[Sequence[str]]) -> list[str]:
    """Return a record's row; what is missing is an empty cell."""
    return [text_of(_at(record, pointer)) for pointer, _ in columns]


def _at(record: Any, pointer: str) -> Any:
    value = record
    for part in _parts(pointer):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
