"""A row on its way: what it says, what is wrong with it, and what becomes of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import ValidationError
from pydantic_core import from_json

from burnish.attributes import storable
from burnish.attributes.faults import faults_of
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED, RULES
from burnish.hooks.membership import Known
from burnish.profiles.fact import NOTHING, Attribute
from burnish_server.identity import bulk
from burnish_server.identity.bulk import Closed
from burnish_server.imports import cells
from burnish_server.imports.lines import Row
from burnish_server.imports.models import Outcome, Run
from burnish_server.imports.record import Record, read, redacted

INVALID = "ValidationFailed"
TAKEN = "DuplicatedIdentity"
ADMINISTRATOR = "UserIsAdministrator"
UNEXPECTED = "UnexpectedError"

UNKNOWN_ROLES = "RoleUnknownKeys"
UNKNOWN_GROUPS = "GroupUnknownKeys"


@dataclass(slots=True)
class Entry:
    """One row. `values` are the attributes it speaks of; `outcome` is empty while it is open."""

    index: int
    line: int
    shown: Any
    record: Record = field(default_factory=Record)
    values: dict[Attribute, Any] = field(default_factory=dict)
    identifier: str = ""
    key: int | None = None
    password: str | None = None
    closed: Closed | None = None
    outcome: str = ""
    user_id: UUID | None = None
    warnings: list[str] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def fail(self, reason: str, message: str) -> None:
        """Take down why nothing becomes of this row."""
        self.errors.append({"reason": reason, "message": message})
        self.outcome = Outcome.Kind.FAILED

    def owned(self) -> dict[str, str]:
        """Return what the user signs in with, by attribute."""
        values = ((name, getattr(self.record, name)) for name in IDENTITY_COUPLED)
        return {name: value for name, value in values if value is not None}


def entry(run: Run, index: int, row: Row, schema: Schema, known: Known) -> Entry:
    """Read a row as a record, and look at every value of it."""
    said = _said(run, row, schema)
    if isinstance(said, str):
        made = Entry(index, row.line, None)
        made.fail(INVALID, f"Line {row.line} cannot be read: {said}.")
        return made
    made = Entry(index, row.line, storable.cleaned(redacted(said)))
    if fault := storable.fault(said):
        made.fail(INVALID, f"{fault.path.strip('/').replace('/', '.')}: {fault.message}")
        return made
    try:
        made.record = read(said)
    except ValidationError as error:
        for fault in faults_of(error):
            made.fail(INVALID, f"{fault.path}: {_plainly(fault.message)}")
        return made
    _normalise(made.record)
    _look(run, made, schema)
    _look_at_keys(made, known)
    return made


def _said(run: Run, row: Row, schema: Schema) -> Any:
    """Return the row as JSON has it, or a sentence's end that says why it cannot be read."""
    if row.fault:
        return row.fault
    if run.format == Run.Format.CSV:
        try:
            return cells.record(run.columns, row.content, schema)
        except (ValueError, RecursionError):
            return "a number in it has too many digits, or a list too many levels"
    if run.format == Run.Format.RECORDS:
        return row.content
    try:
        said = from_json(row.content, allow_inf_nan=False)
    except ValueError as error:
        return f"it is not JSON ({error})"
    return said if isinstance(said, dict) else "it is no JSON object"


def _normalise(record: Record) -> None:
    for name in IDENTITY_COUPLED:
        if (value := getattr(record, name)) is not None:
            setattr(record, name, bulk.normalised(name, value))


def _look(run: Run, made: Entry, schema: Schema) -> None:
    record = made.record
    identifier = getattr(record, run.identifier)
    if identifier is None:
        made.fail(INVALID, f"{run.identifier}: must be given, for users are found by it")
    else:
        made.identifier = identifier
        made.key = key_of(identifier)
    for name in RULES:
        if record.says(name):
            _say(made, schema, name, "standard", name, getattr(record, name))
    for name, value in record.custom_attributes.items():
        definition = schema.by_name.get(name)
        if definition is None:
            made.fail(INVALID, f"custom_attributes.{name}: nobody defined this attribute")
        else:
            _say(made, schema, f"custom_attributes.{name}", "custom", definition.id, value)
    _look_at_account(made)


def _say(made: Entry, schema: Schema, path: str, group: Any, key: str, value: Any) -> None:
    if value is None:
        made.values[(group, key)] = NOTHING
    elif refusal := schema.refuse(group, key, value):
        made.fail(INVALID, f"{path}: {refusal}")
    else:
        made.values[(group, key)] = value


def _look_at_account(made: Entry) -> None:
    record = made.record
    for name, value in made.owned().items():
        if refusal := bulk.refuse(name, value):
            made.fail(INVALID, f"{name}: {refusal}")
    if record.password:
        try:
            made.password = record.password.encoded()
        except ValueError as error:
            made.fail(INVALID, f"password: the hash {error}")
        if getattr(record.password, "expire_after", None):
            made.warnings.append("password.expire_after has no effect: passwords do not expire.")
    if record.says("account_valid_from") or record.says("account_valid_until"):
        _look_at_period(made, timezone.now())
    for name in ("email", "phone_number", "password"):
        if getattr(record.mfa, name) is not None:
            made.warnings.append(f"mfa.{name} has no effect: there is no such second step here.")


def _look_at_period(made: Entry, now: datetime) -> None:
    """Have an account closed while it is not valid: it has one such time at most."""
    since, until = made.record.account_valid_from, made.record.account_valid_until
    if since and until and since >= until:
        made.fail(INVALID, "account_valid_until: must be after account_valid_from")
    elif since and until and since > now:
        sentence = "is kept once account_valid_from is past; leave one of the two out"
        made.fail(INVALID, f"account_valid_until: {sentence}")
    elif made.record.disabled:
        made.warnings.append("The time of validity has no effect: the account is disabled.")
    elif since and since > now:
        made.closed = Closed(now, since)
    else:
        made.closed = Closed(until)


def _look_at_keys(made: Entry, known: Known) -> None:
    if unknown := sorted(set(made.record.roles or ()) - known.roles):
        made.fail(UNKNOWN_ROLES, f"roles: there is no role {unknown[0]}; make it first")
    if unknown := sorted(set(made.record.groups or ()) - known.groups):
        made.fail(UNKNOWN_GROUPS, f"groups: there is no group {unknown[0]}; make it first")


def key_of(identifier: str) -> int:
    """Return a number that stands for an identifier."""
    digest = hashlib.blake2b(identifier.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _plainly(message: str) -> str:
    if message == "Extra inputs are not permitted":
        return "there is no such member"
    return f"{message[:1].lower()}{message[1:]}"


def waves(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Part rows so that no two in one part are of the same user."""
    times: dict[int | None, int] = {}
    parts: list[list[Entry]] = []
    for one in entries:
        place = times.get(one.key, 0) if one.key is not None else 0
        times[one.key] = place + 1
        if place == len(parts):
            parts.append([])
        parts[place].append(one)
    return parts
