"""The API's ways in: allauth's, once the hooks were asked as they are by our pages."""

from http import HTTPStatus
from typing import Any

from allauth.headless.account import views as account
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.base.views import APIView
from allauth.headless.internal.restkit.response import APIResponse
from allauth.headless.mfa import views as mfa
from allauth.headless.mfa.inputs import CreateWebAuthnInput
from allauth.headless.socialaccount import views as social
from allauth.headless.socialaccount.inputs import DeleteProviderAccountInput
from allauth.headless.socialaccount.response import SocialAccountsResponse
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from burnish_server.identity import way_in
from burnish_server.identity.headless import inputs
from burnish_server.identity.headless.refusal import Refusal
from burnish_server.identity.refused import words
from burnish_server.identity.social_amiss import AMISS, amiss
from burnish_server.social import store


class Begins(APIView):
    """A view with which a way in begins: a program opens no page with which it would."""

    kind: way_in.Kind = "login"

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask the hooks of a way in that begins, unless it has begun."""
        if request.method == "POST" and (refusal := way_in.begin(request, self.kind)):
            return Refusal(request, words(refusal))
        response: HttpResponseBase = super().handle(request, *args, **kwargs)
        return response


class LoginView(Begins, account.LoginView):
    """Sign in with a password."""

    input_class = inputs.LoginInput


class RequestLoginCodeView(Begins, account.RequestLoginCodeView):
    """Ask for a code to sign in with."""

    input_class = inputs.RequestLoginCodeInput


class LoginWebAuthnView(Begins, mfa.LoginWebAuthnView):
    """Sign in with a passkey."""


class SignupView(Begins, account.SignupView):
    """Sign up; the hooks' refusal is a fault of the form."""

    kind = "signup"
    input_class = {"POST": inputs.SignupInput}  # noqa: RUF012 - allauth's shape


class SignupWebAuthnView(Begins, mfa.SignupWebAuthnView):
    """Sign up with a passkey: who one is first, then the passkey."""

    kind = "signup"
    input_class = {  # noqa: RUF012 - allauth's shape
        "POST": inputs.PasskeySignupInput,
        "PUT": CreateWebAuthnInput,
    }

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 409 to a passkey of somebody who has not begun to sign up with one."""
        if request.method == "PUT" and (conflict := self._require_stage()):
            refusal: HttpResponseBase = conflict
            return refusal
        return super().handle(request, *args, **kwargs)


class ReauthenticateView(Begins, account.ReauthenticateView):
    """Prove once more who one is."""

    kind = "reauth"


class ProviderSignupView(social.ProviderSignupView):
    """Say what a social provider did not."""

    input_class = inputs.ProviderSignupInput


class ManagePhoneView(account.ManagePhoneView):
    """See and change the phone number one signs in with."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell strangers who they are not; they may change what they are about to prove."""
        if not request.user.is_authenticated and request.method != "POST":
            return AuthenticationResponse(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class RedirectToProviderView(social.RedirectToProviderView):
    """Leave for a social provider; one that cannot be reached has a page that says so."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)
        except AMISS as error:
            return amiss(request, error)
        return response


class ProviderTokenView(social.ProviderTokenView):
    """Show a social provider's token."""

    def handle(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().handle(request, *args, **kwargs)
        except AMISS:
            return fault(request, "invalid_token", "This token cannot be read or verified.")
        return response


class ManageProvidersView(social.ManageProvidersView):
    """List and disconnect social accounts: those whose provider is switched on."""

    input_class = {"DELETE": DeleteProviderAccountInput}  # noqa: RUF012 - allauth's shape

    def respond_provider_accounts(self, request: HttpRequest) -> SocialAccountsResponse:
        here = [one.alias for one in store.enabled()]
        accounts = SocialAccount.objects.filter(user=request.user, provider__in=here)
        return SocialAccountsResponse(request, accounts)


def fault(request: HttpRequest, code: str, sentence: str) -> APIResponse:
    """Return a fault that is of no field."""
    errors = [{"message": sentence, "code": code}]
    return APIResponse(request, errors=errors, status=HTTPStatus.BAD_REQUEST)
