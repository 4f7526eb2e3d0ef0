"""Enrichment > Waterfalls: every attribute, and who is asked for it in which order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.enrichment.fragment import Step
from burnish_server.enrichment import apply, fills, store
from burnish_server.portal.enrichment_charts import bar, percent
from burnish_server.portal.enrichment_steps import StepForms, able
from burnish_server.portal.pages import actor
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles

LIST = "portal:enrichment_waterfall_changelist"


@dataclass(frozen=True, slots=True)
class Row:
    """An attribute, its waterfall in words, and how full it is."""

    name: str
    label: str
    steps: tuple[str, ...]
    filled: str
    enriched: str
    bar: SafeString | str


@dataclass(frozen=True, slots=True)
class Group:
    """The attributes of one group."""

    title: str
    empty: str
    rows: tuple[Row, ...]


def list_view(request: HttpRequest) -> HttpResponse:
    """List the attributes with their waterfalls."""
    _require(request)
    schema = profiles.schema()
    about = {"groups": list(_groups(schema)), "listing": True}
    return site.show(request, "portal/enrichment_waterfalls.html", "Waterfalls", about)


def edit_view(request: HttpRequest, attribute: str) -> HttpResponse:
    """Edit the waterfall of one attribute."""
    _require(request)
    schema = profiles.schema()
    if schema.find(attribute) is None:
        raise Http404
    steps = store.steps(schema).get(attribute, [])
    offered = able()
    forms = StepForms(request.POST if request.method == "POST" else None, attribute, steps, offered)
    if request.method == "POST" and forms.is_valid():
        with transaction.atomic():
            apply.pour(schema, attribute, forms.steps, actor(request))
        messages.success(request, f"The waterfall of {_label(schema, attribute)} was saved.")
        return redirect(LIST)
    row = next(row for row in _rows(schema, [attribute]))
    about = {
        "forms": forms,
        "row": row,
        "offered": offered,
    }
    return site.show(request, "portal/enrichment_waterfall.html", row.label, about)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("enrichment.change_waterfall"):
        raise PermissionDenied


def _groups(schema: Schema) -> Iterator[Group]:
    held = store.steps(schema)
    # What people sign in with belongs to them, not to those who know of them.
    standard = [name for name in schema.standard if name not in IDENTITY_COUPLED or name in held]
    custom = [one.name for one in schema.custom]
    empty = "There is none yet: define one under User profile > Custom attributes."
    yield Group("Custom attributes", empty, tuple(_rows(schema, custom)))
    yield Group("Standard attributes", "", tuple(_rows(schema, standard)))


def _rows(schema: Schema, names: Sequence[str]) -> Iterator[Row]:
    held = store.steps(schema)
    levels = fills.present(schema, fills.over_time(timezone.now()))
    for name in names:
        place = schema.find(name)
        level = levels.get(place) if place else None
        label = _label(schema, name)
        yield Row(
            name,
            label,
            tuple(_in_words(step, name) for step in held.get(name, ())),
            percent(level.rate) if level else "-",
            percent(level.enriched_rate) if level else "-",
            bar(level.rate, f"{label}: {percent(level.rate)} filled") if level else "",
        )


def _label(schema: Schema, name: str) -> str:
    custom = schema.by_name.get(name)
    return custom.title if custom else default_label(name)


def _in_words(step: Step, attribute: str) -> str:
    choice = step.as_choice(attribute)
    parts: list[Any] = []
    if choice.output != attribute:
        parts.append(choice.output)
    if choice.min_confidence:
        parts.append(f"at least {choice.min_confidence:g} sure")
    if choice.max_price is not None:
        parts.append(f"for {choice.max_price} at most")
    return choice.provider + (f" ({', '.join(parts)})" if parts else "")


site.add_page("enrichment/waterfall/", list_view, "enrichment_waterfall_changelist")
site.add_page("enrichment/waterfall/<str:attribute>/", edit_view, "enrichment_waterfall_change")
