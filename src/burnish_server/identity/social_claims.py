"""Claims of social providers on their way into allauth: checked once for every provider."""

from collections.abc import Mapping
from functools import wraps
from typing import Any

from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.apple.provider import AppleProvider
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest

from burnish.attributes import storable
from burnish_server.social import claims

SPEAK_OPENID_CONNECT = (OpenIDConnectProvider, GoogleProvider, AppleProvider)

_PARTS = ("userinfo", "id_token")
"""Under what allauth keeps an OpenID provider's two sets of claims side by side."""


def install() -> None:
    """Have allauth make logins of checked claims, and find again the very provider they are of."""
    make = Provider.sociallogin_from_response
    serialize = Provider.serialize

    @wraps(make)
    def checked(provider: Any, request: HttpRequest, response: Any) -> SocialLogin:
        response = storable.pruned(response)
        if isinstance(provider, SPEAK_OPENID_CONNECT):
            response = _of_openid_connect(response)
        elif isinstance(response, Mapping):
            response = claims.typed(response)
        login: SocialLogin = make(provider, request, response)
        claims.require_said(login.account.uid, response)
        for address in login.email_addresses:
            address.verified = address.verified is True or address.verified == "true"
        return login

    @wraps(serialize)
    def named(provider: Any) -> dict[str, Any]:
        # Several OpenID providers may have one client id, and all have one class.
        return {**serialize(provider), "sub_id": provider.sub_id}

    Provider.sociallogin_from_response = checked
    Provider.serialize = named
    Provider.deserialize = classmethod(_deserialize)


def _of_openid_connect(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims, each set of them in its types. Raises `InvalidClaims`."""
    parts = {name: response[name] for name in _PARTS if isinstance(response.get(name), Mapping)}
    if len(parts) == len(_PARTS):
        claims.require_same_subject(parts["userinfo"], parts["id_token"])
    for one in parts.values() or (response,):
        if "sub" in one:  # else allauth misses it, unless another claim is the id
            claims.require_subject(one)
    typed = {name: claims.typed(one) for name, one in parts.items()}
    return {**response, **typed} if typed else claims.typed(response)


def _deserialize(cls: type[Provider], data: Any) -> Provider:
    """Return the provider that `serialize` wrote down, by the short name it is set up with."""
    name = data.get("sub_id", data.get("id")) if isinstance(data, Mapping) else None
    if not isinstance(name, str):
        raise ValueError("This is no provider that was written down.")
    client_id = data.get("app.client_id")
    found: Provider = get_adapter().get_provider(context.request, name, client_id=client_id)
    return found
