"""Social sign-up: somebody a social provider vouches for is put before the hooks as anybody is."""

from typing import Any

from allauth.account.utils import user_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from burnish.hooks.outcome import Passed
from burnish_server.identity import circumstances, entities
from burnish_server.identity.flows import signup
from burnish_server.identity.models import User
from burnish_server.identity.refused import words
from burnish_server.identity.stages import refused
from burnish_server.profiles import store as profiles


class SocialAdapter(DefaultSocialAccountAdapter):
    """allauth's ways, but for how a user is made."""

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Ask the hooks, and make the user with what the provider says of them."""
        account = sociallogin.account
        email = user_email(sociallogin.user) or (form and form.cleaned_data.get("email")) or ""
        verified = any(
            one.verified and one.email.lower() == email.lower()
            for one in sociallogin.email_addresses
        )
        around = circumstances.of(request, triggered_by="user")
        social = signup.Social(account.provider, account.uid, entities.claims(account))
        who = signup.candidate(email, None, verified=verified, social=social)
        schema = profiles.schema()
        who = signup.enriched(who, around, schema)
        outcome = signup.ask(who, around, schema)
        if not isinstance(outcome, Passed):
            raise ImmediateHttpResponse(refused(request, words(outcome)))
        user = signup.create(who, outcome, around, schema)
        account.user = sociallogin.user = user
        account.save()
        if sociallogin.token:
            sociallogin.token.account = account
        return user
