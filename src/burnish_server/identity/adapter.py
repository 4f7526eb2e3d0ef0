"""Where allauth asks us."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import get_language, override

from burnish.events.authentication import AuthenticationPostIdentified
from burnish.events.entities import Identification
from burnish_server.hooks.ask import pretend
from burnish_server.hooks.store import listening
from burnish_server.identity import (
    audited,
    entities,
    even_answers,
    languages,
    password_tries,
    way_in,
)
from burnish_server.identity.limits import Taken
from burnish_server.identity.login_id import FIELDS, Key, number
from burnish_server.identity.lookup import by_email, by_phone_number, by_username
from burnish_server.identity.models import User
from burnish_server.identity.phones import NOT_THEIRS, PhoneAdapter
from burnish_server.identity.refused import as_error
from burnish_server.identity.stages import refused

_OURS = {
    "allauth.account.stages.EmailVerificationStage": "burnish_server.identity.stages.EmailStage",
    "allauth.account.stages.PhoneVerificationStage": "burnish_server.identity.stages.PhoneStage",
}

_BY: Mapping[Key, Callable[[str], User | None]] = {
    "email": by_email,
    "phone": by_phone_number,
    "username": by_username,
}


class Adapter(PhoneAdapter):
    """allauth's ways, but for what the house does better itself."""

    _tries: Sequence[Taken] = ()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the visitor's address; the middleware has judged the proxies already."""
        return str(request.META["REMOTE_ADDR"])

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Keep the last thing somebody can say who they are with."""
        others = len(entities.identities(email_address.user)) > 1
        return others and bool(super().can_delete_email(email_address))

    def render_mail(self, template_prefix: str, email: str, *said: Any, **more: Any) -> Any:
        """Write a mail in the language of whoever has the address, or else of this request."""
        with override(languages.of_address(email) or get_language()):
            return super().render_mail(template_prefix, email, *said, **more)

    def get_login_stages(self) -> list[str]:
        """Have the hooks asked when all other proof was given, then who fills in, then people."""
        return [
            *(_OURS.get(stage, stage) for stage in super().get_login_stages()),
            "burnish_server.identity.stages.DemandStage",
            "burnish_server.identity.enrich_stage.EnrichStage",
            "burnish_server.identity.questions_stage.QuestionsStage",
        ]

    def pre_login(self, request: HttpRequest, user: Any, **about: Any) -> Any:
        """Refuse a code that was sent to an address which is the user's no longer."""
        email = about.get("email")
        by_code = [one.get("email") for one in get_authentication_records(request, user)]
        if email and email in by_code and not _has(user, email):
            clear_login(request)
            return refused(request, str(NOT_THEIRS))
        return super().pre_login(request, user, **about)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the hooks who somebody says they are, and count the attempt for what it weighs."""
        require_identified(request, *said(credentials))
        text, weight = said(credentials)[1], way_in.weight(request, "authentication.general")
        taken = password_tries.take(request, text, weight)
        if taken is None:
            audited.limited(request, text)
            raise self.validation_error("too_many_login_attempts")
        self._tries = taken

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note it in the audit log; nobody is to tell by the time whether there is an account."""
        even_answers.even(request)
        audited.failed(request, said(credentials)[1])

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return under which key allauth forgets tries after a new password was set."""
        return password_tries.strangers_key(said(credentials)[1])

    def _rollback_login_failed_rl_usage(self) -> None:
        password_tries.give_back(self._tries)


def _has(user: User, email: str) -> bool:
    return bool(EmailAddress.objects.filter(user=user, email__iexact=email).exists())


def said(credentials: Mapping[str, Any]) -> tuple[Key, str]:
    """Return with what somebody says who they are: the surest kind of what it may be."""
    keys: tuple[Key, ...] = ("email", "phone", "username")
    key: Key = next((key for key in keys if credentials.get(key)), "username")
    text = str(credentials.get(key, ""))
    return key, number(text) if key == "phone" else text


def require_identified(request: HttpRequest, key: Key, text: str) -> None:
    """Put who somebody says they are before the hooks; who is unknown takes as long.

    Raises `ValidationError` with the hook's title and reason.
    """
    if not listening(AuthenticationPostIdentified.type):
        return
    user = _BY[key](text)
    if user is None or request.user.is_authenticated:
        pretend(AuthenticationPostIdentified.type)
        return
    value = str(getattr(user, FIELDS[key]) or text)
    identity = entities.login_id(user.pk, user.created_at, key, value, text)
    kind = way_in.kind_of(request, "login")
    if refusal := way_in.identified(request, kind, Identification(key, identity), user):
        raise as_error(refusal)
