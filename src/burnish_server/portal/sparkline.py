"""A small chart of calls and failures, hour by hour."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, BAR = 96, 20, 4


def sparkline(hours: Sequence[tuple[int, int]]) -> SafeString:
    """Return bars of calls and, in them, of failures; the text for those who do not see it."""
    most = max((calls for calls, _ in hours), default=0)
    calls, failures = (sum(part) for part in zip(*hours, strict=True))
    told = f"{calls} calls and {failures} failures in the last {len(hours)} hours"
    if most == 0:
        return format_html('<span class="portal-quiet" title="{}">-</span>', told)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="3" height="{}"/>',
        (
            (kind, place * BAR, round(HEIGHT - tall, 1), round(tall, 1))
            for place, (called, failed) in enumerate(hours)
            for kind, tall in (
                ("portal-calls", HEIGHT * called / most),
                ("portal-failures", HEIGHT * failed / most),
            )
            if tall
        ),
    )
    return format_html(
        '<svg class="portal-sparkline" role="img" aria-label="{}" width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title>{}</title>{}</svg>',
        told,
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        told,
        bars,
    )
