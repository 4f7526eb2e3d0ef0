"""Stands in for FullContact v3: people by e-mail address or phone number, companies by domain.

Any token is accepted. A person who is asked for by MD5 only stays without name and pages.
See https://docs.fullcontact.com/.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from burnish.sandbox.authorization import bearer
from burnish.sandbox.fullcontact_shape import company_shape, person_shape, withheld
from burnish.sandbox.people import Person, company_of, person_of, person_of_hash, person_of_phone
from burnish.sandbox.vendor import Callback, Vendor

IDENTIFIERS = ("email", "emails", "phone", "phones", "maids", "placekey", "recordId", "personId")

MESSAGES = {
    403: "403: Usage limits for this plan have been exceeded.",
    404: "Profile not found",
    405: "HTTP 405 Method Not Allowed",
    429: "429: Too many requests",
}
SOON = "Please retry your query within about 2 minutes."


class Refused(Exception):
    """A request that the vendor finds wrong; it writes `code` or `status` into the answer."""

    def __init__(self, status: int, message: str, name: str = "status") -> None:
        super().__init__(message)
        self.status, self.message, self.name = status, message, name


async def _person(request: web.Request) -> web.Response:
    return await _answer(request, _found_person)


async def _company(request: web.Request) -> web.Response:
    return await _answer(request, _found_company)


async def _answer(request: web.Request, look: Any) -> web.Response:
    if not bearer(request):
        return _refusal(403, "API Key is missing or invalid.", requestId=_request_id(request))
    try:
        question = await _question(request)
        found = look(question)
    except Refused as refused:
        return web.json_response(
            {refused.name: refused.status, "message": refused.message}, status=refused.status
        )
    if found is not None:
        return web.json_response(found)
    if look is _found_person:
        return _refusal(404, MESSAGES[404])
    extra = {"reasonCode": "NOT_REGISTERED", "requestId": _request_id(request)}
    return _refusal(404, "Company not found", **extra)


async def _question(request: web.Request) -> dict[str, Any]:
    try:
        question = json.loads(await request.read())
    except ValueError:
        question = None
    if not isinstance(question, dict):
        raise Refused(400, "Unable to process JSON", name="code")
    if (url := question.get("webhookUrl")) is not None and not _is_address(url):
        raise Refused(400, f"Invalid webhookUrl provided: '{url}'")
    return question


def _is_address(url: Any) -> bool:
    return isinstance(url, str) and urlsplit(url).scheme in ("http", "https")


def _found_person(question: dict[str, Any]) -> dict[str, Any] | None:
    if not any(question.get(name) for name in IDENTIFIERS):
        raise Refused(422, "At least one queryable identifier is needed.")
    emails = _all(question, "email", "emails")
    phones = _all(question, "phone", "phones")
    people = [_by_email(email) for email in emails] + [person_of_phone(phone) for phone in phones]
    person = next(filter(None, people), None)
    if person is None:
        return None
    shape = person_shape(person)
    is_hashed = not phones and all(map(_is_hash, emails))
    return withheld(shape) if is_hashed else shape


def _found_company(question: dict[str, Any]) -> dict[str, Any] | None:
    domain = question.get("domain")
    if not isinstance(domain, str) or not domain:
        raise Refused(422, "A domain is needed.")
    company = company_of(domain)
    return company_shape(company) if company else None


def _all(question: dict[str, Any], one: str, many: str) -> list[str]:
    texts = [question.get(one), *(question.get(many) or [])]
    return [text for text in texts if isinstance(text, str) and text]


def _by_email(email: str) -> Person | None:
    return person_of_hash(email) if _is_hash(email) else person_of(email)


def _is_hash(email: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{32}", email) is not None


def _refusal(status: int, message: str, **more: str) -> web.Response:
    return web.json_response({"status": status, "message": message, **more}, status=status)


def _problem(request: web.Request, status: int) -> web.Response:
    """Write the vendor's own error; like the vendor's, it repeats a key that is wrong."""
    message = MESSAGES.get(status, f"{status}: Something went wrong.")
    if status == 401:
        message = f"401: Expired access token: {bearer(request)}"
    response = _refusal(status, message, requestId=_request_id(request))
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def _pending(request: web.Request) -> web.Response:
    return _refusal(202, f"Queued for search. {SOON}", requestId=_request_id(request))


async def _callback(request: web.Request, answer: bytes) -> Callback | None:
    """Send the answer as it is, unsigned."""
    url = (await _question(request)).get("webhookUrl")
    return Callback(url, answer) if url else None


def _request_id(request: web.Request) -> str:
    return str(uuid5(NAMESPACE_URL, request.path))


VENDOR = Vendor(
    name="FullContact",
    origins=("https://api.fullcontact.com",),
    routes=(
        web.post("/v3/person.enrich", _person),
        web.post("/v3/company.enrich", _company),
    ),
    key=bearer,
    problem=_problem,
    credits=403,
    pending=_pending,
    callback=_callback,
)
