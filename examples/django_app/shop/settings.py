"""The shop's settings; the last part is all that signing in by Burnish needs."""

import os
from pathlib import Path

HERE = Path(__file__).parent
BURNISH_URL = os.environ["BURNISH_URL"]

SECRET_KEY = os.environ["SESSION_SECRET"]
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "shop.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SHOP_DATABASE", HERE.parent / "db.sqlite3"),
    }
}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "mozilla_django_oidc",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "static"]
SESSION_COOKIE_NAME = "shop"
CSRF_COOKIE_NAME = "shop-csrf"

AUTHENTICATION_BACKENDS = ["mozilla_django_oidc.auth.OIDCAuthenticationBackend"]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
OIDC_RP_CLIENT_ID = os.environ["CLIENT_ID"]
OIDC_RP_CLIENT_SECRET = os.environ["CLIENT_SECRET"]
OIDC_RP_SCOPES = "openid email profile"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_STORE_ACCESS_TOKEN = True
OIDC_OP_JWKS_ENDPOINT = f"{BURNISH_URL}/oauth2/jwks"
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{BURNISH_URL}/oauth2/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{BURNISH_URL}/oauth2/token"
OIDC_OP_USER_ENDPOINT = f"{BURNISH_URL}/oauth2/userinfo"
