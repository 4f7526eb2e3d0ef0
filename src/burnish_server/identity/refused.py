"""What people read when a hook stood in the way."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from burnish.hooks.outcome import Denied, Failed


class Refused(Exception):
    """A hook refused, or failed where it must not; the message is for the person."""

    def __init__(self, outcome: Denied | Failed) -> None:
        """Keep what happened, and say it in the person's words."""
        self.outcome = outcome
        super().__init__(words(outcome))


def as_error(outcome: Denied | Failed) -> ValidationError:
    """Return what stood in the way as a form's error, title and reason apart."""
    if isinstance(outcome, Failed):
        return ValidationError(words(outcome), code="hook_failed")
    title = outcome.title or _("This was refused")
    return ValidationError(
        "%(title)s %(reason)s",
        code="hook_disallowed",
        params={"title": title, "reason": outcome.reason},
    )


def words(outcome: Denied | Failed) -> str:
    """Return title and reason of a refusal, or that something could not be checked."""
    if isinstance(outcome, Failed):
        return _(
            "This could not be checked just now, so nothing was changed. "
            "Please try again in a few minutes."
        )
    title = outcome.title or _("This was refused")
    return " ".join(part for part in (title, outcome.reason) if part)
