"""The documentation page: what the API takes and gives, and a way to try it with a key.

Everything it loads comes from this service: Swagger UI as django-ninja's wheel brings it, and a
script and a style sheet of ours. It works under the policy all pages have.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class Page(DocsBase):
    """Swagger UI in a page of ours."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page; the description itself is fetched by it."""
        context = {"title": api.title, "description": self.get_openapi_url(api, kwargs)}
        return render(request, "api/docs.html", context)
