"""What people read when a hook stood in the way."""

from django.utils.translation import gettext as _

from burnish.hooks.outcome import Denied, Failed


class Refused(Exception):
    """A hook refused, or failed where it must not; the message is for the person."""

    def __init__(self, outcome: Denied | Failed) -> None:
        """Keep what happened, and say it in the person's words."""
        self.outcome = outcome
        super().__init__(words(outcome))


def words(outcome: Denied | Failed) -> str:
    """Return title and reason of a refusal, or that something could not be checked."""
    if isinstance(outcome, Failed):
        return _(
            "This could not be checked just now, so nothing was changed. "
            "Please try again in a few minutes."
        )
    title = outcome.title or _("This was refused")
    return " ".join(part for part in (title, outcome.reason) if part)
