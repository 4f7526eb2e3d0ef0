"""Providers: the kinds there are, those configured, what they cost, and a way to try one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, RootModel
from pydantic.config import JsonDict

from burnish.attributes.faults import Fault, InvalidValues
from burnish.enrichment import fragment, inputs
from burnish.enrichment.meter import Gauge
from burnish.enrichment.provider import Provider as Made
from burnish.enrichment.providers import kinds
from burnish_server.api import call as calls
from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor, record
from burnish_server.api.pointing import clean, demand, good, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import ENRICHMENT_READ, ENRICHMENT_WRITE, SECRETS_WRITE
from burnish_server.enrichment import apply, gauges, statistics, store, trial
from burnish_server.enrichment.models import Provider
from burnish_server.hooks.models import Secret
from burnish_server.profiles import store as profiles

router = Router(tags=["providers"])

_EXAMPLE: JsonDict = {"kind": "ipinfo", "api_key": "${IPINFO_KEY}", "limits": {"day_budget": "5"}}


class ProviderEntry(RootModel[dict[str, Any]]):
    """A provider, as a configuration file has it.

    A secret setting may name a secret, as `${IPINFO_KEY}`. One that is left out stays what it is.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class ProviderShown(Schema):
    """A provider as it is configured; of secret settings only the names.

    `problem` says why it cannot be used, where that is so.
    """

    name: str = Field(examples=["ipinfo"])
    kind: str = Field(examples=["ipinfo"])
    settings: dict[str, Any] = Field(examples=[{"limits": {"day_budget": "5"}}])
    secrets: list[str] = Field(examples=[["api_key"]])
    problem: str | None


class ProviderKind(Schema):
    """A kind of provider: what it needs, what it gives, and its settings as JSON Schema."""

    key: str
    title: str
    needs: list[str]
    any_of: list[str]
    hints: list[str]
    gives: list[str]
    local: bool
    price: str
    settings: dict[str, Any]
    secrets: list[str]


class ProviderUsage(Schema):
    """What came of a provider's lookups in a stretch of time, and how its budget stands."""

    window: str
    asked: int
    found: int
    missed: int
    failed: int
    kept: int
    skipped: int
    spent: Decimal
    p50_ms: float | None
    p95_ms: float | None
    spent_today: Decimal
    spent_this_month: Decimal
    asked_today: int
    blocked_until: datetime | None
    blocked_for: str


class ProviderInputs(Schema):
    """What to ask with; `anew` asks even where an answer is kept, which may cost again."""

    model_config = ConfigDict(extra="forbid")

    inputs: Annotated[dict[str, str], Field(max_length=50, examples=[{"ip": "203.0.113.7"}])]
    anew: bool = False


class ProviderTried(Schema):
    """What a provider said. Nothing is written to any profile."""

    outcome: str
    reason: str
    detail: str
    values: dict[str, Any]
    ms: float
    cost: str
    kept: str


@router.get("/providers/kinds", response=list[ProviderKind], auth=Key(ENRICHMENT_READ))
def list_kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """List the kinds of provider there are."""
    return [
        {
            "key": key,
            "title": kind.title or key,
            "needs": sorted(kind.needs),
            "any_of": sorted(kind.any_of),
            "hints": sorted(kind.hints),
            "gives": sorted(kind.gives),
            "local": kind.local,
            "price": str(kind.price),
            "settings": kind.Settings.model_json_schema(),
            "secrets": store.secret_fields(kind),
        }
        for key, kind in sorted(kinds().items())
    ]


@router.get("/providers", response=list[ProviderShown], auth=Key(ENRICHMENT_READ))
def list_providers(request: HttpRequest) -> list[dict[str, Any]]:
    """List the providers that are configured."""
    return [_shown(row) for row in Provider.objects.all()]


@router.get("/providers/{name}", response=ProviderShown, auth=Key(ENRICHMENT_READ))
def read_provider(request: HttpRequest, name: str, response: HttpResponse) -> dict[str, Any]:
    """Read one provider."""
    shown = _shown(_one(name))
    etag.tag(request, response, shown)
    return shown


@router.put(
    "/providers/{name}",
    response={200: ProviderShown, 201: ProviderShown},
    auth=Key(ENRICHMENT_WRITE),
)
def put_provider(request: HttpRequest, name: str, entry: ProviderEntry) -> Any:
    """Write a provider, new or changed. Without `kind` its kind is its name."""
    before = Provider.objects.filter(pk=clean(name)).first()
    etag.require(request, _shown(before) if before else None)
    said = {"kind": before.kind if before else name, **entry.root}
    _require_secrets(request, said, before)
    _judge(name, said, before)
    row = before or Provider(name=name, position=Provider.objects.count())
    with transaction.atomic():
        apply.put(row, said, actor(request))
    return Status(200 if before else 201, _shown(row))


@router.delete("/providers/{name}", response={204: None}, auth=Key(ENRICHMENT_WRITE))
def remove_provider(request: HttpRequest, name: str) -> Any:
    """Remove a provider, its steps in waterfalls and its kept answers."""
    row = _one(name)
    etag.require(request, _shown(row))
    with transaction.atomic():
        apply.remove(row, profiles.schema(), actor(request))
    return Status(204, None)


@router.post("/providers/{name}/lift", response={204: None}, auth=Key(ENRICHMENT_WRITE))
def lift_block(request: HttpRequest, name: str) -> Any:
    """Have a provider that is left alone asked again at once."""
    row = _one(name)
    with transaction.atomic():
        gauges.lift(row.name)
        record(request, "lifted the block of", "provider", row.name, row.name)
    return Status(204, None)


@router.post("/providers/{name}/test", response=ProviderTried, auth=Key(ENRICHMENT_WRITE))
def test_provider(request: HttpRequest, name: str, given: ProviderInputs) -> dict[str, Any]:
    """Ask a provider for real; that may cost. Nothing is written to any profile."""
    made = store.make(_one(name))
    if isinstance(made, list):
        words = "; ".join(fault.message for fault in made)
        raise Problem(409, "provider_unusable", f"This provider cannot be used: {words}.")
    known = _known(made, given.inputs)

    def note() -> None:
        record(request, "tested", "provider", made.name, made.name)

    tried = trial.of(made, known, anew=given.anew, also=note)
    if tried is None:
        sentence = "The provider was asked, but took too long to answer."
        raise Problem(504, "provider_timeout", sentence)
    return {**tried.line, "values": tried.values}


@router.get("/providers/{name}/usage", response=ProviderUsage, auth=Key(ENRICHMENT_READ))
def provider_usage(
    request: HttpRequest, name: str, window: Literal["24h", "7d", "30d"] = "24h"
) -> dict[str, Any]:
    """Say what came of a provider's lookups, what it cost, and how its budget stands."""
    row, now = _one(name), timezone.now()
    figures = statistics.by_provider(statistics.WINDOWS[window], now).get(
        row.name, statistics.Figures()
    )
    names = ("asked", "found", "missed", "failed", "kept", "skipped", "spent")
    gauge = gauges.current().get(row.name, Gauge())
    blocked = gauge.blocked_until or gauge.resting_until
    return {
        **{one: getattr(figures, one) for one in names},
        "window": window,
        "p50_ms": figures.p50,
        "p95_ms": figures.p95,
        "spent_today": gauge.day_spend,
        "spent_this_month": gauge.month_spend,
        "asked_today": gauge.day_count,
        "blocked_until": datetime.fromtimestamp(blocked, UTC) if blocked else None,
        "blocked_for": gauge.blocked_for,
    }


def _require_secrets(
    request: HttpRequest, said: Mapping[str, Any], before: Provider | None
) -> None:
    """Refuse to send a secret somewhere for a program that may not set one.

    Programs refer to stored secrets alone: the environment is the machine's.
    """
    kept = set(fragment.references(before.settings)) if before else set()
    new = sorted(set(fragment.references(said)) - kept)
    moved = before is not None and said.get("url") != before.settings.get("url")
    if not new and not (moved and before and (before.sealed or kept)):
        return
    call = calls.of(request)
    if call is None or SECRETS_WRITE not in call.key.scopes:
        sentence = f"To send a secret somewhere takes the scope {SECRETS_WRITE} besides."
        raise Problem(403, "insufficient_scope", sentence)
    stored = set(Secret.objects.filter(name__in=new).values_list("name", flat=True))
    unknown = [name for name in new if name not in stored]
    demand([Fault("", f"there is no secret {name}; store it first") for name in unknown])


def _judge(name: str, entry: dict[str, Any], before: Provider | None) -> None:
    """Refuse an entry that makes no provider, given the secrets that stay as they are."""
    kept = store.secrets_of(before) if before and before.kind == entry["kind"] else {}
    place = f"enrichment.providers.{name}"
    good(fragment.parse({"providers": {name: {**kept, **entry}}}), place)
    demand(
        [
            Fault(one.path.removeprefix(f"{place}."), one.message)
            for one in store.judge(name, {**kept, **entry})
        ]
    )


def _known(made: Made, given: dict[str, str]) -> Mapping[str, Any]:
    """Return inputs in their one form, or refuse them."""
    read = inputs.read(given)
    demand([Fault(f"inputs.{name}", reason) for name, reason in read.unfit.items()])
    if made.lacks(read.known):
        needed = ", ".join(sorted(made.needs)) or f"one of {', '.join(sorted(made.any_of))}"
        raise InvalidValues([Fault("/inputs", f"it cannot be asked without: {needed}")])
    return read.known


def _one(name: str) -> Provider:
    row = Provider.objects.filter(pk=clean(name)).first()
    if row is None:
        raise missing("provider", name)
    return row


def _shown(row: Provider) -> dict[str, Any]:
    made = store.make(row)
    wrong = "; ".join(fault.message for fault in made) if isinstance(made, list) else None
    return {
        "name": row.name,
        "kind": row.kind,
        "settings": row.settings,
        "secrets": sorted(row.sealed),
        "problem": wrong,
    }
