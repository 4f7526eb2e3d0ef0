"""What a social provider says of a person, believed only in the types that are specified for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from burnish.errors import BurnishError

TEXTS = (
    "email",
    "preferred_username",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "locale",
)
"""Claims that are strings (OpenID Connect Core 5.1); LinkedIn sends `locale` in two parts."""

VERIFIED = ("email_verified", "verified_email", "phone_number_verified")
"""Claims that are booleans, as providers spell them."""


class InvalidClaims(BurnishError):
    """A social provider's claims do not say who somebody is; the provider has to be corrected."""

    code = "invalid_claims"


def typed(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return OpenID Connect claims in their types, without those that have another.

    A flag holds where it is true or the text "true", as Amazon Cognito and Apple write it.
    """
    flags = {
        name: claims[name] is True or claims[name] == "true" for name in VERIFIED if name in claims
    }
    return {
        name: flags.get(name, value)
        for name, value in claims.items()
        if name not in TEXTS
        or isinstance(value, str | None)
        or (name == "locale" and isinstance(value, Mapping))
    }


def require_subject(claims: Mapping[str, Any]) -> str:
    """Return `sub`, a non-empty string (OpenID Connect Core 2). Raises `InvalidClaims`."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip():
        raise InvalidClaims("The provider's `sub` has to be a text that is not empty.")
    return subject


def require_same_subject(userinfo: Mapping[str, Any], id_token: Mapping[str, Any]) -> None:
    """Require userinfo to be about the ID token's person (Core 5.3.2). Raises `InvalidClaims`."""
    if require_subject(userinfo) != require_subject(id_token):
        raise InvalidClaims("The provider's userinfo is about somebody else than its ID token.")


def require_said(uid: str, response: Any) -> None:
    """Require an id to be a text or a whole number of the answer. Raises `InvalidClaims`.

    Providers that do not speak OpenID Connect may number people; but null, a truth value, a list
    or an object that became a text is nobody's id, and would be everybody's.
    """
    doubtful = uid.strip() in ("", "None", "True", "False", "nan", "inf", "-inf")
    if (doubtful or uid[0] in "[{") and uid not in _texts(response):
        raise InvalidClaims("The provider's id of a person has to be a text or a number.")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
