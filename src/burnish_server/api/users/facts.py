"""Where a profile's values come from: every fact, why one holds, and what was said when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from burnish_server.api.auth import Key
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.problems import Problem
from burnish_server.api.users import which
from burnish_server.api.users.which import UserId
from burnish_server.api_keys.scope import USERS_READ
from burnish_server.identity import owned
from burnish_server.profiles import store, view
from burnish_server.profiles.models import History
from burnish_server.profiles.report import report

router = Router(tags=["profiles"])

_FACT: dict[str, Any] = {
    "value": "Lyon",
    "deleted": False,
    "source": "provider:ipgeolocation",
    "observed_at": "2026-03-02T09:14:07Z",
    "confidence": 0.9,
    "expires_at": "2026-09-02T09:14:07Z",
    "run": None,
    "author": None,
    "locked": False,
    "effective": True,
    "rule": None,
    "reason": None,
}

_MOMENT: dict[str, Any] = {
    "at": "2026-03-02T09:14:07Z",
    "version": 2,
    "act": "said",
    "attribute": "city",
    "source": "provider:ipgeolocation",
    "value": "Lyon",
    "confidence": 0.9,
    "expires_at": "2026-09-02T09:14:07Z",
    "by": None,
}


class Fact(Schema):
    """What one source said; of those that do not hold, `rule` and `reason` say why."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FACT]})

    value: Any
    deleted: bool
    source: str
    observed_at: datetime
    confidence: float
    expires_at: datetime | None
    run: str | None
    author: str | None
    locked: bool
    effective: bool
    rule: str | None
    reason: str | None = None


class Facts(Schema):
    """Every fact of a profile by attribute; the one that holds comes first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"facts": {"city": [_FACT]}}]})

    facts: dict[str, list[Fact]]


class Explained(Schema):
    """Why an attribute has its value: `stale` is one that expired, with nothing newer known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"attribute": "city", "value": "Lyon", "stale": False, "facts": [_FACT]}]
        }
    )

    attribute: str
    value: Any
    stale: bool
    facts: list[Fact]


class Moment(Schema):
    """Something that was said, withdrawn, refused or converted; `by` is the administrator."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MOMENT]})

    at: datetime
    version: int
    act: str
    attribute: str
    source: str
    value: Any
    confidence: float | None
    expires_at: datetime | None
    by: str | None


@router.get("/users/{user_id}/facts", response=Facts, auth=Key(USERS_READ))
def list_facts(request: HttpRequest, user_id: UserId) -> dict[str, Any]:
    """Read every fact behind a user's profile."""
    return {"facts": _facts(user_id)}


@router.get("/users/{user_id}/facts/{attribute}", response=Explained, auth=Key(USERS_READ))
def explain_attribute(request: HttpRequest, user_id: UserId, attribute: str) -> dict[str, Any]:
    """Say why an attribute has its value: which source won, over whom, and by which rule."""
    schema = store.schema()
    if schema.find(attribute) is None:
        raise Problem(404, "attribute_not_found", "There is no attribute of this name.")
    user = which.user(user_id)
    facts = _facts(user_id).get(attribute, [])
    why = view.explain(store.of(user.pk), schema, attribute)
    reasons = {one.fact.source: one.reason for one in why.losers} if why else {}
    effective = next((one for one in facts if one["effective"]), None)
    return {
        "attribute": attribute,
        "value": effective["value"] if effective else None,
        "stale": bool(why and why.stale),
        "facts": [{**one, "reason": reasons.get(one["source"])} for one in facts],
    }


@router.get("/users/{user_id}/history", response=Page[Moment], auth=Key(USERS_READ))
def list_history(
    request: HttpRequest,
    response: HttpResponse,
    user_id: UserId,
    paging: Annotated[Paging, Query()],
) -> dict[str, Any]:
    """List what was said of a user, the latest first."""
    schema = store.schema()
    names = {("custom", one.id): one.name for one in schema.custom}

    def show(rows: Sequence[History]) -> Iterable[dict[str, Any]]:
        return (_moment(row, names.get((row.group, row.key), row.key)) for row in rows)

    rows = History.objects.filter(user_id=which.user(user_id).pk)
    return page(request, response, rows, ("-at", "-group", "-key", "-source"), paging, show)


def _facts(user_id: str) -> dict[str, list[dict[str, Any]]]:
    user = which.user(user_id)
    profile = store.of(user.pk)
    found = report(profile, store.schema(), owned.derived(user, profile))
    facts: dict[str, list[dict[str, Any]]] = found["facts"]
    return facts


def _moment(row: History, name: str) -> dict[str, Any]:
    return {
        "at": row.at,
        "version": row.version,
        "act": row.act,
        "attribute": name,
        "source": row.source,
        "value": row.fact.get("value"),
        "confidence": row.fact.get("confidence"),
        "expires_at": row.fact.get("expires_at"),
        "by": str(row.by) if row.by else None,
    }
