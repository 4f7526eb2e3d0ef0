"""Social sign-up: somebody a social provider vouches for is put before the hooks as anybody is."""

from typing import Any

import requests
import structlog
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.utils import user_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.http import HttpRequest

from burnish_server.identity import connections, social_apps, social_calls
from burnish_server.identity.flows import signup
from burnish_server.identity.headless.refusal import is_headless
from burnish_server.identity.models import User
from burnish_server.identity.refused import Refused, as_error
from burnish_server.identity.social_candidate import SocialCandidate, asks_more
from burnish_server.identity.stages import refused

log = structlog.get_logger("burnish.identity")

TOKENS = ("access_token", "refresh_token", "id_token", "token_type", "expires_in")
"""What Apple's answer has beside what it says of a person; it is not kept."""


class SocialAdapter(DefaultSocialAccountAdapter):
    """allauth's ways, but for which providers there are and how a user is made."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the apps of the settings and the portal, as they are this moment."""
        return [
            app
            for app in social_apps.apps()
            if (not provider or provider in (app.provider, app.provider_id))
            and (not client_id or app.client_id == client_id)
        ]

    def get_requests_session(self) -> requests.Session:
        """Return what providers are called with."""
        return social_calls.session()

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Keep the person's name and address, and no token."""
        account = sociallogin.account
        if isinstance(account.extra_data.get("id_token"), str):
            kept = {k: v for k, v in account.extra_data.items() if k not in TOKENS}
            account.extra_data = kept
        user: User = super().populate_user(request, sociallogin, data)
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Show the form where a question of it is still open."""
        allowed: bool = super().is_auto_signup_allowed(request, sociallogin)
        return allowed and not asks_more(request, sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Ask the hooks, and make the user with what the provider says of them.

        The form, where one was shown, has asked already.
        """
        try:
            who = form.candidate if form else _asked(request, sociallogin)
            user = who.create()
        except Refused as refusal:
            raise _stopped(request, sociallogin, refusal) from None
        except signup.EmailTaken as taken:
            email = str(user_email(sociallogin.user))
            raise ImmediateHttpResponse(prevent_enumeration(request, email=email)) from taken
        return user

    def validate_disconnect(self, account: SocialAccount, accounts: Any) -> None:
        """Keep somebody's last way in."""
        connections.require_another_way(account)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Log that somebody could not be vouched for, and by whom; not what was said."""
        log.warning(
            "social sign-in failed",
            provider=getattr(provider, "sub_id", ""),
            reason=error,
            error=type(exception).__name__ if exception else "",
        )


def _asked(request: HttpRequest, sociallogin: SocialLogin) -> SocialCandidate:
    who = SocialCandidate(request, sociallogin)
    who.ask()
    return who


def _stopped(request: HttpRequest, sociallogin: SocialLogin, refusal: Refused) -> Exception:
    if sociallogin.is_headless or is_headless(request):
        return as_error(refusal.outcome)
    return ImmediateHttpResponse(refused(request, str(refusal)))
