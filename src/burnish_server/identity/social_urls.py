"""Addresses of social sign-in: allauth's own, for every provider there is, and held to one manner.

Whatever a provider answers, people see a page that says so; and they leave for it by a page of
ours, because a form that was sent may lead to no other site (Content-Security-Policy).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from importlib import import_module
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import urls as allauth
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers import registry
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from burnish_server.identity import connections
from burnish_server.identity.social_amiss import AMISS, amiss

View = Callable[..., HttpResponse]


def held(view: View) -> View:
    """Have a provider's view answer with a page of ours, whatever the provider says."""

    @wraps(view)
    @login_not_required
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except SocialApp.DoesNotExist:
            raise Http404("There is no such social provider.") from None
        except ImmediateHttpResponse:
            raise
        except AMISS as error:
            return amiss(request, error)
        return _leaving(request, response)

    return answer


def _leaving(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    url = response.url if isinstance(response, HttpResponseRedirect) else ""
    if request.method != "POST" or not url.startswith(("https://", "http://")):
        return response
    if url.startswith(request.build_absolute_uri("/")):
        return response
    return render(request, "socialaccount/leaving.html", {"url": url})


def _all_held(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    found = list(patterns)
    for one in found:
        if isinstance(one, URLResolver):
            _all_held(one.url_patterns)
        else:
            one.callback = held(one.callback)
    return found


def _of_providers() -> Iterable[URLPattern | URLResolver]:
    for provider in registry.get_class_list():
        try:
            module = import_module(f"{provider.get_package()}.urls")
        except ModuleNotFoundError:
            continue
        yield from module.urlpatterns


urlpatterns = [
    path("", connections.connections, name="socialaccount_connections"),
    *allauth.urlpatterns,
    *_all_held(_of_providers()),
]
