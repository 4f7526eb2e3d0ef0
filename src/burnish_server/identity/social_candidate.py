"""Somebody a social provider vouches for, on their way to becoming a user."""

import structlog
from allauth.account.utils import user_email
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone

from burnish.events.entities import Identification
from burnish.hooks.outcome import Passed
from burnish_server.identity import circumstances, entities, way_in
from burnish_server.identity.flows import sign_up_questions, signup
from burnish_server.identity.flows.sign_up_questions import NOTHING_ASKED, Answers
from burnish_server.identity.models import User
from burnish_server.identity.refused import Refused
from burnish_server.profiles import store as profiles

log = structlog.get_logger("burnish.questions")


class SocialCandidate:
    """What the provider says of them, what they added, and what hooks and providers made of it."""

    def __init__(
        self,
        request: HttpRequest,
        sociallogin: SocialLogin,
        email: str = "",
        answers: Answers = NOTHING_ASKED,
    ) -> None:
        """Take somebody in: `email` is what they wrote, if they were asked."""
        self._request, self._sociallogin = request, sociallogin
        self._around = circumstances.of(request, triggered_by="user")
        self._schema = profiles.schema()
        email = email or str(user_email(sociallogin.user) or "")
        verified = any(
            one.verified and one.email.lower() == email.lower()
            for one in sociallogin.email_addresses
        )
        self._who = signup.candidate(
            email, None, verified=verified, social=social(sociallogin), answers=answers
        )

    def ask(self) -> None:
        """Put them before the hooks, and have the rest of them filled in. Raises `Refused`."""
        said = Identification("oauth", self._who.as_identities()[0])
        if refusal := way_in.identified(self._request, "signup", said, None):
            raise Refused(refusal)
        self._who = signup.enriched(self._who, self._around, self._schema)
        outcome = signup.ask(self._who, self._around, self._schema)
        if not isinstance(outcome, Passed):
            raise Refused(outcome)
        self._passed = outcome

    def create(self) -> User:
        """Make them a user whose account is connected. Raises `EmailTaken`."""
        user = signup.create(self._who, self._passed, self._around, self._schema)
        account = self._sociallogin.account
        account.user = self._sociallogin.user = user
        account.save()
        return user


def social(sociallogin: SocialLogin) -> signup.Social:
    """Return the identity somebody came with."""
    account = sociallogin.account
    return signup.Social(account.provider, account.uid, entities.claims(account))


def told(sociallogin: SocialLogin) -> frozenset[str]:
    """Return the attributes that are taken over from the provider."""
    facts = signup.populated(social(sociallogin), timezone.now())
    return frozenset(fact.key for fact in facts)


def asks_more(request: HttpRequest, sociallogin: SocialLogin) -> bool:
    """Return whether the sign-up form asks for something that the provider does not say."""
    around = circumstances.of(request, triggered_by="user")
    known = told(sociallogin)
    try:
        askings, _ = sign_up_questions.questions(around.languages)
    except Exception:
        log.exception("sign-up asks nothing")
        return False
    return any(name not in known for asking in askings for name in asking.attributes)
