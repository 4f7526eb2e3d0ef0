"""Charts of questions, drawn here: each says in words what it shows, for who does not see it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from burnish.questions.compare import Share, wilson
from burnish_server.portal.enrichment_charts import percent
from burnish_server.questions.statistics import Part, Window

SERIES = (
    ("answered", "Answered", "portal-found"),
    ("skipped", "Skipped", "portal-missed"),
    ("refused", "Refused", "portal-broken"),
    ("wordless", "No word", "portal-wordless"),
)
"""What a column is made of, from the ground up."""

TALL, BAR, STEP = 100.0, 8, 10


def counts(part: Part) -> dict[str, int]:
    """Return what a column is made of; the rest of those asked said nothing in that time."""
    said = part.answered + part.skipped + part.refused
    return {
        "answered": part.answered,
        "skipped": part.skipped,
        "refused": part.refused,
        "wordless": max(part.asked - said, 0),
    }


def completion(part: Part) -> float | None:
    """Return how many of those asked answered; None where nobody was."""
    return min(part.answered / part.asked, 1.0) if part.asked else None


def begin_of(place: int, window: Window, now: datetime) -> str:
    """Return when a part of a window begins."""
    at = now - window.span + window.part * place
    return f"{at:%Y-%m-%d}" if window.part >= timedelta(days=1) else f"{at:%Y-%m-%d %H:%M}"


def most_of(parts: Sequence[Part]) -> int:
    """Return how much the tallest column stands for."""
    return max(sum(counts(part).values()) for part in parts)


def columns(parts: Sequence[Part], window: Window, now: datetime) -> SafeString:
    """Return a column for each part of a window, stacked by what came of the question."""
    most = most_of(parts)
    told = (
        f"Put {sum(part.asked for part in parts)} times in the last {window.title} and answered "
        f"{sum(part.answered for part in parts)} times; the table below has the numbers"
    )
    drawn = (
        (f"{begin_of(place, window, now)}: {_words(part)}", _stack(part, place, most))
        for place, part in enumerate(parts)
        if sum(counts(part).values())
    )
    return _framed(told, len(parts), drawn)


def completions(parts: Sequence[Part], window: Window, now: datetime) -> SafeString:
    """Return a column for the share of those asked who answered, in each part of a window."""
    shares = [
        (place, share)
        for place, part in enumerate(parts)
        if (share := completion(part)) is not None
    ]
    told = "Completion"
    if shares:
        told += f" was {percent(shares[0][1])} at first and {percent(shares[-1][1])} at last"
    drawn = (
        (
            f"{begin_of(place, window, now)}: {percent(share)} answered",
            _rectangles([("portal-found", place * STEP + 1, TALL - TALL * share, TALL * share)]),
        )
        for place, share in shares
    )
    return _framed(told, len(parts), drawn)


def interval(share: Share) -> SafeString:
    """Return a share as a dot, and as a line where it may lie 95 times in 100."""
    low, high = wilson(share)
    return format_html(
        '<svg class="portal-interval" role="img" aria-label="{}" viewBox="0 0 100 10"'
        ' preserveAspectRatio="none"><path class="portal-base" d="M0 5H100"/>'
        '<rect class="portal-kept portal-soft" x="{}" y="3" width="{}" height="4"/>'
        '<rect class="portal-kept" x="{}" y="1" width="0.8" height="8"/></svg>',
        f"{percent(share.rate)}, between {percent(low)} and {percent(high)} 95 times in 100",
        f"{low * 100:.1f}",
        f"{(high - low) * 100:.1f}",
        f"{min(share.rate * 100, 99.2):.1f}",
    )


def _framed(told: str, parts: int, drawn: Iterator[tuple[str, SafeString]]) -> SafeString:
    return format_html(
        '<svg class="portal-columns" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>',
        told,
        parts * STEP,
        TALL,
        format_html_join("", "<g><title>{}</title>{}</g>", drawn),
    )


def _words(part: Part) -> str:
    found = counts(part)
    return ", ".join(f"{found[name]} {title.lower()}" for name, title, _ in SERIES)


def _stack(part: Part, place: int, most: int) -> SafeString:
    ground, found = TALL, counts(part)
    drawn: list[tuple[str, float, float, float]] = []
    for name, _, colour in SERIES:
        tall = TALL * found[name] / most
        ground -= tall
        if tall:
            drawn.append((colour, place * STEP + 1, ground, tall))
    return _rectangles(drawn)


def _rectangles(drawn: list[tuple[str, float, float, float]]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((colour, x, f"{y:.2f}", BAR, f"{tall:.2f}") for colour, x, y, tall in drawn),
    )
