"""Addresses of the API: ours first, allauth's behind them."""

from allauth.headless import urls as allauth
from allauth.headless.base.views import APIView
from allauth.headless.constants import Client
from django.urls import URLPattern, URLResolver, include, path

from burnish_server.identity.headless import factor, questions, views

OURS: dict[str, type[APIView]] = {
    "auth/login": views.LoginView,
    "auth/signup": views.SignupView,
    "auth/code/request": views.RequestLoginCodeView,
    "auth/webauthn/login": views.LoginWebAuthnView,
    "auth/webauthn/signup": views.SignupWebAuthnView,
    "auth/reauthenticate": views.ReauthenticateView,
    "auth/provider/signup": views.ProviderSignupView,
    "auth/provider/redirect": views.RedirectToProviderView,
    "auth/provider/token": views.ProviderTokenView,
    "auth/factor": factor.FactorView,
    "auth/questions": questions.QuestionsView,
    "account/phone": views.ManagePhoneView,
    "account/providers": views.ManageProvidersView,
}


def _of(client: Client) -> list[URLPattern]:
    return [path(where, view.as_api_view(client=client)) for where, view in OURS.items()]


urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"{client.value}/v1/", include(_of(client))) for client in Client),
    path("", include(allauth)),
]
