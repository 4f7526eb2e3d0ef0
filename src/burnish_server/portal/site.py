"""The portal's site: its pages are registered here, and no others."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import LogoutView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from burnish_server.portal import dashboard


class PortalSite(UnfoldAdminSite):
    """Administrators' pages. People come in and go out by the doors everybody uses."""

    index_title = "Overview"
    index_template = "portal/dashboard.html"
    enable_nav_sidebar = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[URLPattern] = []

    def add_page(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> None:
        """Take in a page that belongs to no one table."""
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[Any]:
        """Put the pages that belong to no one table before the others."""
        return [*self._pages, *super().get_urls()]

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Let administrators in, and nobody to what PostgreSQL could not even look for."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def entrance(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            if any("\0" in str(value) for value in named.values()):
                raise Http404
            return inner(request, *args, **named)

        return entrance

    def show(
        self, request: HttpRequest, template: str, title: str, about: dict[str, Any]
    ) -> HttpResponse:
        """Show one of our own templates under a title."""
        context = {**self.each_context(request), "title": title, "subtitle": None, **about}
        return render(request, template, context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what there is and what to do first."""
        return super().index(request, {"summary": dashboard.summary(), **(extra_context or {})})

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send visitors to the login page; tell others plainly that they may not come in."""
        target = request.GET.get("next") or "/portal/"
        if self.has_permission(request):
            return redirect("portal:index")
        if request.user.is_authenticated:
            return render(request, "portal/no_access.html", status=403)
        return redirect_to_login(target)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """End the session."""
        return LogoutView.as_view(next_page="account_login")(request)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page where everybody changes their password."""
        return redirect("account_change_password")


site = PortalSite(name="portal")
