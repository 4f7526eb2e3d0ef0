"""The public origin of the settings, in place of whatever a request calls us."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host


class PublicOrigin:
    """Have every link we make lead to the public origin, where the settings name one.

    A name we do not answer to stays as it is, and is refused later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write scheme and host of the public origin into the request, then go on."""
        if origin := settings.BURNISH.web.origin:
            domain, _ = split_domain_port(request.META.get("HTTP_HOST", ""))
            if validate_host(domain, settings.ALLOWED_HOSTS):
                public = urlsplit(origin)
                request.META["HTTP_HOST"] = public.netloc
                request.META["wsgi.url_scheme"] = public.scheme
        return self.get_response(request)
