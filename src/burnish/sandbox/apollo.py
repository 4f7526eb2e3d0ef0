"""Stands in for Apollo: the enrichment of one person and of one company.

Any API key is accepted except `invalid`. Who is unknown is a 200 without anybody. A phone number
is sent a moment later to the address it was asked for with, unsigned.
See https://docs.apollo.io/reference/people-enrichment.
"""

import asyncio
import json
from hashlib import blake2s
from typing import Any

from aiohttp import web

from burnish.sandbox.authorization import bearer
from burnish.sandbox.cast import PEOPLE
from burnish.sandbox.faults import post
from burnish.sandbox.people import Company, Person, company_of, person_of, person_of_hash
from burnish.sandbox.vendor import Callback, Vendor

RATES = {
    f"x-{name}": str(count)
    for kind, most in (("minute", 50), ("hourly", 200), ("24-hour", 600))
    for name, count in (
        (f"rate-limit-{kind}", most),
        (f"{kind}-usage", 1),
        (f"{kind}-requests-left", most - 1),
    )
}
_calls: set[asyncio.Task[None]] = set()


def _key(request: web.Request) -> str:
    return request.headers.get("x-api-key") or bearer(request)


def _problem(request: web.Request, status: int) -> web.Response:
    match status:
        case 401:
            return web.Response(text="Invalid API key. Send a valid one.", status=401)
        case 429:
            message = "The maximum number of api calls allowed for this is 200 times per hour."
            headers = {**RATES, "retry-after": "60"}
            return web.json_response({"message": message}, status=429, headers=headers)
        case 402:
            return web.json_response({"error": "You have no credits left."}, status=402)
    return web.json_response({"error": "Something went wrong."}, status=status)


async def _match(request: web.Request) -> web.Response:
    if not _key(request):
        return _problem(request, 401)
    asked = request.query
    wants_phone, webhook = asked.get("reveal_phone_number") == "true", asked.get("webhook_url")
    if wants_phone and not webhook:
        return web.json_response({"error": "Parameter 'webhook_url' missing"}, status=400)
    person = _person(request)
    answer: dict[str, Any] = {"request_id": _id(str(asked))}
    if person is None:
        return web.json_response({**answer, "person": None}, headers=RATES)
    if wants_phone and webhook:
        _send_later(webhook, person)
    return web.json_response({**answer, "person": _written(person)}, headers=RATES)


def _person(request: web.Request) -> Person | None:
    asked = request.query
    if email := asked.get("email"):
        return person_of(email)
    if digest := asked.get("hashed_email"):
        return person_of_hash(digest)
    if page := asked.get("linkedin_url"):
        handle = page.rstrip("/").rpartition("/")[2]
        return next((one for one in PEOPLE if one.handle == handle), None)
    name, domain = asked.get("name", "").lower(), asked.get("domain")
    for one in PEOPLE:
        if one.name.lower() == name and one.company and one.company.domain == domain:
            return one
    return None


def _send_later(webhook: str, person: Person) -> None:
    number = {
        "raw_number": person.phone,
        "sanitized_number": person.phone,
        "type_cd": "mobile",
        "status_cd": "valid_number",
        "confidence_cd": "high",
    }
    found = {"id": _id(person.email), "status": "success", "phone_numbers": [number]}
    body = {"status": "success", "credits_consumed": 8, "people": [found]}
    task = asyncio.create_task(post(Callback(webhook, json.dumps(body).encode())))
    _calls.add(task)
    task.add_done_callback(_calls.discard)


async def _organization(request: web.Request) -> web.Response:
    if not _key(request):
        return _problem(request, 401)
    domain = request.query.get("domain")
    if not domain:
        error = {"error": "Required parameter 'domain' missing"}
        return web.json_response(error, status=422)
    company = company_of(domain)
    answer = {"organization": _company(company)} if company else {}
    return web.json_response(answer, headers=RATES)


def _id(text: str) -> str:
    return blake2s(text.encode(), digest_size=12).hexdigest()


def _written(person: Person) -> dict[str, Any]:
    company = person.company
    return {
        "id": _id(person.email),
        "first_name": person.given,
        "last_name": person.family,
        "name": person.name,
        "linkedin_url": f"http://www.linkedin.com/in/{person.handle}",
        "title": person.title,
        "email_status": "verified",
        "photo_url": None,
        "twitter_url": None,
        "github_url": f"https://github.com/{person.handle}",
        "facebook_url": None,
        "extrapolated_email_confidence": None,
        "headline": person.bio or None,
        "email": person.email,
        "organization_id": _id(company.domain) if company else None,
        "employment_history": [],
        "state": person.place.state,
        "city": person.place.city,
        "country": person.place.country.name,
        "contact_id": None,
        "revealed_for_current_team": True,
        "organization": _company(company) if company else None,
        "is_likely_to_engage": False,
        "departments": [person.role],
        "subdepartments": [],
        "functions": [person.role],
        "seniority": person.seniority,
    }


def _company(company: Company) -> dict[str, Any]:
    return {
        "id": _id(company.domain),
        "name": company.name,
        "website_url": f"http://{company.domain}",
        "primary_domain": company.domain,
        "linkedin_url": f"http://www.linkedin.com/company/{company.handle}",
        "founded_year": company.founded,
        "industry": company.industry.lower(),
        "keywords": [tag.lower() for tag in company.tags],
        "estimated_num_employees": company.employees,
        "raw_address": company.address.lower(),
        "city": company.place.city,
        "state": company.place.state,
        "country": company.place.country.name,
        "phone": company.phone,
        "annual_revenue": 1_000_000,
        "technology_names": list(company.technologies),
        "short_description": company.description,
    }


VENDOR = Vendor(
    name="Apollo",
    origins=("https://api.apollo.io",),
    routes=(
        web.post("/api/v1/people/match", _match),
        web.get("/api/v1/organizations/enrich", _organization),
    ),
    key=_key,
    problem=_problem,
)
