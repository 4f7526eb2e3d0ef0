"""Waterfalls: who is asked for an attribute, in which order; and how long events wait for them."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field, ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.enrichment import fragment
from burnish.enrichment.fragment import Step
from burnish.enrichment.provider import Provider as Made
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.pointing import demand, missing
from burnish_server.api_keys.scope import ENRICHMENT_READ, ENRICHMENT_WRITE
from burnish_server.enrichment import apply, store
from burnish_server.enrichment.models import Provider, TimeBudget
from burnish_server.profiles import store as profiles

router = Router(tags=["waterfalls"])

_STEPS = [{"provider": "ipinfo"}, {"provider": "crm", "output": "town", "min_confidence": 0.5}]


class WaterfallSteps(Schema):
    """Who is asked, the first one first; nobody removes the waterfall."""

    model_config = ConfigDict(extra="forbid")

    steps: Annotated[list[dict[str, Any]], Field(max_length=50, examples=[_STEPS])]


class WaterfallShown(WaterfallSteps):
    """The waterfall of an attribute."""

    attribute: str = Field(examples=["city"])


class WaitingTimes(Schema):
    """How long a sign-up and a login wait for providers, in milliseconds."""

    model_config = ConfigDict(extra="forbid")

    sign_up_ms: Annotated[int, Field(ge=0, le=10_000, examples=[300])]
    login_ms: Annotated[int, Field(ge=0, le=10_000, examples=[300])]


@router.get("/waterfalls", response=list[WaterfallShown], auth=Key(ENRICHMENT_READ))
def list_waterfalls(request: HttpRequest) -> list[dict[str, Any]]:
    """List the waterfalls. An attribute without one is asked for where that is cheapest first."""
    steps = store.steps(profiles.schema())
    return [_shown(attribute, way) for attribute, way in steps.items()]


@router.put("/waterfalls/{attribute}", response=WaterfallShown, auth=Key(ENRICHMENT_WRITE))
def put_waterfall(request: HttpRequest, attribute: str, given: WaterfallSteps) -> dict[str, Any]:
    """Write the waterfall of an attribute."""
    schema = profiles.schema()
    if schema.find(attribute) is None:
        raise missing("attribute", attribute)
    steps = _read(attribute, given.steps)
    demand(_judged(attribute, steps))
    with transaction.atomic():
        apply.pour(schema, attribute, steps, actor(request))
    return _shown(attribute, steps)


@router.get("/enrichment/budget", response=WaitingTimes, auth=Key(ENRICHMENT_READ))
def read_budget(request: HttpRequest) -> dict[str, Any]:
    """Read how long events wait for providers."""
    row = TimeBudget.current()
    return {"sign_up_ms": row.sign_up_ms, "login_ms": row.login_ms}


@router.put("/enrichment/budget", response=WaitingTimes, auth=Key(ENRICHMENT_WRITE))
def put_budget(request: HttpRequest, budget: WaitingTimes) -> WaitingTimes:
    """Settle how long events wait for providers; what comes later is written when it comes."""
    with transaction.atomic():
        apply.limit(budget.sign_up_ms, budget.login_ms, actor(request))
    return budget


def _read(attribute: str, steps: list[dict[str, Any]]) -> list[Step]:
    try:
        return fragment.Enrichment.model_validate({"attributes": {attribute: steps}}).attributes[
            attribute
        ]
    except ValidationError as error:
        root = f"attributes.{attribute}"
        faults = faults_of(error)
        demand([Fault(f"steps{one.path.removeprefix(root)}", one.message) for one in faults])
        raise


def _judged(attribute: str, steps: list[Step]) -> list[Fault]:
    """Return why providers that are configured cannot be asked so."""
    made = {row.name: store.make(row) for row in Provider.objects.all()}
    faults = []
    for place, step in enumerate(steps):
        choice = step.as_choice(attribute)
        one = made.get(choice.provider)
        if one is None:
            words = f"there is no provider {choice.provider}"
            faults.append(Fault(f"steps.{place}.provider", words))
        elif isinstance(one, Made) and choice.output not in one.gives:
            given = ", ".join(sorted(one.gives))
            words = f"{choice.provider} does not give {choice.output}; it gives {given}"
            faults.append(Fault(f"steps.{place}.output", words))
    return faults


def _shown(attribute: str, steps: list[Step]) -> dict[str, Any]:
    shown = [step.model_dump(exclude_defaults=True, mode="json") for step in steps]
    return {"attribute": attribute, "steps": shown}
