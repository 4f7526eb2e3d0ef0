"""Stands in for Clearbit: people, companies, both, companies by address and domains by name.

Any key is accepted. An address of a role, such as info@, is refused; every other IP address is
somebody's at home. What is sent later is signed with the key.
See https://dashboard.clearbit.com/docs.
"""

import hashlib
import hmac
import ipaddress
import json
import re
import time
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from burnish.sandbox import clearbit_shape
from burnish.sandbox.authorization import basic, bearer
from burnish.sandbox.people import company_named, company_of, person_of
from burnish.sandbox.places import is_bogon
from burnish.sandbox.vendor import Callback, Vendor

ROLES = frozenset({"info", "hello", "sales", "support", "admin", "office", "contact"})

PROBLEMS = {
    401: ("invalid_api_key", "Invalid API key provided."),
    402: ("over_quota", "Your account is over its quota."),
    404: ("unknown_route", "Unknown route."),
    405: ("unknown_route", "Unknown route."),
    422: ("email_invalid", "The e-mail address is invalid."),
    429: ("rate_limit", "Rate limit of 600 a minute is reached, it resets in 1 second."),
}

Record = dict[str, Any]


class Refused(Exception):
    """A question that the vendor finds wrong."""


def _person(query: dict[str, str]) -> Record | None:
    person = person_of(_email(query))
    return clearbit_shape.person(person) if person else None


def _combined(query: dict[str, str]) -> Record | None:
    email = _email(query)
    person, company = person_of(email), company_of(email.partition("@")[2])
    if person is None and company is None:
        return None
    return {
        "person": clearbit_shape.person(person) if person else None,
        "company": clearbit_shape.company(company) if company else None,
    }


def _company(query: dict[str, str]) -> Record | None:
    company = company_of(_text(query, "domain"))
    return clearbit_shape.company(company) if company else None


def _reveal(query: dict[str, str]) -> Record | None:
    try:
        address = ipaddress.ip_address(_text(query, "ip"))
    except ValueError:
        raise Refused from None
    digest = hashlib.blake2s(address.packed).digest()
    company = company_of(("nordlake.example", "halden.example", "kestrel.example")[digest[1] % 3])
    if is_bogon(address) or digest[0] % 2 or company is None:
        return None
    return {
        "ip": str(address),
        "fuzzy": False,
        "domain": company.domain,
        "company": clearbit_shape.company(company),
        "confidenceScore": "high",
    }


def _domain(query: dict[str, str]) -> Record | None:
    company = company_named(_text(query, "name"))
    if company is None:
        return None
    logo = f"https://logo.clearbit.com/{company.domain}"
    return {"name": company.name, "domain": company.domain, "logo": logo}


def _text(query: dict[str, str], name: str) -> str:
    if text := query.get(name, "").strip():
        return text
    raise Refused


def _email(query: dict[str, str]) -> str:
    email = _text(query, "email").lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) or email.partition("@")[0] in ROLES:
        raise Refused
    return email


LOOKS = {
    "/v2/people/find": _person,
    "/v2/combined/find": _combined,
    "/v2/companies/find": _company,
    "/v1/companies/find": _reveal,
    "/v1/domains/find": _domain,
}
TYPES = {"/v2/people/find": "person", "/v2/combined/find": "person_company"}


def _answering(path: str) -> Handler:
    """Answer one kind of question."""

    async def answer(request: web.Request) -> web.Response:
        if not _key(request):
            return _error(request, 401, "auth_required", "An API key is required.")
        try:
            record = LOOKS[path](dict(request.query))
        except Refused:
            return _problem(request, 422)
        if record is None:
            return _error(request, 404, "unknown_record", "Unknown record.")
        return web.json_response(record, headers=_rate(request))

    return answer


def _key(request: web.Request) -> str:
    return basic(request)[0] or bearer(request)


def _rate(request: web.Request, left: int = 599) -> dict[str, str]:
    """Return how much may still be asked; reveal does not tell."""
    version = {"x-api-version": "2019-12-19"}
    if request.path == "/v1/companies/find":
        return version
    return version | {
        "x-ratelimit-limit": "600",
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset": str(int(time.time()) + 2),
    }


def _error(request: web.Request, status: int, slug: str, message: str) -> web.Response:
    body = {"error": {"type": slug, "message": message}}
    headers = _rate(request, left=0 if status == 429 else 599)
    return web.json_response(body, status=status, headers=headers)


def _problem(request: web.Request, status: int) -> web.Response:
    slug, message = PROBLEMS.get(status, ("server_error", "Something went wrong."))
    return _error(request, status, slug, message)


def _pending(request: web.Request) -> web.Response:
    """Say "not yet": with a body or without one, as both are seen."""
    if request.path == "/v2/companies/find":
        return web.json_response({"error": {"type": "queued", "message": "Queued."}}, status=202)
    return web.Response(status=202)


async def _callback(request: web.Request, answer: bytes) -> Callback | None:
    """Send the record in an envelope, signed with the key without its prefix."""
    url = request.query.get("webhook_url")
    if not url or request.path.startswith("/v1/"):
        return None
    record = json.loads(answer)
    is_found = "error" not in record
    envelope = {
        "id": request.query.get("webhook_id"),
        "type": TYPES.get(request.path, "company"),
        "status": 200 if is_found else 404,
        "body": record if is_found else None,
    }
    body = json.dumps(envelope).encode()
    secret = re.sub(r"^[sp]k_", "", _key(request)).encode()
    signature = hmac.new(secret, body, hashlib.sha1).hexdigest()
    return Callback(url, body, {"X-Request-Signature": f"sha1={signature}"})


VENDOR = Vendor(
    name="Clearbit",
    origins=(
        "https://person.clearbit.com",
        "https://company.clearbit.com",
        "https://reveal.clearbit.com",
    ),
    routes=tuple(web.get(path, _answering(path), allow_head=False) for path in LOOKS),
    key=_key,
    problem=_problem,
    pending=_pending,
    callback=_callback,
)
