"""What the shop shows."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from burnish.client import Burnish, Unauthorized

burnish = Burnish(settings.BURNISH_URL)


def home(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, with what was filled in about them."""
    person = None
    if token := request.session.get("oidc_access_token"):
        try:
            person = burnish.userinfo(token)
        except Unauthorized:  # it has expired, or they signed out elsewhere
            logout(request)
    return render(request, "home.html", {"person": person})
