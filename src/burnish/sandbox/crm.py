"""Stands in for a small CRM in the house, which nobody else has: asked by configuration alone.

`GET https://crm.example/v1/people?email=...` with a bearer key; `POST /v1/people/search` takes
`{"email_sha256": ...}` or `{"email": ...}` as JSON. Who is unknown is an empty list.
"""

import json
from typing import Any

from aiohttp import web

from burnish.sandbox.people import Person, person_of, person_of_hash
from burnish.sandbox.vendor import Vendor

MESSAGES = {
    401: "Who are you? Send a key as a bearer token.",
    402: "Your department has no questions left this month.",
    429: "One thing at a time, please.",
}


async def _by_email(request: web.Request) -> web.Response:
    email = request.query.get("email", "")
    return _list(request, person_of(email) if "@" in email else None)


async def _search(request: web.Request) -> web.Response:
    try:
        asked = json.loads(await request.read())
        email, digest = asked.get("email"), asked.get("email_sha256")
    except (ValueError, AttributeError):
        return _problem(request, 400)
    person = person_of(str(email)) if email else person_of_hash(str(digest))
    return _list(request, person)


def _list(request: web.Request, person: Person | None) -> web.Response:
    if not _key(request):
        return _problem(request, 401)
    people = [_card(person)] if person else []
    return web.json_response({"total": len(people), "people": people})


def _card(person: Person) -> dict[str, Any]:
    """Return what the house knows of a customer."""
    company = person.company
    return {
        "id": f"C-{person.id[:8]}",
        "name": person.name,
        "title": person.title,
        "phones": [person.phone],
        "interests": list(person.interests),
        "account": company
        and {
            "name": company.name,
            "site": company.domain,
            "country": company.place.country.code2,
            "seats": str(company.employees),
            "tier": "gold" if company.employees > 100 else "silver",
            "active": True,
        },
        "match": 97,
    }


def _key(request: web.Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _problem(request: web.Request, status: int) -> web.Response:
    message = MESSAGES.get(status, "That did not work.")
    return web.json_response({"error": {"message": message}}, status=status)


def _pending(request: web.Request) -> web.Response:
    return web.json_response({"status": "gathering"}, status=202, headers={"Retry-After": "1"})


VENDOR = Vendor(
    name="crm",
    origins=("https://crm.example",),
    routes=(web.get("/v1/people", _by_email), web.post("/v1/people/search", _search)),
    key=_key,
    problem=_problem,
    pending=_pending,
)
