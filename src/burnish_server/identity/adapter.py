"""Where allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from burnish.events.authentication import AuthenticationPostIdentified
from burnish.events.entities import Identification
from burnish_server.hooks.ask import pretend
from burnish_server.identity import audited, entities, way_in
from burnish_server.identity.lookup import by_email_or_id
from burnish_server.identity.refused import as_error


class Adapter(DefaultAccountAdapter):
    """allauth's ways, but for what the house does better itself."""

    _usages: list[Any]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; the middleware has judged the proxies already."""
        return str(request.META["REMOTE_ADDR"])

    def get_login_stages(self) -> list[str]:
        """Have the hooks asked when all other proof was given, then who fills in, then people."""
        return [
            *super().get_login_stages(),
            "burnish_server.identity.stages.DemandStage",
            "burnish_server.identity.enrich_stage.EnrichStage",
            "burnish_server.identity.questions_stage.QuestionsStage",
        ]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the hooks who somebody says they are, and count the attempt for what it weighs."""
        if email := credentials.get("email"):
            require_identified(request, str(email))
        self._usages = []
        for _ in range(way_in.weight(request, "authentication.general")):
            try:
                super().pre_authenticate(request, **credentials)
            except ValidationError:
                audited.limited(request, str(credentials.get("email", "")))
                raise
            self._usages.append(self._login_failed_rl_usage)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note it in the audit log."""
        audited.failed(request, str(credentials.get("email", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in getattr(self, "_usages", ()):
            self._login_failed_rl_usage = usage
            super()._rollback_login_failed_rl_usage()


def require_identified(request: HttpRequest, email: str) -> None:
    """Put who somebody says they are before the hooks; an unknown address takes as long.

    Raises `ValidationError` with the hook's title and reason.
    """
    user = by_email_or_id(email)
    if user is None or request.user.is_authenticated:
        pretend(AuthenticationPostIdentified.type)
        return
    said = Identification("email", entities.email(user, user.email or email))
    kind = way_in.kind_of(request, "login")
    if refusal := way_in.identified(request, kind, said, user):
        raise as_error(refusal)
