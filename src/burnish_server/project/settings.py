"""Django's settings, derived from `Options`."""

import socket
from urllib.parse import parse_qsl, unquote, urlsplit

from burnish.errors import InvalidSettings
from burnish_server import prepared
from burnish_server.portal.unfold import UNFOLD as UNFOLD
from burnish_server.project import keys, languages
from burnish_server.project.logging import logging_config
from burnish_server.project.options import current
from burnish_server.social.kinds import KINDS

BURNISH = current()

DEBUG = False
SECRET_KEY = (
    BURNISH.secret_key.get_secret_value()
    if BURNISH.secret_key
    else keys.secret_key(BURNISH.data_dir)
)
SECRET_KEYS = [key.get_secret_value() for key in BURNISH.hooks.secret_keys] or keys.sealing_keys(
    BURNISH.data_dir, BURNISH.secret_key.get_secret_value() if BURNISH.secret_key else None
)
SECURE = (BURNISH.web.origin or "").startswith("https://")

# --- Addresses ---------------------------------------------------------------------------------

ROOT_URLCONF = "burnish_server.project.urls"
WSGI_APPLICATION = "burnish_server.project.wsgi.application"
_ORIGIN = urlsplit(BURNISH.web.origin) if BURNISH.web.origin else None
_LOCAL = (
    "localhost",
    ".localhost",
    "127.0.0.1",
    "[::1]",
    socket.gethostname(),
    BURNISH.web.host,
)
# With a public origin that is the one name, beside those the settings add; probes need none.
ALLOWED_HOSTS = [
    *((_ORIGIN.hostname or "",) if _ORIGIN else _LOCAL),
    *BURNISH.web.hosts,
]

CSRF_TRUSTED_ORIGINS = [
    *([BURNISH.web.origin] if BURNISH.web.origin else ()),
    *(
        f"{_ORIGIN.scheme}://{'*' if host.startswith('.') else ''}{host}"
        for host in BURNISH.web.hosts
        if _ORIGIN and host != "*"
    ),
    *BURNISH.headless.origins,
]

# Those the portal offers are always there; others, once the settings name them.
SOCIAL = sorted(
    {kind.provider for kind in KINDS.values()} | {provider.app for provider in BURNISH.social}
)

# --- Rooms -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "burnish_server.portal",  # before unfold, whose templates it amends
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_ace",
    "ninja",  # for the files of its documentation page
    "procrastinate.contrib.django",
    "allauth.usersessions",  # before identity, which takes in sessions in its place
    "burnish_server.identity",
    "burnish_server.identity.oidc",
    "burnish_server.profiles",
    "burnish_server.hooks",
    "burnish_server.consent",
    "burnish_server.enrichment",
    "burnish_server.segments",
    "burnish_server.questions",
    "burnish_server.social",
    "burnish_server.imports",
    "burnish_server.exports",
    "burnish_server.api_keys",
    "burnish_server.api",
    "burnish_server.roles",
    "burnish_server.admin_keys",
    "burnish_server.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.socialaccount",
    *(f"allauth.socialaccount.providers.{name}" for name in SOCIAL),
]

MIDDLEWARE = [
    "burnish_server.project.proxies.TrustedProxies",
    "burnish_server.project.origin.PublicOrigin",
    "burnish_server.project.requests.RequestLog",
    "burnish_server.project.health.Health",
    "burnish_server.identity.even_answers.EvenAnswers",
    "burnish_server.identity.oidc.cors.CrossOrigin",
    "burnish_server.identity.oidc.userinfo.AtOnce",
    "burnish_server.project.one_look.OneLook",
    "burnish_server.api.problems.Problems",
    "burnish_server.api.methods.Methods",
    "django.middleware.security.SecurityMiddleware",
    "burnish_server.project.headers.ContentSecurityPolicy",
    "burnish_server.identity.headless.origins.Origins",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "burnish_server.identity.languages.Languages",  # knows who is signed in
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "burnish_server.identity.known_browsers.KnownBrowsers",
    "burnish_server.identity.patience.Patience",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "burnish_server.project.pages.sandbox",
                "burnish_server.project.pages.login",
                "burnish_server.project.pages.languages",
            ],
        },
    },
]

# --- Database: one short transaction where it is needed, never one around a request -------------


def _database(url: str) -> dict[str, object]:
    """Translate `postgresql://user:password@host:port/name?option=value` for Django."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"postgres", "postgresql"} or port == -1 or not parts.path.strip("/"):
        raise InvalidSettings(
            "The setting DATABASE_URL cannot be used: "
            "write it as postgresql://user:password@host:5432/name."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "burnish_server.project.database",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": query.pop("port", str(port or "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,  # the engine asks only when in doubt
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": BURNISH.database.pool_size,
                "timeout": BURNISH.database.pool_wait_seconds,
                "max_idle": 60.0,
                "num_workers": 1,
            },
            "connect_timeout": 5,
            "prepare_threshold": prepared.NEVER_BY_ITSELF,
            **query,
        },
    }


if BURNISH.database_url is None:
    raise InvalidSettings(
        "No database is named; set DATABASE_URL, or let `burnish serve` bring its own."
    )
DATABASES = {"default": _database(BURNISH.database_url.get_secret_value())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Codes that are good once, and the like; how often something is tried is counted beside it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "identity.User"
# Ours has the last word on a password; Django's is what sessions are begun with in its own ways.
AUTHENTICATION_BACKENDS = [
    "burnish_server.identity.passwords.Backend",
    "django.contrib.auth.backends.ModelBackend",
]
# The first makes hashes; all others verify what was imported, which is hashed anew then.
PASSWORD_HASHERS = [
    "burnish_server.identity.passwords.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "burnish_server.identity.hashes.bcrypt.Bcrypt",
    "burnish_server.identity.hashes.bcrypt.BcryptSha256",
    "burnish_server.identity.hashes.bcrypt.PasslibBcryptSha256",
    "burnish_server.identity.hashes.pbkdf2.Pbkdf2",
    "burnish_server.identity.hashes.scrypt.Scrypt",
    "burnish_server.identity.hashes.scrypt.FirebaseScrypt",
]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/settings/"

ACCOUNT_ADAPTER = "burnish_server.identity.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "burnish_server.identity.forms.LoginForm",
    "request_login_code": "burnish_server.identity.forms.RequestLoginCodeForm",
    "signup": "burnish_server.identity.forms.SignupForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = BURNISH.login.codes
MFA_ADAPTER = "burnish_server.identity.factor_secrets.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_PASSKEY_SIGNUP_ENABLED = BURNISH.login.passkeys
MFA_TOTP_ISSUER = "Burnish"
MFA_FORMS = {
    "add_webauthn": "burnish_server.identity.key_forms.AddKeyForm",
    "signup_webauthn": "burnish_server.identity.key_forms.SignupKeyForm",
    "edit_webauthn": "burnish_server.identity.key_forms.RenameKeyForm",
}
USERSESSIONS_ADAPTER = "burnish_server.identity.session_adapter.SessionAdapter"
SOCIALACCOUNT_ADAPTER = "burnish_server.identity.social_adapter.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # its page would load scripts from elsewhere
SOCIALACCOUNT_FORMS = {"signup": "burnish_server.identity.social_sign_up.SocialSignupForm"}
ACCOUNT_LOGIN_METHODS = set(BURNISH.login.methods)
ACCOUNT_SIGNUP_FIELDS = BURNISH.login.fields
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "burnish_server.identity.usernames.VALIDATORS"
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "burnish", "root", "support", "system"]
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Known or not, three codes in three minutes: a form sent twice is no attack. Text messages cost
# money, so there are also few an hour to one number or for one visitor.
_CODES = "3/3m/key,10/h/key"
ACCOUNT_RATE_LIMITS = {
    "confirm_email": "3/3m/key",
    "verify_phone": f"{_CODES},20/h/ip",
    "request_login_code": f"{_CODES},20/m/ip",
    "change_phone": "5/m/user",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"

# --- Sessions and headers ----------------------------------------------------------------------

SESSION_ENGINE = "burnish_server.project.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0

# --- Static files come straight from the wheels: no collectstatic, no CDN ------------------------

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail --------------------------------------------------------------------------------------

EMAIL_BACKEND = "burnish_server.identity.mail.DeferredBackend"
DEFAULT_FROM_EMAIL = BURNISH.mail.sender

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = languages.offered()
LOCALE_PATHS = [languages.LOCALES]  # before the packages' own words
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Jobs --------------------------------------------------------------------------------------

PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# --- Log ---------------------------------------------------------------------------------------

LOGGING_CONFIG = "burnish_server.project.logging.configure"
LOGGING = logging_config(BURNISH.log.format, BURNISH.log.level)
