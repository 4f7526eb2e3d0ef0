"""Where a value came from, in words for the person it is about."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.timesince import timesince

from burnish.profiles.fact import Fact


def day(at: date) -> str:
    """Return a day as people write it: 3 March 2026."""
    return formatted(timezone.localtime(at) if isinstance(at, datetime) else at, "j F Y")


def moment(at: datetime) -> str:
    """Return a time as people write it: 3 March 2026, 14:05 UTC."""
    return formatted(timezone.localtime(at), "j F Y, H:i T")


def speaker(source: str) -> str:
    """Return who speaks, as a person may know them: a hook or a provider by its name."""
    kind, _, name = source.partition(":")
    match kind:
        case "user" | "question":
            return "you"
        case "admin":
            return "an administrator"
        case "social":
            return f"your {name.title()} account"
        case "import":
            return "another system"
        case _:
            return name or kind


def told(fact: Fact, now: datetime) -> str:
    """Return who said so, how surely and when, as one sentence without its full stop."""
    kind, _, name = fact.source.partition(":")
    at = day(fact.observed_at)
    match kind:
        case "user":
            return f"You told us on {at}"
        case "question":
            return f"You answered our question on {at}"
        case "admin":
            return f"An administrator wrote this on {at}"
        case "social" | "import":
            origin = f"Taken over from {speaker(fact.source)}"
        case "provider":
            origin = f"Looked up at {name}"
        case _:
            origin = f"Worked out for you by {name}"
    sure = [f"{_percent(fact.confidence)} % sure"] if fact.confidence < 1 else []
    return ", ".join([origin, *sure, ago(fact.observed_at, now)])


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, by its largest unit."""
    if (now - at).total_seconds() < 60:
        return "just now"
    return f"{timesince(at, now, depth=1)} ago"


def holds(fact: Fact, now: datetime) -> str:
    """Return until when a fact holds, as a sentence; empty where it does not expire."""
    if fact.expires_at is None:
        return ""
    if fact.is_live(now):
        return f"Holds until {day(fact.expires_at)}."
    return f"Out of date since {day(fact.expires_at)}, but we know nothing newer."


def _percent(confidence: float) -> int:
    # Short of certain is never called certain.
    return min(99, round(confidence * 100))
