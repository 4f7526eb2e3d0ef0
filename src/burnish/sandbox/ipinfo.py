"""Stands in for IPinfo: Lite, Core and the legacy API, one address at a time.

Any token is accepted. Addresses in 192.0.2.0/24 have a sparse answer, private ones are bogons.
See https://ipinfo.io/developers.
"""

import ipaddress
from typing import Any

from aiohttp import web

from burnish.sandbox.authorization import basic, bearer
from burnish.sandbox.places import ABSENT, CALLER, Address, Place, is_bogon, place_of
from burnish.sandbox.vendor import Vendor

TITLES = {
    403: ("Unknown token", "Provide a valid token."),
    404: ("Wrong ip", "Please provide a valid IP address"),
    429: ("Rate limit exceeded", "Upgrade to increase your usage limits."),
}


async def _lite(request: web.Request) -> web.Response:
    if not _key(request):
        return _nested(403)
    if (address := _address(request)) is None:
        return web.json_response({"error": TITLES[404][1]}, status=400)
    return _answer(address, _lite_shape)


async def _core(request: web.Request) -> web.Response:
    if not _key(request):
        return _plain(403)
    if (address := _address(request)) is None:
        return _plain(400, "Wrong module or field type", "The address is not valid.")
    return _answer(address, _core_shape)


async def _legacy(request: web.Request) -> web.Response:
    if (address := _address(request)) is None:
        return _nested(404)
    return _answer(address, _legacy_shape)


def _answer(address: Address, shape: Any) -> web.Response:
    if is_bogon(address):
        return web.json_response({"ip": str(address), "bogon": True})
    if address in ABSENT:
        return web.json_response({"ip": str(address)})
    return web.json_response({"ip": str(address), **shape(place_of(address))})


def _lite_shape(place: Place) -> dict[str, Any]:
    country = place.country
    return {
        "asn": f"AS{place.asn}",
        "as_name": place.operator,
        "as_domain": _domain(place),
        "country_code": country.code2,
        "country": country.name,
        "continent_code": country.continent_code,
        "continent": country.continent,
    }


def _core_shape(place: Place) -> dict[str, Any]:
    country = place.country
    return {
        "geo": {
            "city": place.city,
            "region": place.state,
            "region_code": place.region_code,
            "country": country.name,
            "country_code": country.code2,
            "continent": country.continent,
            "continent_code": country.continent_code,
            "latitude": float(place.latitude),
            "longitude": float(place.longitude),
            "timezone": place.zone.name,
            "postal_code": place.zipcode,
        },
        "as": _as(place),
        "is_anonymous": False,
        "is_anycast": False,
        "is_hosting": False,
        "is_mobile": False,
        "is_satellite": False,
    }


def _legacy_shape(place: Place) -> dict[str, Any]:
    return {
        "city": place.city,
        "region": place.state,
        "country": place.country.code2,
        "loc": f"{float(place.latitude):.4f},{float(place.longitude):.4f}",
        "org": f"AS{place.asn} {place.operator}",
        "postal": place.zipcode,
        "timezone": place.zone.name,
        "asn": _as(place),
        "company": {"name": place.operator, "domain": _domain(place), "type": "isp"},
    }


def _as(place: Place) -> dict[str, str]:
    name, domain = place.operator, _domain(place)
    return {"asn": f"AS{place.asn}", "name": name, "domain": domain, "type": "isp"}


def _domain(place: Place) -> str:
    return f"net{place.geoname_id}.example"


def _key(request: web.Request) -> str:
    return bearer(request) or basic(request)[0] or request.query.get("token", "")


def _address(request: web.Request) -> Address | None:
    text = request.match_info["ip"]
    try:
        return CALLER if text == "me" else ipaddress.ip_address(text)
    except ValueError:
        return None


def _plain(status: int, title: str = "", message: str = "") -> web.Response:
    """Write the first of the vendor's three kinds of errors."""
    usual = TITLES.get(status, ("Error", "Something is wrong."))
    body = {"title": title or usual[0], "message": message or usual[1]}
    return web.json_response(body, status=status)


def _nested(status: int) -> web.Response:
    """Write the second of them; the third is a mere text under `error`."""
    title, message = TITLES.get(status, ("Error", "Something is wrong."))
    body = {"status": status, "error": {"title": title, "message": message}}
    return web.json_response(body, status=status)


def _problem(request: web.Request, status: int) -> web.Response:
    if status >= 500:
        return web.Response(status=status, text="Internal Server Error")
    is_core = request.path.startswith("/lookup/") or status == 429
    response = _plain(status) if is_core else _nested(status)
    # A used-up month and too many requests differ in this only.
    if status == 429 and _key(request) != "credits":
        response.headers["Retry-After"] = "1"
    return response


VENDOR = Vendor(
    name="IPinfo",
    origins=("https://api.ipinfo.io", "https://ipinfo.io"),
    routes=(
        web.get("/lite/{ip}", _lite, allow_head=False),
        web.get("/lookup/{ip}", _core, allow_head=False),
        web.get("/{ip}", _legacy, allow_head=False),
        web.get("/{ip}/json", _legacy, allow_head=False),
    ),
    key=_key,
    problem=_problem,
    invalid=403,
    credits=429,
)
