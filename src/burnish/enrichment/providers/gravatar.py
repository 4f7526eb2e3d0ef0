"""Gravatar: what people publish of themselves, by the hash of their e-mail address; v3."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Provider, Terms, reset_at
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

ADDRESS = "https://api.gravatar.com/v3/profiles/"

_FIELDS: Mapping[str, Field] = {
    "nickname": reading.text("display_name"),
    "given_name": reading.text("first_name"),
    "family_name": reading.text("last_name"),
    "picture": reading.url("avatar_url"),
    "profile": reading.url("profile_url"),
    "website": reading.url("links.0.url"),
    "location": reading.text("location"),
    "timezone": reading.text("timezone"),
    "bio": reading.text("description"),
    "pronouns": reading.text("pronouns"),
    "job_title": reading.text("job_title"),
    "company_name": reading.text("company"),
}

_ACCOUNTS = {
    "github": "github_url",
    "linkedin": "linkedin_url",
    "twitter": "twitter_url",
    "x": "twitter_url",
    "facebook": "facebook_url",
}

_SERVICE, _PAGE = reading.text("service_type"), reading.url("url")
_CODE, _INTEREST = reading.text("code"), reading.text("name")


class GravatarSettings(Settings):
    """What Gravatar needs."""

    api_key: SecretStr | None = None
    """The key, from gravatar.com/developers; without one fewer answers an hour, and shorter."""


class Gravatar(Provider):
    """Picture, name and links that somebody published at Gravatar themselves."""

    key = "gravatar"
    title = "Gravatar"
    page = "https://docs.gravatar.com/api/profiles/rest-api/"
    needs = frozenset({"email"})
    hashed = frozenset({"email"})
    gives = frozenset({*_FIELDS, *_ACCOUNTS.values(), "language", "languages", "interests"})
    terms = Terms(
        "Gravatar's terms; commercial use is allowed.",
        attribution="Profiles by Gravatar, https://gravatar.com",
        note="Free. No bound on keeping answers is published, but people change and withdraw "
        "their profiles there: do not keep answers for longer than you need them. Whoever "
        "receives the hash of an address can tell that you know it.",
    )
    Settings = GravatarSettings

    def ask(self, known: Known) -> Request:
        digest = sha256(known["email"].strip().lower().encode()).hexdigest()
        key = self.settings.api_key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        return Request("GET", ADDRESS + digest, headers=headers)

    def pause(self, reply: Response) -> float | None:
        throttled = self.meaning(reply) == "throttled"
        said = super().pause(reply)
        return said or (reset_at(reply, "X-RateLimit-Reset") if throttled else None)

    def read(self, reply: Response) -> Found | Miss:
        body = reading.body(reply.content)
        values = reading.outputs(_FIELDS, body)
        for account in _objects(body, "verified_accounts"):
            output = _ACCOUNTS.get(_SERVICE.read(account) or "")
            if output and account.get("is_hidden") is not True and (page := _PAGE.read(account)):
                values.setdefault(output, page)
        if languages := _each(_CODE, _languages(body)):
            values |= {"language": languages[0], "languages": languages}
        if interests := _each(_INTEREST, _objects(body, "interests")):
            values["interests"] = interests
        return Found(values, confidence=0.9) if values else Miss()

    @property
    def variant(self) -> str:
        return "keyed" if self.settings.api_key else ""


def _each(field: Field, items: list[Mapping[str, Any]]) -> list[str]:
    return [text for item in items if (text := field.read(item))]


def _languages(body: Any) -> list[Mapping[str, Any]]:
    """Return the languages, the primary one first."""
    return sorted(_objects(body, "languages"), key=lambda one: one.get("is_primary") is not True)


def _objects(body: Any, path: str) -> list[Mapping[str, Any]]:
    """Return the objects in a list. Raises `BadAnswer` where it is none, or holds others."""
    items = reading.at(body, path) or []
    if not isinstance(items, list) or len(items) > reading.MOST_TEXTS:
        raise reading.BadAnswer(f"{path} is not a list of at most {reading.MOST_TEXTS} objects")
    if not all(isinstance(item, Mapping) for item in items):
        raise reading.BadAnswer(f"{path} holds what is no object")
    return items
