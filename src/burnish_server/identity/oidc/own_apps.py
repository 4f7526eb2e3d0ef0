"""`/settings/apps/`: the apps that can see somebody's data, each of which they can take it from."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity.models import User
from burnish_server.identity.oidc import consents, grants
from burnish_server.identity.oidc.models import Client, Consent, Grant


@dataclass(frozen=True, slots=True)
class OwnApp:
    """An app, and what it may do in words for its person."""

    client: Client
    items: list[str]


def of(user: User) -> list[OwnApp]:
    """Return the apps somebody agreed to or is signed in to, by name."""
    allowed: dict[Client, set[str]] = {}
    for consent in Consent.objects.filter(user=user).select_related("client"):
        allowed.setdefault(consent.client, set()).update(consent.scopes)
    live = Grant.objects.filter(user=user, revoked_at=None, ends_at__gt=timezone.now())
    for grant in live.select_related("client"):
        allowed.setdefault(grant.client, set()).update(grant.scopes)
    ordered = sorted(allowed.items(), key=lambda pair: pair[0].name.lower())
    return [OwnApp(client, consents.described(scopes)) for client, scopes in ordered]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_apps(request: HttpRequest) -> HttpResponse:
    """Show somebody their apps, and shut one out."""
    user = cast(User, request.user)
    apps = of(user)
    if request.method == "POST":
        named = request.POST.get("end", "")
        for app in apps:
            if app.client.pk == named:
                _shut_out(user, app.client)
                messages.success(request, _("It is shut out."))
        return redirect("own_apps")
    return render(request, "oidc/own_apps.html", {"apps": apps})


def _shut_out(user: User, client: Client) -> None:
    with transaction.atomic():
        Consent.objects.filter(user=user, client=client).delete()
        grants.revoke(*Grant.objects.filter(user=user, client=client, revoked_at=None))
