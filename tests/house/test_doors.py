"""Nobody comes in by an address that was forgotten."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

from burnish_server.api.auth import IN_PERSON, Key
from burnish_server.api.door import door
from burnish_server.api_keys.scope import SCOPES

PROVE_THEMSELVES = {
    "_api/": "a token or a key in the header",
    "_allauth/app/": "a session token in the header, and no cookie",
    "api/v1/": "a key or a token in the header; with a cookie, Django's CSRF token",
    "enrichment/callback/": "an address nobody can guess",
    "graphql": "a token or a key in the header",
    "oauth2/app_session_token": "a refresh token",
    "oauth2/authorize": "changes nothing by POST",
    "oauth2/device/code": "the client's proof",
    "oauth2/end_session": "checks Django's CSRF token where it signs out",
    "oauth2/revoke": "the token",
    "oauth2/token": "the client's proof",
    "oauth2/userinfo": "changes nothing",
    "resolve": "changes nothing",
    "social/apple/login/callback/": "the state the login began with",
    "social/google/login/token/": "Google's own cookie beside the form, compared by allauth",
}
"""The addresses forms of other sites may post to, and why that is no harm."""


def test_every_operation_asks_for_a_known_scope_or_for_a_person() -> None:
    operations = [
        (path, operation)
        for _, router in door._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]

    assert len(operations) > 100
    for path, operation in operations:
        ways = operation.auth_callbacks
        by_key = len(ways) == 1 and isinstance(ways[0], Key) and SCOPES.keys() >= {*ways[0].scopes}
        assert by_key or tuple(ways) == IN_PERSON, path


def test_every_address_other_sites_may_post_to_has_a_reason() -> None:
    exempt = [route for route, view in addresses() if getattr(view, "csrf_exempt", False)]

    assert not [route for route in exempt if not route.startswith(tuple(PROVE_THEMSELVES))]
    assert not [known for known in PROVE_THEMSELVES if not any(r.startswith(known) for r in exempt)]


def addresses(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield all addresses with their views."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        else:
            yield route, one.callback
