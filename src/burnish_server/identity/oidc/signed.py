"""Signed tokens (RFC 7515, RS256): written with the newest key, read with any we have."""

from collections.abc import Mapping
from typing import Any

import jwt

from burnish_server.identity.oidc import keys

ALGORITHM = "RS256"


def write(claims: Mapping[str, Any], typ: str) -> str:
    """Return claims as a signed token of a type: `JWT` or `at+jwt`."""
    key = keys.signing()
    return jwt.encode(
        dict(claims), key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": typ}
    )


def read(token: str, typ: str) -> dict[str, Any] | None:
    """Return the claims of a token we signed, however old it is; None for any other.

    `typ` is the type it has to be of, as `write` was told: ID tokens are `JWT`, and an access token
    (`at+jwt`, RFC 9068) does not pass for one.

    A hint (`id_token_hint`) says who somebody was: it is good after it has expired.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = next((key for key in keys.known() if key.kid == header.get("kid")), None)
        if key is None or header.get("typ") != typ:
            return None
        claims: dict[str, Any] = jwt.decode(
            token,
            key.private.public_key(),
            algorithms=[ALGORITHM],
            options={
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
                "verify_iss": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError):
        return None
    return claims
