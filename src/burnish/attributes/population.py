"""What a social identity says of its person, as standard attributes."""

from collections.abc import Mapping
from typing import Any

from burnish.attributes import formats
from burnish.attributes.standard import ADDRESS_PARTS, IDENTITY_COUPLED, RULES

_NAME_ONLY = ("apple", "wechat", "weixin")

_CALLED: Mapping[str, Mapping[str, str]] = {
    # https://docs.github.com/en/rest/users/users#get-the-authenticated-user
    "github": {
        "nickname": "login",
        "picture": "avatar_url",
        "profile": "html_url",
        "website": "blog",
    },
    # https://learn.microsoft.com/en-us/graph/api/resources/user
    "microsoft": {
        "name": "displayName",
        "given_name": "givenName",
        "family_name": "surname",
        "locale": "preferredLanguage",
    },
    # https://developers.weixin.qq.com/doc/oplatform/en/Website_App/WeChat_Login/Wechat_Login.html
    "weixin": {"name": "nickname", "picture": "headimgurl"},
}
"""Attributes by what a provider calls them that speaks no OpenID Connect."""


def extract(provider: str, claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the standard attributes in a social provider's claims.

    What the rules refuse is left out, and so is what must come from an identity. Apple and WeChat
    give one name, which stands for the given name too.
    """
    claims = {**claims, **_renamed(provider, claims), **_unfolded(claims)}
    values = {
        name: _tidy(name, claims[name])
        for name in RULES
        if name in claims and name not in IDENTITY_COUPLED
    }
    if provider in _NAME_ONLY and "name" in values:
        values.setdefault("given_name", values["name"])
    return {name: value for name, value in values.items() if RULES[name](value) is None}


def _renamed(provider: str, claims: Mapping[str, Any]) -> dict[str, Any]:
    called = _CALLED.get(provider, {})
    return {ours: claims[theirs] for ours, theirs in called.items() if theirs in claims}


def _unfolded(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return what comes in parts: LinkedIn's locale, and the name Apple tells once."""
    found = {}
    match claims.get("locale"):
        case {"language": str(language), "country": str(country)}:
            found["locale"] = f"{language}-{country}"
    match claims.get("name"):
        case {"firstName": str(first), "lastName": str(last)}:
            found = {**found, "given_name": first, "family_name": last}
            found["name"] = f"{first} {last}".strip()
    return found


def _tidy(name: str, value: Any) -> Any:
    """Return a claim as an attribute has it; of an address, what is right of it."""
    if name == "address" and isinstance(value, Mapping):
        return {
            part: said
            for part, said in value.items()
            if part not in ADDRESS_PARTS or formats.text(said) is None
        } or None
    return value.strip() if isinstance(value, str) else value
