"""Clients: finding one, and proving that it is the one who asks."""

import base64
import hmac
from urllib.parse import unquote_plus, urlsplit

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from burnish.errors import BurnishError
from burnish.oauth.client import LOOPBACK, ApplicationType
from burnish.oauth.client import Client as Entry
from burnish_server.audit.log import Actor, record
from burnish_server.identity.oidc import digest
from burnish_server.identity.oidc.models import Client
from burnish_server.identity.oidc.refusal import Refused


class UnfitClient(BurnishError):
    """This cannot be done with this client."""

    code = "unfit_client"


def find(client_id: str) -> Client | None:
    """Return the client of this id."""
    if not client_id or "\0" in client_id or len(client_id) > 100:
        return None
    return Client.objects.filter(pk=client_id).first()


def authenticate(request: HttpRequest) -> Client:
    """Return the client that asks. Raises `Refused`.

    One with a secret shows it in the body or by HTTP Basic, and the body wins; one without names
    itself.
    """
    client_id, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    basic = _basic(request)
    if basic and not secret:
        client_id, secret = basic
    client = find(client_id)
    if client is None:
        raise _unknown(basic is not None)
    if client.kind.public:
        if secret:
            raise _unknown(basic is not None)
        return client
    # Without a secret there is nothing to compare with, in the same time.
    good = hmac.compare_digest(digest.of(secret), client.secret_digest or "-" * 64)
    if not good or not secret:
        raise _unknown(basic is not None)
    return client


def _unknown(basic: bool) -> Refused:
    said = "The client is not known here, or its secret is not right."
    headers = {"WWW-Authenticate": 'Basic realm="token"'} if basic else {}
    return Refused("invalid_client", said, 401 if basic else 400, headers)


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def comes_back_to(client: Client, uri: str) -> bool:
    """Return whether an app may have people sent to this address: exactly as registered.

    A native app's port on the device itself is its own affair (RFC 8252, 7.3).
    """
    if uri in client.redirect_uris:
        return True
    if client.kind is not ApplicationType.NATIVE:
        return False
    return any(_same_device(uri, registered) for registered in client.redirect_uris)


def _same_device(uri: str, registered: str) -> bool:
    try:
        mine, its = urlsplit(uri), urlsplit(registered)
        if its.scheme != "http" or its.hostname not in LOOPBACK or mine.username is not None:
            return False
        port = mine.port
    except ValueError:
        return False
    host = f"[{its.hostname}]" if ":" in (its.hostname or "") else its.hostname
    netloc = f"{host}:{port}" if port else host
    return uri == its._replace(netloc=netloc or "").geturl()


def create(entry: Entry, actor: Actor) -> str:
    """Write a new client, and return its secret, if it has one. Raises `UnfitClient`."""
    if Client.objects.filter(pk=entry.client_id).exists():
        raise UnfitClient(f"There is a client {entry.client_id} already; take another id.")
    with transaction.atomic():
        client = put(entry, actor)
        secret = "" if client.kind.public else _give_secret(client)
        client.save()
    return secret


def put(entry: Entry, actor: Actor) -> Client:
    """Write a client, new or changed; a new one has no secret yet. Call it in a transaction."""
    client = Client.objects.select_for_update().filter(pk=entry.client_id).first()
    before = client.as_entry().as_entry() if client else None
    client = client or Client(client_id=entry.client_id)
    client.take(entry)
    client.save()
    detail = (
        {"before": before, "after": entry.as_entry()} if before else {"after": entry.as_entry()}
    )
    record(actor, "changed" if before else "added", "client", client.pk, client.name, detail)
    return client


def rotate_secret(client: Client, actor: Actor) -> str:
    """Give a client a new secret, and return it; the old one is no good at once.

    Raises `UnfitClient` for one that has none.
    """
    if client.kind.public:
        raise UnfitClient(f"{client.name} is a public client: it has no secret, PKCE protects it.")
    with transaction.atomic():
        secret = _give_secret(client)
        client.save(update_fields=["secret_digest", "secret_made_at"])
        record(actor, "secret changed", "client", client.pk, client.name)
    return secret


def remove(client: Client, actor: Actor) -> None:
    """Remove a client; its tokens are no good at once."""
    with transaction.atomic():
        record(actor, "removed", "client", client.pk, client.name)
        client.delete()


def _give_secret(client: Client) -> str:
    secret = digest.new()
    client.secret_digest, client.secret_made_at = digest.of(secret), timezone.now()
    return secret
