"""Stands in for People Data Labs: the enrichment of one person, v5, by GET and by POST.

Any API key is accepted except `invalid`. A hash finds the cast only, and so does a name, which
must come with a company. The type of an error stands in a list where it was asked by POST.
See https://docs.peopledatalabs.com/docs/reference-person-enrichment-api.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from burnish.sandbox.cast import PEOPLE
from burnish.sandbox.people import Person, person_of, person_of_hash, person_of_phone
from burnish.sandbox.vendor import Vendor

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "payment_required",
    404: "not_found",
    405: "invalid_request_error",
    429: "rate_limit_error",
}
MESSAGES = {
    400: "The request must hold an identifier, or a name together with a company.",
    401: "The API key is missing or wrong.",
    402: "Your account has no credits left.",
    404: "No records were found matching your request",
    429: "Your account has reached its limit of requests for this minute.",
}
LIKELIHOODS = {"email": 9, "phone": 8, "profile": 9, "email_hash": 8, "name": 5}


def _key(request: web.Request) -> str:
    return request.headers.get("X-Api-Key") or request.query.get("api_key", "")


def _problem(request: web.Request, status: int) -> web.Response:
    kind = TYPES.get(status, "api_error")
    error = {
        "type": [kind] if request.method == "POST" else kind,
        "message": MESSAGES.get(status, "Something went wrong."),
    }
    return _reply(request, {"status": status, "error": error}, status)


def _reply(request: web.Request, body: dict[str, Any], status: int = 200) -> web.Response:
    """Answer with the headers that tell about the limits; only who is found costs a credit."""
    reset = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    headers = {
        "x-call-credits-spent": "1" if status == 200 else "0",
        "x-call-credits-type": "enrich",
        "x-ratelimit-limit": "{'minute': 100}",
        "x-ratelimit-remaining": "{'minute': 99}",
        "x-ratelimit-reset": reset.isoformat(),
    }
    return web.json_response(body, status=status, headers=headers)


async def _enrich(request: web.Request) -> web.Response:
    if not _key(request):
        return _problem(request, 401)
    try:
        asked = dict(request.query) if request.method == "GET" else await request.json()
        least = int(asked.get("min_likelihood", 2))
    except (ValueError, AttributeError, TypeError):
        return _problem(request, 400)
    by = next((name for name in LIKELIHOODS if asked.get(name)), None)
    if by is None or not 0 <= least <= 10 or (by == "name" and not asked.get("company")):
        return _problem(request, 400)
    person = _person(by, str(asked[by]), str(asked.get("company", "")).lower())
    if person is None or LIKELIHOODS[by] < least:
        return _problem(request, 404)
    data = json.loads(json.dumps(_record(person), ensure_ascii=False).lower())
    body = {"status": 200, "likelihood": LIKELIHOODS[by], "data": data | {"id": _id(person)}}
    return _reply(request, body)


def _person(by: str, value: str, company: str) -> Person | None:
    match by:
        case "email":
            return person_of(value)
        case "phone":
            return person_of_phone(value)
        case "email_hash":
            return person_of_hash(value)
        case "profile":
            handle = value.rstrip("/").rpartition("/")[2]
            return next((one for one in PEOPLE if one.handle == handle), None)
    for one in PEOPLE:
        works_there = one.company and company in (one.company.name.lower(), one.company.domain)
        if one.name.lower() == value.lower() and works_there:
            return one
    return None


def _id(person: Person) -> str:
    return f"{person.id.replace('-', '')[:22]}_0000"


def _record(person: Person) -> dict[str, Any]:
    """Return all there is; the vendor writes it in small letters."""
    place = person.place
    geo = f"{place.latitude},{place.longitude}"
    return {
        "full_name": person.name,
        "first_name": person.given,
        "middle_initial": None,
        "middle_name": None,
        "last_initial": person.family[:1],
        "last_name": person.family,
        "sex": person.gender or None,
        "birth_year": person.birth_year,
        "birth_date": None,
        "linkedin_url": f"linkedin.com/in/{person.handle}",
        "linkedin_username": person.handle,
        "headline": person.bio or None,
        "facebook_url": None,
        "twitter_url": None,
        "github_url": f"github.com/{person.handle}",
        "work_email": person.email if person.company else None,
        "personal_emails": [] if person.company else [person.email],
        "mobile_phone": person.phone,
        "job_title": person.title,
        "job_title_role": person.role,
        "job_title_sub_role": None,
        "job_title_levels": [person.seniority],
        **_job(person),
        "location_name": person.location,
        "location_locality": place.city,
        "location_region": place.state,
        "location_country": place.country.name,
        "location_continent": place.country.continent,
        "location_street_address": None,
        "location_postal_code": place.zipcode,
        "location_geo": geo,
        "interests": list(person.interests),
        "skills": list(person.skills),
        "emails": [{"address": person.email, "type": "current_professional"}],
        "dataset_version": "35.0",
    }


def _job(person: Person) -> dict[str, Any]:
    company = person.company
    if company is None:
        return {"job_company_name": None, "job_company_website": None, "job_company_size": None}
    return {
        "job_company_id": company.handle,
        "job_company_name": company.name,
        "job_company_website": company.domain,
        "job_company_size": company.size,
        "job_company_founded": company.founded,
        "job_company_industry": company.industry,
        "job_company_linkedin_url": f"linkedin.com/company/{company.handle}",
        "job_company_location_name": company.address,
        "job_company_location_locality": company.place.city,
        "job_company_location_region": company.place.state,
        "job_company_location_country": company.place.country.name,
    }


VENDOR = Vendor(
    name="People Data Labs",
    origins=("https://api.peopledatalabs.com",),
    routes=(web.get("/v5/person/enrich", _enrich), web.post("/v5/person/enrich", _enrich)),
    key=_key,
    problem=_problem,
)
