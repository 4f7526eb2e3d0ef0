"""What becomes of accounts, at the command line. Imported once Django is set up."""

from datetime import timedelta

from django.utils import timezone

from burnish.hooks.outcome import Denied, Failed, Passed
from burnish_server.audit.log import Actor, record
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import anonymization, deletion, disabling
from burnish_server.identity.models import User
from burnish_server.identity.refused import Refused

SYSTEM = Circumstances("system")


def disable(user: User, reason: str, days: int) -> str:
    """Close an account, and say so."""
    until = timezone.now() + timedelta(days=days) if days else None
    disabling.disable(user, SYSTEM, reason=reason, until=until)
    _note(user, "disable", reason)
    return f"{user} is closed{f' for {days} days' if days else ''}."


def enable(user: User) -> str:
    """Open an account, whatever had closed it, and say so."""
    if user.delete_at:
        deletion.unschedule(user, SYSTEM)
    elif user.anonymize_at:
        anonymization.unschedule(user, SYSTEM)
    else:
        disabling.enable(user, SYSTEM)
    _note(user, "enable", "")
    return f"{user} is open."


def end(user: User, act: str, reason: str, now: bool, days: int) -> str:
    """Delete or anonymise an account, and say so. Raises `Refused` where a hook says no."""
    name = str(user)
    if now:
        _note(user, act, reason)
        if act == "delete":
            deletion.delete(user, SYSTEM, reason)
            return f"{name} is deleted."
        anonymization.anonymize(user, SYSTEM)
        return f"{name} is anonymised."
    outcome: Passed | Denied | Failed
    if act == "delete":
        outcome = deletion.schedule(user, SYSTEM, reason=reason)
    else:
        outcome = anonymization.schedule(user, SYSTEM, days)
    if not isinstance(outcome, Passed):
        raise Refused(outcome)
    _note(user, act, reason)
    at = user.delete_at or user.anonymize_at
    done = "deleted" if act == "delete" else "anonymised"
    return f"{name} is closed, and will be {done} on {at:%Y-%m-%d}."


def _note(user: User, act: str, reason: str) -> None:
    record(Actor.at_command_line(), act, "user", user.pk, user, {"reason": reason})
