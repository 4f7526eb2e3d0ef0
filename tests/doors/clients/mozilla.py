"""A Django project in one file, which signs people in by mozilla-django-oidc.

Started as `python mozilla.py ISSUER CLIENT_ID SECRET PORT`; `/` tells who is signed in.
"""

import sys
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

ISSUER, CLIENT_ID, SECRET, PORT = sys.argv[1:5]

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="only-for-tests",
    ROOT_URLCONF="__main__",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_COOKIE_NAME="shop",
    AUTHENTICATION_BACKENDS=["__main__.Backend"],
    LOGIN_REDIRECT_URL="/",
    OIDC_RP_CLIENT_ID=CLIENT_ID,
    OIDC_RP_CLIENT_SECRET=SECRET,
    OIDC_RP_SCOPES="openid email profile",
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_USE_PKCE=True,
    OIDC_OP_JWKS_ENDPOINT=f"{ISSUER}/oauth2/jwks",
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{ISSUER}/oauth2/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{ISSUER}/oauth2/token",
    OIDC_OP_USER_ENDPOINT=f"{ISSUER}/oauth2/userinfo",
)
django.setup()

from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402 - it needs the settings


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Keep the city with the user, as the library's documentation shows."""

    def create_user(self, claims: dict[str, Any]) -> Any:
        """Make a user of who signed in for the first time."""
        user = super().create_user(claims)
        user.first_name = claims["custom_attributes"]["city"]
        user.save()
        return user


def home(request: HttpRequest) -> JsonResponse:
    """Tell who is signed in."""
    user: Any = request.user
    known = user.is_authenticated
    return JsonResponse({"email": user.email, "city": user.first_name} if known else {})


urlpatterns = [path("", home), path("oidc/", include("mozilla_django_oidc.urls"))]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    words = {"use_reloader": False, "use_threading": False, "skip_checks": True}
    call_command("runserver", f"127.0.0.1:{PORT}", **words)
