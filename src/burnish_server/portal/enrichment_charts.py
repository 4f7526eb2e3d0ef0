"""Charts of enrichment, drawn here: each says in words what it shows, for who does not see it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from burnish_server.enrichment.fills import Level
from burnish_server.enrichment.statistics import Part, Window
from burnish_server.portal.pages import duration

SERIES = (
    ("found", "Found", "portal-found"),
    ("missed", "Missed", "portal-missed"),
    ("failed", "Failed", "portal-broken"),
    ("kept", "Kept already", "portal-kept"),
)
"""What a column of the big chart is made of, from the ground up."""

TALL, BAR, STEP = 100.0, 8, 10
WIDTH, HEIGHT = 160, 32


def percent(share: float | None) -> str:
    """Return a share as people read it; a dash for none."""
    if share is None:
        return "-"
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{share * 100:.1f} %"
    return f"{share * 100:.0f} %"


def bar(share: float | None, told: str, colour: str = "portal-found") -> SafeString | str:
    """Return a share as a bar; the text beside it says it too."""
    if share is None:
        return ""
    return format_html(
        '<svg class="portal-bar" role="img" aria-label="{}" viewBox="0 0 100 6"'
        ' preserveAspectRatio="none"><rect class="portal-ground" width="100" height="6"/>'
        '<rect class="{}" width="{}" height="6"/></svg>',
        told,
        colour,
        f"{share * 100:.1f}",
    )


def times(p50: float | None, p95: float | None, most: float) -> SafeString | str:
    """Return the middle and the slow end of durations as one bar, of the slowest at hand."""
    if p50 is None or p95 is None or not most:
        return ""
    return format_html(
        '<svg class="portal-bar" role="img" aria-label="{}" viewBox="0 0 100 6"'
        ' preserveAspectRatio="none"><rect class="portal-ground" width="100" height="6"/>'
        '<rect class="portal-kept portal-soft" width="{}" height="6"/>'
        '<rect class="portal-kept" width="{}" height="6"/></svg>',
        f"half within {duration(p50)}, 95 of 100 within {duration(p95)}",
        f"{p95 / most * 100:.1f}",
        f"{p50 / most * 100:.1f}",
    )


def columns(parts: Sequence[Part], window: Window, now: datetime) -> SafeString:
    """Return a column for each part of a window, stacked by what came of the lookups."""
    most = max(_total(part) for part in parts)
    drawn = format_html_join(
        "",
        "<g><title>{}</title>{}</g>",
        (
            (column_words(part, place, window, now), _stack(part, place, most))
            for place, part in enumerate(parts)
            if _total(part)
        ),
    )
    return format_html(
        '<svg class="portal-columns" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>',
        f"{sum(map(_total, parts))} lookups in the last {window.title}, "
        f"{most} at most in one column; the table below has the numbers",
        len(parts) * STEP,
        TALL,
        drawn,
    )


def most_of(parts: Sequence[Part]) -> int:
    """Return how many lookups the tallest column stands for."""
    return max(_total(part) for part in parts)


def column_words(part: Part, place: int, window: Window, now: datetime) -> str:
    """Return what one column shows, in words."""
    counts = (f"{getattr(part, name)} {words.lower()}" for name, words, _ in SERIES)
    return f"{begin_of(place, window, now)}: {', '.join(counts)}"


def begin_of(place: int, window: Window, now: datetime) -> str:
    """Return when a part of a window begins."""
    at = now - window.span + window.part * place
    return f"{at:%Y-%m-%d}" if window.part >= timedelta(days=1) else f"{at:%Y-%m-%d %H:%M}"


def trend(days: Mapping[date, Level], until: date, most: int) -> SafeString | str:
    """Return how full an attribute was day by day: the line all values, the area providers'."""
    if len(days) < 2:
        return ""
    first = until - timedelta(days=most - 1)
    points = [((day - first).days * WIDTH / (most - 1), level) for day, level in days.items()]
    begin, end = next(iter(days)), list(days)[-1]
    told = (
        f"Filled: {percent(days[begin].rate)} on {begin}, {percent(days[end].rate)} on {end}; "
        f"by providers: {percent(days[begin].enriched_rate)}, then "
        f"{percent(days[end].enriched_rate)}"
    )
    line = " ".join(f"{x:.1f},{_y(level.rate):.1f}" for x, level in points)
    area = " ".join(f"{x:.1f},{_y(level.enriched_rate):.1f}" for x, level in points)
    return format_html(
        '<svg class="portal-trend" role="img" aria-label="{}" viewBox="0 0 {} {}">'
        "<title>{}</title>"
        '<path class="portal-base" d="M0 {}H{}"/>'
        '<polygon class="portal-area" points="{},{} {} {},{}"/>'
        '<polyline class="portal-line" points="{}"/></svg>',
        told,
        WIDTH,
        HEIGHT,
        told,
        HEIGHT,
        WIDTH,
        f"{points[0][0]:.1f}",
        HEIGHT,
        area,
        f"{points[-1][0]:.1f}",
        HEIGHT,
        line,
    )


def _y(share: float) -> float:
    return 1 + (HEIGHT - 2) * (1 - share)


def _total(part: Part) -> int:
    return part.found + part.missed + part.failed + part.kept


def _stack(part: Part, place: int, most: int) -> SafeString:
    ground, drawn = TALL, []
    for name, _, colour in SERIES:
        tall = TALL * getattr(part, name) / most
        ground -= tall
        if tall:
            drawn.append((colour, place * STEP + 1, f"{ground:.2f}", BAR, f"{tall:.2f}"))
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', drawn)
