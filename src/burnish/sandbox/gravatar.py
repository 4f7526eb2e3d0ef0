"""Stands in for Gravatar: profiles by SHA-256 or by name, v3; more of them with a key.

The key is optional, and any is accepted except `invalid`. Only the cast has profiles.
See https://docs.gravatar.com/api/profiles/rest-api/.
"""

import time
from typing import Any

from aiohttp import web

from burnish.sandbox.authorization import bearer
from burnish.sandbox.cast import PEOPLE
from burnish.sandbox.people import Person, person_of_hash
from burnish.sandbox.vendor import Vendor

CODES = {
    401: ("Invalid API key", "unauthorized"),
    404: ("Profile not found", "not_found"),
    429: ("Rate limit exceeded", "rate_limit_exceeded"),
}
HOUR = 3600


def _problem(request: web.Request, status: int) -> web.Response:
    error, code = CODES.get(status, ("Internal error", "internal_error"))
    return _reply(request, {"error": error, "code": code}, status)


def _reply(request: web.Request, body: dict[str, Any], status: int = 200) -> web.Response:
    limit = 1000 if bearer(request) else 100
    headers = {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0" if status == 429 else str(limit - 1),
        "X-RateLimit-Reset": str((int(time.time()) // HOUR + 1) * HOUR),
    }
    return web.json_response(body, status=status, headers=headers)


async def _profile(request: web.Request) -> web.Response:
    wanted = request.match_info["id"]
    person = person_of_hash(wanted) if len(wanted) == 64 else None
    person = person or next((one for one in PEOPLE if one.handle == wanted), None)
    if person is None:
        return _problem(request, 404)
    body = _public(person)
    return _reply(request, body | _with_key(person) if bearer(request) else body)


def _public(person: Person) -> dict[str, Any]:
    """Return what everybody may see; what is not set is an empty text."""
    digest = next(digest for digest in person.hashes if len(digest) == 64)
    return {
        "hash": digest,
        "display_name": f"{person.given} {person.family[:1]}",
        "profile_url": f"https://gravatar.com/{person.handle}",
        "avatar_url": f"https://0.gravatar.com/avatar/{digest}",
        "avatar_alt_text": "",
        "location": f"{person.place.city}, {person.place.country.name}",
        "description": person.bio,
        "job_title": person.title,
        "company": person.company.name if person.company else "",
        "verified_accounts": [
            {
                "service_type": "github",
                "service_label": "GitHub",
                "service_icon": "https://gravatar.com/icons/github.svg",
                "url": f"https://github.com/{person.handle}",
                "is_hidden": False,
            }
        ],
        "pronunciation": "",
        "pronouns": "",
    }


def _with_key(person: Person) -> dict[str, Any]:
    """Return what is shown to those with a key besides."""
    interests = [
        {"id": number, "name": name, "slug": name}
        for number, name in enumerate(person.interests, start=1)
    ]
    return {
        "timezone": person.place.zone.name,
        "languages": [{"code": "en", "name": "English", "is_primary": True, "order": 0}],
        "first_name": person.given,
        "last_name": person.family,
        "is_organization": False,
        "links": [],
        "interests": interests,
        "gallery": [],
        "number_verified_accounts": 1,
        "last_profile_edit": "2026-01-02T04:21:11Z",
        "registration_date": "2014-01-02T04:21:11Z",
    }


VENDOR = Vendor(
    name="Gravatar",
    origins=("https://api.gravatar.com",),
    routes=(web.get("/v3/profiles/{id}", _profile),),
    key=bearer,
    problem=_problem,
)
