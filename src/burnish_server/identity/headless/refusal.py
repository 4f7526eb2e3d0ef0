"""What programs read where somebody is not let in."""

from http import HTTPStatus

from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.internal.restkit.response import APIResponse
from django.http import HttpRequest


class Refusal(AuthenticationResponse):
    """A sentence with status 403; a form's own faults come with status 400."""

    def __init__(self, request: HttpRequest, sentence: str) -> None:
        errors = [{"message": sentence, "code": "refused"}]
        APIResponse.__init__(self, request, errors=errors, status=HTTPStatus.FORBIDDEN)


def is_headless(request: HttpRequest) -> bool:
    """Return whether a program asks, not a page."""
    return hasattr(getattr(request, "allauth", None), "headless")
