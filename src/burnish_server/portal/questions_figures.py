"""Progressive profiling > Questions > Figures: what came of a question, and of which words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from burnish.questions import compare
from burnish_server.enrichment import fills
from burnish_server.enrichment.fills import Days, Level
from burnish_server.enrichment.models import Fill
from burnish_server.portal import questions
from burnish_server.portal import questions_charts as charts
from burnish_server.portal.enrichment_charts import bar, percent, trend
from burnish_server.portal.pages import duration
from burnish_server.portal.questions_edit import ONE
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles
from burnish_server.questions import statistics
from burnish_server.questions.models import Question
from burnish_server.questions.statistics import WINDOWS, Figures

FUNNEL = (
    ("answered", "Answered", "portal-found"),
    ("skipped", "Skipped, and have not answered since", "portal-missed"),
    ("refused", "Said never again", "portal-broken"),
    ("left", "Went away without a word", "portal-wordless"),
)


def view(request: HttpRequest, key: str) -> HttpResponse:
    """Show the figures of a question in a window."""
    questions.require(request)
    row, now = questions.one(key), timezone.now()
    name = request.GET.get("window", "")
    name = name if name in WINDOWS else "30d"
    since = now - WINDOWS[name].span
    variants = statistics.by_variant([key], since).get(key, {})
    seconds = statistics.median_seconds(key, since)
    whole = statistics.in_all(variants)
    about = {
        "row": row,
        "original": row,
        "window": name,
        "windows": WINDOWS,
        "whole": whole,
        "funnel": list(_funnel(whole)),
        "rate": percent(whole.rate),
        "seconds": "-" if seconds is None else duration(seconds * 1000),
        **_over_time(key, name, now),
        **_variants(row, variants),
        "fills": list(_fills(row, now)),
        "trail_back": reverse(ONE, args=[key]),
    }
    return site.show(request, "portal/question_figures.html", "Figures", about)


def _funnel(whole: Figures) -> Iterator[dict[str, Any]]:
    if not whole.asked:
        return
    yield {
        "title": "Asked",
        "count": whole.asked,
        "share": "",
        "bar": bar(1.0, "All", "portal-kept"),
    }
    for name, title, colour in FUNNEL:
        count = getattr(whole, name)
        share = min(count / whole.asked, 1.0)
        told = f"{title}: {percent(share)}"
        yield {
            "title": title,
            "count": count,
            "share": percent(share),
            "bar": bar(share, told, colour),
        }


def _over_time(key: str, name: str, now: datetime) -> dict[str, Any]:
    window = WINDOWS[name]
    parts = statistics.over_time(key, window, now)
    most = charts.most_of(parts)
    return {
        "most": most,
        "series": charts.SERIES,
        "columns": charts.columns(parts, window, now) if most else "",
        "completions": charts.completions(parts, window, now) if most else "",
        "begin": charts.begin_of(0, window, now),
        "parts": [
            (charts.begin_of(place, window, now), part, percent(charts.completion(part)))
            for place, part in enumerate(parts)
        ],
    }


def _variants(row: Question, found: Mapping[str, Figures]) -> dict[str, Any]:
    """Return the variants side by side, and what can be said of each against the first."""
    question = questions.read(row)
    offered = ["a", *(one.name for one in question.variants)] if question else ["a"]
    gone = [name for name in found if name not in offered]
    if len(offered) == 1 and not gone:
        return {"variants": []}
    rows = [
        {
            "name": name,
            "gone": name in gone,
            "title": question.as_variant(name).worded(("en",)).title if question else "",
            "priority": question.as_variant(name).priority if question else "",
            "figures": found.get(name, Figures()),
            "rate": percent(found.get(name, Figures()).rate),
            "interval": charts.interval(found.get(name, Figures()).share),
            "seconds": _seconds(found.get(name, Figures())),
        }
        for name in [*offered, *gone]
    ]
    first = found.get("a", Figures()).share
    words = [
        compare.in_words("a", name, first, found.get(name, Figures()).share)
        for name in offered
        if name != "a"
    ]
    return {"variants": rows, "comparisons": words}


def _seconds(figures: Figures) -> str:
    return "-" if figures.seconds is None else duration(figures.seconds * 1000)


def _fills(row: Question, now: datetime) -> Iterator[dict[str, Any]]:
    """Return how full the question's attributes were before it came, and are now."""
    schema, noted = profiles.schema(), fills.over_time(now)
    levels = fills.present(schema, noted)
    for name in row.entry.get("attributes", ()):
        place = schema.find(name)
        if place is None:
            continue
        days: Days = noted.get(place, {})
        level = levels.get(place)
        if level:
            days = {**days, now.date(): level}
        before = _before(row, place)
        yield {
            "label": questions.label(schema, name),
            "before": percent(before[0].rate) if before else "not noted",
            "day": before[1] if before else "",
            "now": percent(level.rate) if level else "-",
            "bar": bar(level.rate, f"{percent(level.rate)} filled") if level else "",
            "change": _change(before[0], level) if before and level else "",
            "trend": trend(days, now.date(), fills.DAYS),
        }


def _before(row: Question, place: tuple[str, str]) -> tuple[Level, Any] | None:
    """Return the last noted day before the question was added."""
    group, key = place
    noted = Fill.objects.filter(group=group, key=key, day__lt=row.created_at.date())
    last = noted.order_by("-day").first()
    return (Level(last.users, last.filled, last.enriched), last.day) if last else None


def _change(before: Level, now: Level) -> str:
    points = (now.rate - before.rate) * 100
    return f"{points:+.1f} points".replace(".0 ", " ")


site.add_page("questions/question/<str:key>/figures/", view, "questions_question_figures")
