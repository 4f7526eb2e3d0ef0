"""Having imported users filled in afterwards, a batch a job."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from procrastinate.contrib.django import app

from burnish_server.enrichment.models import Run as Enrichment
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich
from burnish_server.identity.models import User

log = structlog.get_logger("burnish.imports")

TASK = "burnish_server.imports.tasks.enrich"
AT_ONCE = 100


def later(users: Sequence[UUID]) -> None:
    """Have workers fill users in, in the transaction that writes them."""
    for start in range(0, len(users), AT_ONCE):
        ids = [str(pk) for pk in users[start : start + AT_ONCE]]
        app.configure_task(TASK).defer(users=ids)


def fill(users: Sequence[UUID]) -> None:
    """Ask providers for what is missing of each; what comes late is written late.

    Whoever cannot be filled in keeps nobody else from it: the others are, then the first error is
    raised, so that the job says it failed.
    """
    errors: list[Exception] = []
    for user in User.objects.filter(pk__in=users):
        try:
            enrich.now(user, Enrichment.Reason.CHANGE, Circumstances("system"))
        except Exception as error:
            log.exception("imported user not filled in", user=str(user.pk))
            errors.append(error)
    if errors:
        raise errors[0]
