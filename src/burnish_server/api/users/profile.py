"""A user's profile as a document: read whole, replaced whole, or changed by a merge patch."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema as Attributes
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.attributes.value import same
from burnish.profiles.fact import NOTHING
from burnish_server.api import deed, etag
from burnish_server.api.auth import Key
from burnish_server.api.users import which
from burnish_server.api.users.creating import misplaced
from burnish_server.api.users.refused import passed
from burnish_server.api.users.which import AROUND, UserId
from burnish_server.api_keys.scope import USERS_READ, USERS_WRITE
from burnish_server.identity import owned
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.profiles import store, view
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.models import Profile

router = Router(tags=["profiles"])

Names = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=1000)]

GROUPS = ("standard_attributes", "custom_attributes")

_DOCUMENT: dict[str, Any] = {
    "standard_attributes": {"email": "ada@nordlake.example", "given_name": "Ada"},
    "custom_attributes": {"city": "Lyon"},
    "locked": ["city"],
}
_PATCH: dict[str, Any] = {
    "custom_attributes": {"city": "Lyon", "team_size": None},
    "locked": ["city"],
}


class Written(Schema):
    """A profile as it shall be. What it does not name, nobody has any more."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [_DOCUMENT]},
    )

    standard_attributes: dict[str, Any] = Field(default_factory=dict)
    """Left out, what the user signs in with stays."""
    custom_attributes: dict[str, Any] = Field(default_factory=dict)
    locked: Names = Field(default_factory=list)
    """Attributes whose value holds whatever the user says; of one without a value, that none
    does."""


class Patch(Schema):
    """A merge patch (RFC 7396) of a profile: null deletes a value, a list takes a list's place."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_PATCH]})

    standard_attributes: dict[str, Any] | None = None
    custom_attributes: dict[str, Any] | None = None
    locked: Names | None = None


class ShownProfile(Schema):
    """A profile as it is; `derived_attributes` are worked out and cannot be written."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_DOCUMENT, "derived_attributes": {"email_verified": True}, "version": 4}
            ]
        }
    )

    version: int
    standard_attributes: dict[str, Any]
    custom_attributes: dict[str, Any]
    derived_attributes: dict[str, Any]
    locked: list[str]


@router.get("/users/{user_id}/profile", response=ShownProfile, auth=Key(USERS_READ))
def read_profile(request: HttpRequest, response: HttpResponse, user_id: UserId) -> dict[str, Any]:
    """Read a user's profile as it can be written."""
    user = which.user(user_id)
    shown = _show(user, store.of(user.pk), store.schema())
    etag.tag(request, response, shown)
    return shown


@router.put("/users/{user_id}/profile", response=ShownProfile, auth=Key(USERS_WRITE))
def replace_profile(
    request: HttpRequest, response: HttpResponse, user_id: UserId, whole: Written
) -> dict[str, Any]:
    """Replace a user's profile. `If-Match` says in view of which one; it is demanded."""
    document = whole.model_dump()

    def wanted(shown: Mapping[str, Any]) -> dict[str, Any]:
        # To take an identity away is another matter.
        kept = {
            name: shown["standard_attributes"][name]
            for name in IDENTITY_COUPLED
            if name in shown["standard_attributes"]
        }
        return {**document, GROUPS[0]: {**kept, **document[GROUPS[0]]}}

    return _write(request, response, user_id, wanted, demanded=True)


@router.patch("/users/{user_id}/profile", response=ShownProfile, auth=Key(USERS_WRITE))
def change_profile(
    request: HttpRequest, response: HttpResponse, user_id: UserId, patch: Patch
) -> dict[str, Any]:
    """Change some of a user's profile."""
    said = patch.model_dump(exclude_unset=True)

    def wanted(shown: Mapping[str, Any]) -> dict[str, Any]:
        document = {name: shown[name] for name in (*GROUPS, "locked")}
        merged = merge(document, said)
        return {name: merged.get(name) or empty for name, empty in _EMPTY.items()}

    return _write(request, response, user_id, wanted)


_EMPTY: Mapping[str, Any] = {GROUPS[0]: {}, GROUPS[1]: {}, "locked": []}


def merge(target: Any, patch: Any) -> Any:
    """Return a JSON document with a merge patch applied (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def _show(user: User, profile: Profile, schema: Attributes) -> dict[str, Any]:
    rows = view.all_rows(profile, schema)
    held = {row.name: row for row in rows if row.winner}
    return {
        "version": profile.version,
        "standard_attributes": {n: r.value for n, r in held.items() if r.group == "standard"},
        "custom_attributes": {n: r.value for n, r in held.items() if r.group == "custom"},
        "derived_attributes": owned.derived(user, profile),
        "locked": [row.name for row in rows if row.explanation and row.explanation.winner.locked],
    }


def _write(
    request: HttpRequest,
    response: HttpResponse,
    user_id: str,
    wanted: Callable[[Mapping[str, Any]], dict[str, Any]],
    *,
    demanded: bool = False,
) -> dict[str, Any]:
    user, schema = which.changeable(request, user_id), store.schema()
    shown = _show(user, store.of(user.pk), schema)
    etag.require(request, shown, demanded=demanded)
    document = wanted(shown)
    _judge(document, schema)
    edits = _edits(shown, document)
    if edits:
        names = sorted(name for edit in edits for name in edit.values)
        detail = {"attributes": names, "locked": document["locked"]}
        asked = Update(user, edits, schema, timezone.now(), shown["version"])
        try:
            passed(
                update(
                    asked,
                    AROUND,
                    also=lambda: deed.record(request, "changed", "profile", user.pk, user, detail),
                )
            )
        except InvalidValues as error:
            raise InvalidValues(
                [_placed(fault, document, schema) for fault in error.faults]
            ) from None
    now = _show(user, store.of(user.pk), schema)
    response["ETag"] = etag.of(now)
    return now


def _judge(document: Mapping[str, Any], schema: Attributes) -> None:
    faults = [one for group in GROUPS for one in misplaced(group, document[group], schema)]
    faults += [
        Fault(f"/locked/{place}", "there is no such attribute")
        for place, name in enumerate(document["locked"])
        if schema.find(name) is None
    ]
    if faults:
        raise InvalidValues(faults)


def _edits(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Edit]:
    """Return what makes one document the other: unlocked words, and locked ones."""
    was = {name: value for group in GROUPS for name, value in before[group].items()}
    now = {name: value for group in GROUPS for name, value in after[group].items()}
    was_locked, locked = set(before["locked"]), set(after["locked"])
    changed = {
        name
        for name in was.keys() | now.keys() | was_locked | locked
        if (name in was) != (name in now)
        or (name in was and not same(was[name], now[name]))
        or (name in was_locked) != (name in locked)
    }
    sorts = ((False, changed - locked), (True, changed & locked))
    return [
        Edit({name: now.get(name, NOTHING) for name in sorted(names)}, "admin_api", "admin", lock)
        for lock, names in sorts
        if names
    ]


def _placed(fault: Fault, document: Mapping[str, Any], schema: Attributes) -> Fault:
    place = schema.find(fault.path.removeprefix("/").split("/")[0])
    group = f"{place[0]}_attributes" if place else ""
    return Fault(f"/{group}{fault.path}" if group in document else fault.path, fault.message)
