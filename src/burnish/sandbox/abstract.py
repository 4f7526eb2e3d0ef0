"""Stands in for Abstract: where an IP address is, what an e-mail address and a number are.

Each product has a host of its own, and any API key is accepted except `invalid`. Addresses in
192.0.2.0/24 are not known. See https://docs.abstractapi.com.
"""

import ipaddress
from collections.abc import Callable
from typing import Any

import phonenumbers
from aiohttp import web
from aiohttp.typedefs import Handler

from burnish.sandbox.people import FREE_MAIL, person_of
from burnish.sandbox.places import ABSENT, PLACES, place_of
from burnish.sandbox.vendor import Vendor

ERRORS = {
    400: ("A required parameter is missing or not valid.", "validation_error"),
    401: ("Invalid API key provided.", "unauthorized"),
    422: ("You have reached the quota of your plan.", "quota_reached"),
    429: ("You have sent too many requests in a second.", "too_many_requests"),
}
COUNTRIES = {place.country.code2: place for place in PLACES}


def _key(request: web.Request) -> str:
    return request.query.get("api_key", "")


def _problem(request: web.Request, status: int) -> web.Response:
    message, code = ERRORS.get(status, ("Something went wrong.", "internal_server_error"))
    return web.json_response({"error": {"message": message, "code": code}}, status=status)


def _answering(parameter: str, answer: Callable[[str], dict[str, Any]]) -> Handler:
    """Make the handler of a product that is asked with one parameter."""

    async def handler(request: web.Request) -> web.Response:
        if not _key(request):
            return _problem(request, 401)
        try:
            return web.json_response(answer(request.query[parameter]))
        except (KeyError, ValueError):
            return _problem(request, 400)

    return handler


def _ip(text: str) -> dict[str, Any]:
    address = ipaddress.ip_address(text)
    if address in ABSENT:
        nothing = ("city", "region", "postal_code", "country", "country_code", "latitude")
        return {"ip_address": text, **dict.fromkeys(nothing), "security": {"is_vpn": False}}
    place = place_of(address)
    country = place.country
    return {
        "ip_address": text,
        "city": place.city,
        "city_geoname_id": int(place.geoname_id),
        "region": place.state,
        "region_iso_code": place.region_code,
        "postal_code": place.zipcode,
        "country": country.name,
        "country_code": country.code2,
        "country_is_eu": country.is_eu,
        "continent": country.continent,
        "continent_code": country.continent_code,
        "longitude": float(place.longitude),
        "latitude": float(place.latitude),
        "security": {"is_vpn": False},
        "timezone": {"name": place.zone.name, "abbreviation": place.zone.standard[0]},
        "flag": {"emoji": country.emoji},
        "currency": {
            "currency_name": country.currency.name,
            "currency_code": country.currency.code,
        },
        "connection": {
            "autonomous_system_number": place.asn,
            "isp_name": place.operator,
        },
    }


def _email(email: str) -> dict[str, Any]:
    local, at, domain = email.strip().lower().rpartition("@")
    if not local or not at:
        raise ValueError(email)
    person = person_of(email)
    return {
        "email_address": email,
        "email_deliverability": {
            "status": "deliverable" if person else "unknown",
            "status_detail": "valid_email" if person else None,
            "is_format_valid": True,
            "is_smtp_valid": bool(person),
            "is_mx_valid": True,
            "mx_records": [f"mx.{domain}"],
        },
        "email_quality": {
            "score": 0.95 if person else None,
            "is_free_email": domain in FREE_MAIL,
            "is_username_suspicious": False,
            "is_disposable": False,
            "is_catchall": False,
            "is_subaddress": "+" in local,
            "is_role": local in ("info", "sales", "support"),
        },
        "email_sender": {
            "first_name": person.given if person else None,
            "last_name": person.family if person else None,
            "organization_name": person.company.name if person and person.company else None,
        },
        "email_domain": {"domain": domain, "is_live_site": True},
        "email_risk": {"address_risk_status": "low", "domain_risk_status": "low"},
        "email_breaches": {"total_breaches": 0, "breached_domains": []},
    }


def _number(text: str) -> tuple[bool, str, str]:
    """Return whether a number can exist, its country, and whether it is mobile."""
    try:
        number = phonenumbers.parse(f"+{text.lstrip('+ ')}")
    except phonenumbers.NumberParseException:
        raise ValueError(text) from None
    valid = phonenumbers.is_valid_number(number) and not text.endswith("9999")
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    region = phonenumbers.region_code_for_number(number) if valid else None
    return valid, region or "", "mobile" if is_mobile else "landline"


def _phone(text: str) -> dict[str, Any]:
    valid, code, line = _number(text)
    place = COUNTRIES.get(code)
    kinds = {"mobile": "Wireless", "landline": "Landline"}
    return {
        "phone_number": text.lstrip("+ "),
        "phone_carrier": {
            "name": "Example Telecom" if valid else None,
            "line_type": kinds[line] if valid else "Unknown",
        },
        "phone_location": {
            "country_name": place.country.name if place else None,
            "country_code": code or None,
            "country_prefix": place.country.calling_code if place else None,
            "region": None,
            "city": None,
            "timezone": place.zone.name if place else None,
        },
        "phone_validation": {"is_valid": valid, "line_status": "active", "is_voip": False},
        "phone_risk": {"risk_level": "low", "is_disposable": False, "is_abuse_detected": False},
    }


def _phone_before(text: str) -> dict[str, Any]:
    valid, code, line = _number(text)
    place = COUNTRIES.get(code)
    return {
        "phone": text.lstrip("+ "),
        "valid": valid,
        "country": {"code": code, "name": place.country.name if place else ""},
        "location": place.country.name if place else "",
        "type": line if valid else "unknown",
        "carrier": "Example Telecom" if valid else "",
    }


def _product(name: str, parameter: str, answer: Callable[[str], dict[str, Any]]) -> Vendor:
    return Vendor(
        name=f"Abstract {name}",
        origins=(f"https://{name}.abstractapi.com",),
        routes=(web.get("/v1/", _answering(parameter, answer)),),
        key=_key,
        problem=_problem,
        credits=422,
    )


VENDORS = (
    _product("ipgeolocation", "ip_address", _ip),
    _product("emailreputation", "email", _email),
    _product("phoneintelligence", "phone", _phone),
    _product("phonevalidation", "phone", _phone_before),
)
