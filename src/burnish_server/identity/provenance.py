"""Where a value came from, in words for the person it is about."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from burnish.profiles.fact import Fact


def day(at: date) -> str:
    """Return a day as people write it: 3 March 2026."""
    # Translators: how a day is written, in Django's date format.
    form = _("j F Y")
    return formatted(timezone.localtime(at) if isinstance(at, datetime) else at, form)


def moment(at: datetime) -> str:
    """Return a time as people write it: 3 March 2026, 14:05 UTC."""
    # Translators: how a time is written, in Django's date format.
    return formatted(timezone.localtime(at), _("j F Y, H:i T"))


def is_own(source: str) -> bool:
    """Return whether a source is the person's own word."""
    return source.partition(":")[0] in ("user", "question")


def speaker(source: str) -> str:
    """Return who speaks, as a person may know them: a hook or a provider by its name."""
    kind, _colon, name = source.partition(":")
    match kind:
        case "user" | "question":
            return _("you")
        case "admin":
            return _("an administrator")
        case "social":
            return _("your %(name)s account") % {"name": name.title()}
        case "import":
            return _("another system")
        case _other:
            return name or kind


def told(fact: Fact, now: datetime) -> str:
    """Return who said so, how surely and when, as one sentence without its full stop."""
    kind, _colon, name = fact.source.partition(":")
    at = {"day": day(fact.observed_at)}
    match kind:
        case "user":
            return _("You told us on %(day)s") % at
        case "question":
            return _("You answered our question on %(day)s") % at
        case "admin":
            return _("An administrator wrote this on %(day)s") % at
        case "social" | "import":
            origin = _("Taken over from %(who)s") % {"who": speaker(fact.source)}
        case "provider":
            origin = _("Looked up at %(name)s") % {"name": name}
        case _other:
            origin = _("Worked out for you by %(name)s") % {"name": name}
    sure = []
    if fact.confidence < 1:
        sure = [_("%(percent)d %% sure") % {"percent": _percent(fact.confidence)}]
    return ", ".join([origin, *sure, ago(fact.observed_at, now)])


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, by its largest unit."""
    if (now - at).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}


def holds(fact: Fact, now: datetime) -> str:
    """Return until when a fact holds, as a sentence; empty where it does not expire."""
    if fact.expires_at is None:
        return ""
    until = {"day": day(fact.expires_at)}
    if fact.is_live(now):
        return _("Holds until %(day)s.") % until
    return _("Out of date since %(day)s, but we know nothing newer.") % until


def _percent(confidence: float) -> int:
    # Short of certain is never called certain.
    return min(99, round(confidence * 100))
