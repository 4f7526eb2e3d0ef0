"""Having a user's profile filled in, and what that would ask."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema as Attributes
from burnish_server.api.auth import Key, actor
from burnish_server.api.problems import RESPONSES, Problem
from burnish_server.api_keys.scope import USERS_ENRICH
from burnish_server.audit.log import record
from burnish_server.enrichment.models import Run
from burnish_server.identity import authority, lookup
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich, enrich_report
from burnish_server.identity.models import User
from burnish_server.profiles import store

LONGEST_MS = 30_000

_ID = "5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10"
_WISH: dict[str, Any] = {"want": ["city"], "within_ms": 2000}
_FILLED: dict[str, Any] = {
    "user_id": _ID,
    "run": "0b3f0d7e-1d0c-4a3e-9a55-6a1f0c2b7d11",
    "complete": True,
    "lookups": [
        {
            "provider": "ipgeolocation",
            "outcome": "found",
            "reason": "",
            "detail": "",
            "gave": ["city"],
            "refused": {},
            "ms": 41.7,
            "cost": "0.002",
            "kept": "",
            "asked": True,
            "at": "2026-03-02T09:14:07Z",
        }
    ],
    "facts": [
        {
            "attribute": "city",
            "source": "provider:ipgeolocation",
            "confidence": 0.9,
            "observed_at": "2026-03-02T09:14:07Z",
            "expires_at": "2026-09-02T09:14:07Z",
        }
    ],
    "settled": {},
    "standard_attributes": {"email": "ada@nordlake.example"},
    "custom_attributes": {"city": "Lyon"},
}
_PLAN: dict[str, Any] = {
    "user_id": _ID,
    "first": ["ipgeolocation"],
    "steps": [
        {
            "attribute": "city",
            "provider": "ipgeolocation",
            "turn": "first",
            "price": "0.002",
            "detail": "",
        }
    ],
    "most": "0.002",
    "settled": {},
}

router = Router(tags=["enrichment"])

MOST_NAMES = 200

Name = Annotated[str, Field(max_length=100)]
Names = Annotated[list[Name], Field(max_length=MOST_NAMES)]
Wanted = Annotated[list[Name], Query(max_length=MOST_NAMES)]
ALL: list[str] = []


class Wish(Schema):
    """What is wanted, and how long to wait for it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [_WISH]},
    )

    want: Names | None = None
    """Attributes; all that have a waterfall if none are named."""
    within_ms: Annotated[int, Field(ge=0, le=LONGEST_MS)] = 10_000
    """How long to wait; what comes later is written when it comes."""


class LookupLine(Schema):
    """What came of one provider. It holds no value of any attribute."""

    provider: str
    outcome: str
    reason: str
    detail: str
    gave: list[str]
    refused: dict[str, str]
    ms: float
    cost: str
    kept: str
    asked: bool
    at: datetime


class Filled(Schema):
    """An attribute a provider filled: how sure it is, since when and until when."""

    attribute: str
    source: str
    confidence: float
    observed_at: datetime
    expires_at: datetime | None


class Enriched(Schema):
    """What came of it so far; it is `complete` when nobody is waited for any more.

    `settled` are attributes nobody was asked about, and why.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_FILLED]})

    user_id: str
    run: str | None
    complete: bool
    lookups: list[LookupLine]
    facts: list[Filled]
    settled: dict[str, str]
    standard_attributes: dict[str, Any]
    custom_attributes: dict[str, Any]


class Step(Schema):
    """One provider's turn: `first`, `then`, `after` others, or `skipped`, and why."""

    attribute: str
    provider: str
    turn: str
    price: str
    detail: str


class Planned(Schema):
    """Who would be asked first, all steps, and what it costs at most."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PLAN]})

    user_id: str
    first: list[str]
    steps: list[Step]
    most: str
    settled: dict[str, str]


@router.post(
    "/users/{user_id}/enrich",
    response=Enriched,
    auth=Key(USERS_ENRICH),
    openapi_extra={"responses": RESPONSES},
)
def enrich_user(request: HttpRequest, user_id: str, wish: Wish | None = None) -> dict[str, Any]:
    """Ask providers for what is missing of a user.

    They are asked with what the profile holds, never with the address this request came from.
    """
    wish = wish or Wish()
    key = request.auth  # type: ignore[attr-defined]
    user = authority.user_to_change(actor(key), user_id)
    schema = store.schema()
    want = _known(wish.want, schema)
    plan = enrich.explain(user, want)

    def note() -> None:
        detail = {"attributes": want or "all"}
        record(actor(key), "enriched", "profile", user.pk, user, detail)

    begun = enrich.now(
        user,
        Run.Reason.REQUEST,
        Circumstances("admin_api"),
        want=want,
        within=timedelta(milliseconds=wish.within_ms),
        also=note,
    )
    return enrich_report.done(user, begun, plan, schema)


@router.get(
    "/users/{user_id}/enrich",
    response=Planned,
    auth=Key(USERS_ENRICH),
    openapi_extra={"responses": RESPONSES},
)
def plan_enrichment(request: HttpRequest, user_id: str, want: Wanted = ALL) -> dict[str, Any]:
    """Say whom enriching a user would ask, and whom not and why. Nobody is asked."""
    user = _user(user_id)
    plan = enrich.explain(user, _known(want or None, store.schema()))
    return enrich_report.planned(user, plan)


def _user(user_id: str) -> User:
    user = lookup.by_id(user_id)
    if user is None:
        raise Problem(404, "user_not_found", "There is no user with this id.")
    if user.anonymized_at is not None:
        raise Problem(409, "user_anonymized", "This user was anonymised; nobody is asked of them.")
    return user


def _known(want: list[str] | None, schema: Attributes) -> list[str] | None:
    faults = [
        Fault(f"/want/{index}", f"there is no attribute {name}")
        for index, name in enumerate(want or ())
        if schema.find(name) is None
    ]
    if faults:
        words = "; ".join(fault.message for fault in faults[:5])
        raise Problem(422, "unknown_attribute", f"{words[0].upper()}{words[1:]}.", faults)
    return want
