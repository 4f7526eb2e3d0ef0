"""Stands in for Hunter: the verifier of e-mail addresses, people, companies and both, v2.

Any API key is accepted except `invalid`. Addresses that begin with `erased` belong to people who
asked not to be processed, and the mail server of those that begin with `smtp` misbehaves.
See https://hunter.io/api-documentation/v2.
"""

from typing import Any

from aiohttp import web

from burnish.sandbox import clearbit_shape
from burnish.sandbox.authorization import bearer
from burnish.sandbox.cast import PEOPLE
from burnish.sandbox.people import FREE_MAIL, Company, Person, company_of, person_of
from burnish.sandbox.vendor import Vendor

IDS = {
    222: ("smtp_failed", "The remote SMTP server responded unexpectedly."),
    400: ("wrong_params", "You are missing a parameter."),
    401: ("authentication_failed", "No user found for the API key supplied."),
    403: ("too_many_requests", "You have reached the rate limit."),
    404: ("not_found", "There is nothing at this address."),
    429: ("usage_exceeded", "You have used up the credits of your plan."),
    451: ("claimed_email", "This person asked us not to process their data."),
}


def _key(request: web.Request) -> str:
    return request.headers.get("X-API-KEY") or request.query.get("api_key") or bearer(request)


def _problem(request: web.Request, status: int) -> web.Response:
    name, details = IDS.get(status, ("internal_error", "Something went wrong."))
    error = {"id": name, "code": status, "details": details}
    return web.json_response({"errors": [error]}, status=status)


def _pending(request: web.Request) -> web.Response:
    return _reply(request, {"status": None}, 202)


def _reply(request: web.Request, data: dict[str, Any], status: int = 200) -> web.Response:
    asked = {name: value for name, value in request.query.items() if name != "api_key"}
    return web.json_response({"data": data, "meta": {"params": asked}}, status=status)


def _refused(request: web.Request, parameters: tuple[str, ...]) -> web.Response | None:
    """Return the refusal of a request without key or parameter, or about who does not want it."""
    if not _key(request):
        return _problem(request, 401)
    if not any(request.query.get(parameter) for parameter in parameters):
        return _problem(request, 400)
    erased = request.query.get("email", "").lower().startswith("erased")
    return _problem(request, 451) if erased else None


async def _verifier(request: web.Request) -> web.Response:
    if refused := _refused(request, ("email",)):
        return refused
    email = request.query["email"].lower()
    if email.startswith("smtp"):
        return _problem(request, 222)
    is_free, arrives = email.rpartition("@")[2] in FREE_MAIL, person_of(email) is not None
    status = "invalid" if not arrives else "webmail" if is_free else "valid"
    data: dict[str, Any] = {
        "status": status,
        "result": "deliverable" if arrives else "undeliverable",
        "_deprecation_notice": "Using result is deprecated, use status instead",
        "score": 96 if arrives else 0,
        "email": email,
        "regexp": True,
        "gibberish": False,
        "disposable": False,
        "webmail": is_free,
        "mx_records": True,
        "smtp_server": True,
        "smtp_check": arrives,
        "accept_all": False,
        "block": False,
        "sources": [],
    }
    return _reply(request, data)


async def _people(request: web.Request) -> web.Response:
    if refused := _refused(request, ("email", "linkedin_handle")):
        return refused
    person = _person(request)
    return _reply(request, _written(person)) if person else _problem(request, 404)


async def _companies(request: web.Request) -> web.Response:
    if refused := _refused(request, ("domain",)):
        return refused
    company = company_of(request.query["domain"])
    return _reply(request, _company(company)) if company else _problem(request, 404)


async def _combined(request: web.Request) -> web.Response:
    if refused := _refused(request, ("email",)):
        return refused
    person, company = _person(request), company_of(request.query["email"].rpartition("@")[2])
    if not person and not company:
        return _problem(request, 404)
    data: dict[str, Any] = {
        "person": _written(person) if person else None,
        "company": _company(company) if company else None,
    }
    return _reply(request, data)


def _person(request: web.Request) -> Person | None:
    if email := request.query.get("email"):
        return person_of(email)
    handle = request.query["linkedin_handle"]
    return next((one for one in PEOPLE if one.handle == handle), None)


def _written(person: Person) -> dict[str, Any]:
    """Return somebody as Hunter writes what Clearbit does: bare handles, plain dates."""
    domain = person.email.rpartition("@")[2]
    return {
        **clearbit_shape.person(person),
        "linkedin": {"handle": person.handle},
        "emailProvider": domain if domain in FREE_MAIL else None,
        "indexedAt": clearbit_shape.INDEXED_AT[:10],
        "phone": None,
        "activeAt": clearbit_shape.INDEXED_AT[:10],
        "inactiveAt": None,
    }


def _company(company: Company) -> dict[str, Any]:
    """Return a company as Hunter writes it: the number of employees is a range."""
    whole = clearbit_shape.company(company)
    metrics = {**whole["metrics"], "employees": company.size}
    del metrics["employeesRange"]
    return {
        **whole,
        "metrics": metrics,
        "company_type": company.kind,
        "emailProvider": None,
        "indexedAt": clearbit_shape.INDEXED_AT[:10],
    }


VENDOR = Vendor(
    name="Hunter",
    origins=("https://api.hunter.io",),
    routes=(
        web.get("/v2/email-verifier", _verifier),
        web.get("/v2/people/find", _people),
        web.get("/v2/companies/find", _companies),
        web.get("/v2/combined/find", _combined),
    ),
    key=_key,
    problem=_problem,
    credits=429,
    limit=403,
    pending=_pending,
)
