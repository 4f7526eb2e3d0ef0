"""A stage of login at which nobody is asked anything: what is missing of them is filled in."""

from typing import cast

import structlog
from allauth.account.stages import LoginStage
from django.http import HttpResponse

from burnish_server.enrichment import store
from burnish_server.identity import circumstances
from burnish_server.identity.flows import enrich
from burnish_server.identity.models import User

log = structlog.get_logger("burnish.enrichment")


class EnrichStage(LoginStage):
    """Wait for providers within the login's budget. Whatever they do, the login goes on."""

    key = "enrich"
    urlname = None

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Fill in what is missing of somebody who came back."""
        if not self.login.signup:
            user = cast(User, self.login.user)
            around = circumstances.of(self.request, triggered_by="user")
            try:
                enrich.now(user, "login", around, within=store.setup().login)
            except Exception:
                log.exception("login not enriched", user_id=str(user.pk))
        return None, True
