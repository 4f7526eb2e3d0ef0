"""In which language people are spoken to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation.trans_real import parse_accept_lang_header

from burnish_server.identity.models import User
from burnish_server.identity.sent import sent
from burnish_server.profiles.models import Profile

LOCALE = KeyTextTransform("locale", "profile__standard")
"""What a query for users adds so that their language is known: `annotate(locale=LOCALE)`."""

DOORS = ("/portal/", "/api/", "/graphql", "/_api/")
"""What administrators and programs use is in English, whatever their browsers prefer."""


class Languages:
    """Serves each page in its reader's language."""

    def __init__(self, get_response: Any) -> None:
        """Keep what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the first language of the reader's that we speak, or in English."""
        if request.path.startswith(DOORS):
            language = settings.LANGUAGE_CODE
        else:
            language = first((*preferred(request), _of_person(request), *accepted(request)))
        with override(language):
            request.LANGUAGE_CODE = language
            response: HttpResponseBase = self._get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", language)
        return response


def first(tags: Iterable[str]) -> str:
    """Return the first of these languages that we speak; English where there is none."""
    for tag in tags:
        try:
            return get_supported_language_variant(tag.lower())
        except (LookupError, ValueError):
            continue
    return settings.LANGUAGE_CODE


def preferred(request: HttpRequest) -> tuple[str, ...]:
    """Return the languages of whoever reads, the best first.

    What they chose on our pages goes first, then what the app says that sent them here (its
    `ui_locales`, OpenID Connect Core 3.1.2.1), or else their profile and their browser.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    said = _of_app(request) or (_of_person(request), *accepted(request))
    return tuple(dict.fromkeys(tag for tag in (chosen, *said) if tag))


def accepted(request: HttpRequest) -> tuple[str, ...]:
    """Return the languages of the browser (`Accept-Language`), the best first."""
    tags = parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    return tuple(tag for tag, _ in tags if tag != "*")


def _of_app(request: HttpRequest) -> list[str]:
    given: Mapping[str, Any] = request.GET
    if "ui_locales" not in given:
        given = sent(request) if _has_session(request) else {}
    return str(given.get("ui_locales", ""))[:200].split()


def _of_person(request: HttpRequest) -> str:
    return str(getattr(request.user, "locale", None) or "") if _has_session(request) else ""


def _has_session(request: HttpRequest) -> bool:
    # Whoever brings none is a stranger or a program: nothing is looked up for them.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "session")


def of_user(pk: UUID) -> str | None:
    """Return the language of a user's profile; None where it names none that we speak."""
    found = Profile.objects.filter(pk=pk).values_list("standard__locale", flat=True).first()
    return _spoken(found)


def of_address(email: str) -> str | None:
    """Return the language of whoever has an e-mail address, as `of_user` does."""
    users = User.objects.filter(emailaddress__email=email.strip().lower())
    return _spoken(users.annotate(locale=LOCALE).values_list("locale", flat=True).first())


def of_number(phone_number: str) -> str | None:
    """Return the language of whoever has a phone number, as `of_user` does."""
    users = User.objects.filter(phone_number=phone_number)
    return _spoken(users.annotate(locale=LOCALE).values_list("locale", flat=True).first())


def _spoken(tag: object) -> str | None:
    try:
        return get_supported_language_variant(str(tag).lower()) if tag else None
    except (LookupError, ValueError):
        return None
