"""Which address leads to which room; `/health/` is answered before any of them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path

from burnish_server.api.door import door
from burnish_server.api.graphql.view import graphql
from burnish_server.portal.site import site


def home(request: HttpRequest) -> HttpResponse:
    """Send people who are signed in to their settings, all others to the login page."""
    return HttpResponseRedirect("/settings/" if request.user.is_authenticated else "/login/")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("portal/", site.urls),
    path("api/v1/", door.urls),
    path("graphql", graphql, name="graphql"),
    path("_api/admin/graphql", graphql),
    path("_api/admin/users/", include("burnish_server.api.admin_users")),
    path("", include("burnish_server.identity.urls")),
    path("", include("burnish_server.identity.oidc.urls")),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("social/", include("burnish_server.identity.social_urls")),
    path("_allauth/", include("burnish_server.identity.headless.urls")),
]
