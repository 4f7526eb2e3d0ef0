"""Where the provider is found: its issuer, and one path for each thing it does."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

AUTHORIZE: Final = "/oauth2/authorize"
CONSENT: Final = "/oauth2/consent"
SWITCH_ACCOUNT: Final = "/oauth2/switch_account"
TOKEN: Final = "/oauth2/token"  # noqa: S105 - an address
REVOKE: Final = "/oauth2/revoke"
USERINFO: Final = "/oauth2/userinfo"
JWKS: Final = "/oauth2/jwks"
END_SESSION: Final = "/oauth2/end_session"
APP_SESSION_TOKEN: Final = "/oauth2/app_session_token"  # noqa: S105 - an address
DEVICE_CODE: Final = "/oauth2/device/code"
DEVICE: Final = "/oauth2/device"
RESOLVE: Final = "/resolve"


def issuer(request: HttpRequest) -> str:
    """Return the issuer: the public origin of the settings, or the one that was asked."""
    return settings.BURNISH.web.origin or f"{request.scheme}://{request.get_host()}"
