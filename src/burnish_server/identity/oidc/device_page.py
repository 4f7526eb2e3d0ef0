"""`/oauth2/device`: somebody types the code a device shows, and lets it in or turns it away."""

from typing import cast

from allauth.core.internal import ratelimit
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity import way_in
from burnish_server.identity.models import User
from burnish_server.identity.oidc import authorize, consents, grants
from burnish_server.identity.oidc import device as devices
from burnish_server.identity.oidc.models import DeviceCode

UNKNOWN = _("No device waits with this code. Look at it once more; it is good for ten minutes.")
TRIES = {"code": "20/5m/user"}


class CodeForm(forms.Form):
    """The code a device shows."""

    user_code = forms.CharField(
        label=_("Code on your device"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then whether the device may come in."""
    act = request.POST.get("act", "")
    given = request.POST if request.method == "POST" else request.GET
    form = CodeForm(given if "user_code" in given else None)
    found = _find(request, form) if form.is_bound else None
    if found is None:
        return render(request, "oidc/device.html", {"form": form})
    if act == "allow":
        user = cast(User, request.user)
        amr = way_in.amr(request, user)
        devices.allow(found, grants.Login(user, authorize.signed_in_at(request, user), amr))
    elif act == "refuse":
        devices.refuse(found)
    context = {
        "act": act if act in ("allow", "refuse") else "",
        "client": found.client,
        "form": form,
        "items": consents.described(found.scopes),
        "code": f"{found.user_code[:4]}-{found.user_code[4:]}",
    }
    return render(request, "oidc/device_asked.html", context)


def _find(request: HttpRequest, form: CodeForm) -> DeviceCode | None:
    if not form.is_valid():
        return None
    if not ratelimit.consume(request, app="oidc", action="code", config=TRIES, limit_get=True):
        form.add_error("user_code", _("You tried too often. Wait a few minutes."))
        return None
    found = devices.waiting(form.cleaned_data["user_code"])
    if found is None:
        form.add_error("user_code", UNKNOWN)
    return found
