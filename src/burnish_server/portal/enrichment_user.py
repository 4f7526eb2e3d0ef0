"""User management > Users > Enrich: the plan first, then what each lookup said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.enrichment.plan import Plan, Step
from burnish.errors import BurnishError
from burnish_server.audit import log
from burnish_server.enrichment.models import Lookup, Run
from burnish_server.identity import circumstances
from burnish_server.identity.flows import enrich
from burnish_server.identity.models import User
from burnish_server.portal.enrichment import lookup_rows
from burnish_server.portal.enrichment_state import money
from burnish_server.portal.pages import actor, moment
from burnish_server.profiles import store as profiles

RUNS = 10

TURNS = {"first": "Asked at once", "then": "If those before have nothing", "skipped": "Not asked"}
COLOURS = {"first": "allowed", "then": "idle", "after": "pending", "skipped": "denied"}


@dataclass(frozen=True, slots=True)
class Planned:
    """One step in words."""

    provider: str
    turn: str
    colour: str
    price: str
    detail: str


def plan_of(user: User) -> dict[str, Any]:
    """Return in words what enriching a user would ask, of whom, and what it can cost."""
    plan, schema = enrich.explain(user), profiles.schema()
    return {
        "steps": list(_by_attribute(plan, schema)),
        "settled": [(_label(schema, name), why) for name, why in plan.settled.items()],
        "most": money(plan.most) if plan.most else "nothing",
        "first": plan.first,
        "asks": any(step.turn != "skipped" for step in plan.steps),
    }


def runs_of(user: User, most: int = RUNS) -> list[dict[str, Any]]:
    """Return a user's last runs, each with its lookups."""
    runs = list(Run.objects.filter(user=user)[:most])
    lookups: dict[UUID, list[Lookup]] = {run.pk: [] for run in runs}
    for one in Lookup.objects.filter(run__in=lookups).order_by("at", "id"):
        lookups[one.run_id].append(one)  # type: ignore[index]
    admins = User.objects.in_bulk({run.by for run in runs if run.by})
    return [_run(run, lookups[run.pk], admins.get(run.by) if run.by else None) for run in runs]


def ask(request: HttpRequest, user: User) -> str:
    """Enrich a user and return where what came of it is shown."""
    around = circumstances.of(request, triggered_by="portal")
    page = reverse("portal:identity_user_enrich", args=[user.pk])
    try:
        begun = enrich.now(user, Run.Reason.REQUEST, around, by=request.user.pk)
    except BurnishError as error:
        messages.error(request, f"Nobody was asked: {error}")
        return page
    if begun is None:
        messages.info(
            request, "Nothing is missing that a provider could give, so nobody was asked."
        )
        return page
    with transaction.atomic():
        asked = sorted({one.provider for one in begun.enriched.account.lookups if one.asked})
        detail = {"run": str(begun.run), "asked": asked}
        log.record(actor(request), "enriched", "user", user.pk, user, detail)
    given = sorted({name for names in begun.enriched.account.gave.values() for name in names})
    if begun.task is not None or not begun.enriched.complete:
        messages.info(request, "Some are still asked; load the page again to see what they say.")
    elif given:
        messages.success(request, f"Filled in: {', '.join(given)}.")
    else:
        messages.warning(request, "Nobody had anything to fill in; see below why.")
    return f"{page}#runs"


def _by_attribute(plan: Plan, schema: Schema) -> Iterator[tuple[str, Sequence[Planned]]]:
    steps: dict[str, list[Step]] = {}
    for step in plan.steps:
        steps.setdefault(step.attribute, []).append(step)
    for attribute, way in steps.items():
        yield _label(schema, attribute), [_planned(step) for step in way]


def _planned(step: Step) -> Planned:
    turn = f"After {step.detail}" if step.turn == "after" else TURNS[step.turn]
    detail = step.detail if step.turn == "skipped" else ""
    price = money(step.price) if step.price else "free"
    return Planned(step.provider, turn, COLOURS[step.turn], price, detail)


def _label(schema: Schema, name: str) -> str:
    custom = schema.by_name.get(name)
    return custom.title if custom else default_label(name)


def _run(run: Run, lookups: list[Lookup], by: User | None) -> dict[str, Any]:
    return {
        "id": run.pk,
        "at": moment(run.started_at),
        "reason": run.get_reason_display(),
        "state": run.get_state_display(),
        "colour": {"done": "allowed", "waiting": "pending"}.get(run.state, "denied"),
        "by": by,
        "want": ", ".join(run.want),
        "lookups": lookup_rows(lookups),
    }
