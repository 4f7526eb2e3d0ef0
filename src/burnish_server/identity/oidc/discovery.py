"""What apps find out by themselves: the provider's metadata (RFC 8414) and its public keys."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from burnish.attributes import standard
from burnish.oauth import scopes
from burnish_server.identity.oidc import addresses, keys

GRANTS = (
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
)
METHODS = ("none", "client_secret_post", "client_secret_basic")
CLAIMS = ("iss", "aud", "iat", "exp", "sub", *standard.RULES, *standard.DERIVED)


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    """Answer with the provider's metadata."""
    response = JsonResponse(metadata(addresses.issuer(request)))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def metadata(issuer: str) -> dict[str, Any]:
    """Return the provider's metadata."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + addresses.AUTHORIZE,
        "token_endpoint": issuer + addresses.TOKEN,
        "userinfo_endpoint": issuer + addresses.USERINFO,
        "revocation_endpoint": issuer + addresses.REVOKE,
        "end_session_endpoint": issuer + addresses.END_SESSION,
        "device_authorization_endpoint": issuer + addresses.DEVICE_CODE,
        "jwks_uri": issuer + addresses.JWKS,
        "scopes_supported": list(scopes.ALL),
        "response_types_supported": ["code", "none"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": list(GRANTS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "claims_supported": list(CLAIMS),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
    }


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Answer with the public keys."""
    response = JsonResponse({"keys": keys.published()})
    response.headers["Cache-Control"] = f"public, max-age={int(keys.CACHED.total_seconds())}"
    return response
