"""Authorization codes: what an app exchanges for tokens, once, within a minute."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from burnish_server.identity.oidc import digest, grants
from burnish_server.identity.oidc.models import Client, Code, Grant
from burnish_server.identity.oidc.refusal import Refused

LIVE = timedelta(seconds=60)


def issue(grant: Grant, redirect_uri: str, challenge: str, nonce: str) -> str:
    """Return a code that can be exchanged once."""
    code = digest.new()
    Code.objects.create(
        digest=digest.of(code),
        grant=grant,
        redirect_uri=redirect_uri,
        challenge=challenge,
        nonce=nonce,
        expires_at=timezone.now() + LIVE,
    )
    return code


def redeem(client: Client, code: str, redirect_uri: str, verifier: str) -> Code:
    """Return what a code stands for, and use it up. Raises `Refused`.

    One that comes a second time was stolen, from one side or the other: its grant is revoked.
    """
    refusal: Refused | None = None
    with transaction.atomic():
        found = (
            Code.objects.select_for_update(of=("self",))
            .select_related("grant__client", "grant__user")
            .filter(pk=digest.of(code))
            .first()
        )
        if found is None or found.grant.client_id != client.pk:
            raise grants.invalid("The code is not known, or was given to another client.")
        if found.used_at is not None:
            grants.revoke(found.grant)
            refusal = grants.invalid("The code was used already; everything it gave is revoked.")
        else:
            found.used_at = timezone.now()
            found.save(update_fields=["used_at"])
            refusal = _unfit(found, redirect_uri, verifier)
            if refusal:
                grants.revoke(found.grant)
    if refusal:
        raise refusal
    return found


def _unfit(code: Code, redirect_uri: str, verifier: str) -> Refused | None:
    if code.expires_at <= timezone.now():
        return grants.invalid("The code has expired; it is good for a minute.")
    if code.redirect_uri != redirect_uri:
        return grants.invalid("redirect_uri is not the one the code was asked for with.")
    if code.challenge and not _proves(verifier, code.challenge):
        return grants.invalid("code_verifier does not fit the code_challenge.")
    if verifier and not code.challenge:
        return grants.invalid(
            "There is a code_verifier, but the code was asked for without a challenge."
        )
    return grants.dead(code.grant)


def _proves(verifier: str, challenge: str) -> bool:
    if not 43 <= len(verifier) <= 128 or not verifier.isascii():
        return False
    hashed = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(hashed).decode().rstrip("="), challenge)
