"""`/oauth2/device/code`: a device without a browser asks for a code its person types elsewhere.

The rules are those of RFC 8628.
"""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish.oauth import scopes
from burnish_server.identity.oidc import addresses, clients, digest, grants
from burnish_server.identity.oidc.models import Client, DeviceCode, Grant
from burnish_server.identity.oidc.refusal import Refused, answer, unstored

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
LIVES = timedelta(minutes=10)
INTERVAL = timedelta(seconds=5)
# No vowels, so no words; nothing that looks like something else.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@csrf_exempt
@require_POST
def device_code(request: HttpRequest) -> HttpResponse:
    """Answer with a code for the device, and one for its person."""
    try:
        client = clients.authenticate(request)
        if not client.kind.acts_for_people:
            raise Refused("unauthorized_client", "This client acts for itself, not for people.")
        wanted = tuple(dict.fromkeys(request.POST.get("scope", "").split()))
        if scopes.OPENID not in wanted or not scopes.allowed(client.kind).issuperset(wanted):
            raise Refused("invalid_scope", "openid is required; ask for what this client may have.")
    except Refused as refused:
        return answer(refused)
    code = digest.new()
    user_code = _begin(client, wanted, code)
    page = addresses.issuer(request) + addresses.DEVICE
    shown = f"{user_code[:4]}-{user_code[4:]}"
    return unstored(
        JsonResponse(
            {
                "device_code": code,
                "user_code": shown,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={shown}",
                "expires_in": int(LIVES.total_seconds()),
                "interval": int(INTERVAL.total_seconds()),
            }
        )
    )


def _begin(client: Client, wanted: tuple[str, ...], code: str) -> str:
    """Write down that a device waits, and return the code its person types."""
    while True:
        user_code = "".join(secrets.choice(LETTERS) for _ in range(8))
        try:
            with transaction.atomic():
                DeviceCode.objects.create(
                    digest=digest.of(code),
                    user_code=user_code,
                    client=client,
                    scopes=list(wanted),
                    expires_at=timezone.now() + LIVES,
                )
        except IntegrityError:
            continue
        return user_code


def waiting(typed: str) -> DeviceCode | None:
    """Return the device that waits with this code, however it was typed."""
    user_code = "".join(letter for letter in typed.upper() if letter in LETTERS)
    found = DeviceCode.objects.select_related("client").filter(
        user_code=user_code, grant=None, refused_at=None, expires_at__gt=timezone.now()
    )
    return found.first()


def allow(device: DeviceCode, login: grants.Login) -> None:
    """Let a device in for its person."""
    with transaction.atomic():
        grant = grants.begin(device.client, login, device.scopes)
        DeviceCode.objects.filter(pk=device.pk, grant=None, refused_at=None).update(grant=grant)


def refuse(device: DeviceCode) -> None:
    """Turn a device away."""
    DeviceCode.objects.filter(pk=device.pk, grant=None).update(refused_at=timezone.now())


def redeem(client: Client, code: str) -> Grant:
    """Return what a device's person granted, once. Raises `Refused`, also while it has to wait."""
    at = timezone.now()
    with transaction.atomic():
        devices = DeviceCode.objects.select_for_update(of=("self",)).filter(pk=digest.of(code))
        device = devices.select_related("grant__client", "grant__user").first()
        if device is None or device.client_id != client.pk:
            raise grants.invalid("The device code is not known, or was used already.")
        last, device.polled_at = device.polled_at, at
        device.save(update_fields=["polled_at"])
        grant = device.grant
        if device.refused_at or grant:
            device.delete()
    if device.refused_at:
        raise Refused("access_denied", "The person did not agree.")
    if device.expires_at <= at:
        raise Refused("expired_token", "The device code has expired; ask for another.")
    if grant is None:
        if last and at - last < INTERVAL:
            raise Refused("slow_down", "Ask no more often than every 5 seconds.")
        raise Refused("authorization_pending", "The person has not answered yet.")
    if refusal := grants.dead(grant):
        raise refusal
    return grant
