"""Enrichment > Overview: how full profiles are, how providers do, and the last lookups."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from burnish.attributes.custom import default_label
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish_server.enrichment import fills, statistics, store
from burnish_server.enrichment.models import Lookup
from burnish_server.enrichment.statistics import WINDOWS, Figures, Reason
from burnish_server.identity.models import User
from burnish_server.portal import enrichment_charts as charts
from burnish_server.portal.enrichment_charts import percent
from burnish_server.portal.enrichment_state import Spend, State, money, states
from burnish_server.portal.pages import ReadOnlyPage, duration, moment
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles

OUTCOMES = ("found", "miss", "failed", "skipped", "pending")
COLOURS = {
    "found": "allowed",
    "miss": "idle",
    "failed": "failed",
    "skipped": "denied",
    "pending": "pending",
}


@admin.register(Lookup, site=site)
class OverviewPage(ReadOnlyPage):
    """Charts and the last lookups: no list to page through."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the figures of a window, and the last lookups that pass the filter."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = request.GET.get("window", "")
        name = name if name in WINDOWS else "24h"
        failures, left = _reasons(name)
        about = {
            "window": name,
            "windows": WINDOWS,
            "listing": True,
            **_over_time(name),
            "providers": list(_providers(name)),
            "failures": failures,
            "left": left,
            "fills": list(_fills()),
            **_last(request),
        }
        return site.show(request, "portal/enrichment.html", "Overview", about)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        """Say no: a lookup has no page of its own."""
        raise PermissionDenied


def _over_time(name: str) -> dict[str, Any]:
    window, now = WINDOWS[name], timezone.now()
    parts = statistics.over_time(window, now)
    most = charts.most_of(parts)
    return {
        "most": most,
        "columns": charts.columns(parts, window, now) if most else "",
        "begin": charts.begin_of(0, window, now),
        "series": charts.SERIES,
        "parts": [(charts.begin_of(place, window, now), part) for place, part in enumerate(parts)],
    }


def _providers(name: str) -> Iterator[dict[str, Any]]:
    figures = statistics.by_provider(WINDOWS[name], timezone.now())
    known = states()
    slowest = max((about.p95 or 0.0 for about in figures.values()), default=0.0)
    for provider in dict.fromkeys([*known, *figures]):
        about = figures.get(provider, Figures())
        state = known.get(provider)
        yield {
            "name": provider,
            "there": state is not None,
            "figures": about,
            "hit_rate": percent(about.hit_rate),
            "hits": charts.bar(about.hit_rate, f"{percent(about.hit_rate)} found"),
            "kept_rate": percent(about.kept_rate),
            "kept": charts.bar(about.kept_rate, f"{percent(about.kept_rate)} kept", "portal-kept"),
            "p50": None if about.p50 is None else duration(about.p50),
            "p95": None if about.p95 is None else duration(about.p95),
            "times": charts.times(about.p50, about.p95, slowest),
            "spent": money(about.spent),
            "budgets": list(_budgets(state)),
        }


def _budgets(state: State | None) -> Iterator[tuple[str, Spend, Any]]:
    if state is None:
        return
    for word, spend in (("Today", state.today), ("This month", state.month)):
        if spend.spent or spend.budget is not None:
            colour = "portal-broken" if (spend.share or 0) >= 0.9 else "portal-found"
            yield word, spend, charts.bar(spend.share, f"{word}: {spend}", colour)


def _reasons(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what went wrong, and why nobody was asked; each with a bar."""
    found = statistics.reasons(WINDOWS[name], timezone.now())
    failures = [one for one in found if one.asked]
    left = [one for one in found if not one.asked]
    return _bars(failures, "portal-broken"), _bars(left, "portal-missed")


def _bars(reasons: list[Reason], colour: str) -> list[dict[str, Any]]:
    most = max((one.count for one in reasons), default=0)
    return [
        {
            "provider": one.provider,
            "reason": one.reason.replace("_", " "),
            "count": one.count,
            "bar": charts.bar(one.count / most, f"{one.count} times", colour),
        }
        for one in reasons[:20]
    ]


def _fills() -> Iterator[dict[str, Any]]:
    """Return how full each attribute is: those with a waterfall, and those somebody has."""
    schema, now = profiles.schema(), timezone.now()
    noted = fills.over_time(now)
    levels, wanted = fills.present(schema, noted), store.setup().waterfalls
    for name in [*schema.by_name, *schema.standard]:
        place = schema.find(name)
        level = levels.get(place) if place else None
        shows = level and level.filled and name not in IDENTITY_COUPLED
        if place is None or not (shows or name in wanted):
            continue
        days = dict(noted.get(place, {}))
        if level:
            days[now.date()] = level
        custom = schema.by_name.get(name)
        yield {
            "name": name,
            "label": custom.title if custom else default_label(name),
            "trend": charts.trend(days, now.date(), fills.DAYS),
            "filled": percent(level.rate) if level else "-",
            "enriched": percent(level.enriched_rate) if level else "-",
            "bar": charts.bar(level.rate, f"{percent(level.rate)} filled") if level else "",
        }


def _last(request: HttpRequest) -> dict[str, Any]:
    provider = request.GET.get("provider", "").replace("\0", "")[:40]
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES else ""
    lookups = statistics.last_lookups(provider, outcome)
    return {
        "provider": provider,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "names": sorted({*states(), *([provider] if provider else [])}),
        "lookups": lookup_rows(lookups),
    }


def lookup_rows(lookups: list[Lookup]) -> list[dict[str, Any]]:
    """Return lookups as a table shows them; none holds a value of an attribute."""
    ids: set[UUID] = {one.user_id for one in lookups if one.user_id}
    people = User.objects.in_bulk(ids)
    return [
        {
            "at": moment(one.at),
            "user": people.get(one.user_id) if one.user_id else None,
            "gone": one.user_id is not None and one.user_id not in people,
            "provider": one.provider,
            "outcome": one.outcome,
            "colour": COLOURS.get(one.outcome, "idle"),
            "reason": one.reason.replace("_", " "),
            "detail": one.detail,
            "gave": ", ".join(one.gave),
            "refused": sorted(one.refused.items()),
            "took": duration(one.ms) if one.asked else "-",
            "cost": money(one.cost) if one.cost else "-",
            "kept": one.kept,
        }
        for one in lookups
    ]
