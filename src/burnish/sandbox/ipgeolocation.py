"""Stands in for ipgeolocation.io: one address at a time, in the v1, v2 and v3 shapes, free plan.

Any API key is accepted. Addresses in 192.0.2.0/24 are not in the database.
See https://ipgeolocation.io/documentation/ip-geolocation-api.html.
"""

import ipaddress
import re
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from burnish.sandbox.ipgeolocation_shape import Generation, whole
from burnish.sandbox.places import ABSENT, CALLER, Address, is_bogon, place_of
from burnish.sandbox.selection import drop, keep
from burnish.sandbox.vendor import Vendor

LANGUAGES = frozenset({"en", "de", "ru", "ja", "fr", "cn", "es", "cs", "it", "ko", "fa", "pt"})
PAID_MODULES = frozenset(
    {"geo_accuracy", "dma", "dma_code", "user_agent", "security", "abuse", "hostname"}
    | {"liveHostname", "hostnameFallbackLive"}
)
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)

# The group that v1 calls `geo`.
GEO = (
    *("continent_code", "continent_name", "country_code2", "country_code3", "country_name"),
    *("country_name_official", "country_capital", "state_prov", "state_code", "district"),
    *("city", "zipcode", "latitude", "longitude", "is_eu"),
)

MESSAGES = {
    401: "Provided API key is not valid. Contact technical support for assistance.",
    404: "The requested endpoint does not exist.",
    405: "The request method is not supported by this endpoint.",
    429: "You have exceeded the limit of 1000 requests per DAY on your current plan.",
}


class Refused(Exception):
    """A request that the vendor answers with an error status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def _key(request: web.Request) -> str:
    return request.query.get("apiKey", "")


def _problem(request: web.Request, status: int) -> web.Response:
    message = MESSAGES.get(status, "Something went wrong on our side. Please try again later.")
    return web.json_response({"message": message}, status=status)


def _answering(generation: Generation) -> Handler:
    """Answer look-ups in one generation's shape; only a success is charged, one credit."""

    async def answer(request: web.Request) -> web.Response:
        try:
            _check_plan(request)
            address = _address(request, generation)
        except Refused as fault:
            return web.json_response({"message": fault.message}, status=fault.status)
        everything = whole(address, place_of(address), generation)
        if generation == "v2" and "time_zone" not in _names(request, "include"):
            del everything["time_zone"]
        return web.json_response(_chosen(request, everything), headers={"X-Credits-Charged": "1"})

    return answer


def _check_plan(request: web.Request) -> None:
    """Refuse what a missing key, or one of the free plan, may not ask."""
    if not _key(request):
        raise Refused(401, MESSAGES[401])
    language = request.query.get("lang", "en")
    if language not in LANGUAGES:
        raise Refused(400, f"Provided language '{language}' is not supported.")
    if language != "en":
        raise Refused(401, "Languages other than English are not available on the free plan.")
    for module in _names(request, "include"):
        if module in PAID_MODULES:
            raise Refused(401, f"The module '{module}' is not available on the free plan.")


def _address(request: web.Request, generation: Generation) -> Address:
    """Return the address asked about, or refuse it the way the vendor does."""
    text = ",".join(request.query.getall("ip", [])).strip()
    if not text:
        return _caller(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        if DOMAIN.fullmatch(text):
            status = 403 if generation == "v2" else 401
            message = "Domain names are not available on the free plan."
            raise Refused(status, message) from None
        message = f"Provided name, service or IP address '{text}' is not valid."
        raise Refused(400, message) from None
    if is_bogon(address):
        raise Refused(423, f"'{text}' is a bogon IP address.")
    if address in ABSENT:
        raise Refused(404, "Provided IPv4 or IPv6 address does not exist in our database.")
    return address


def _caller(request: web.Request) -> Address:
    caller = ipaddress.ip_address(request.remote or str(CALLER))
    return CALLER if is_bogon(caller) else caller


def _names(request: web.Request, parameter: str) -> list[str]:
    return [name.strip() for name in request.query.get(parameter, "").split(",") if name.strip()]


def _chosen(request: web.Request, whole: dict[str, Any]) -> dict[str, Any]:
    """Keep what `fields` names, drop what `excludes` names; `ip` always stays."""
    answer = whole
    if fields := _names(request, "fields"):
        group = GEO if "geo" in fields and "location" not in whole else ()
        answer = keep(whole, ["ip", *fields, *group])
    return drop(answer, [name for name in _names(request, "excludes") if name != "ip"])


VENDOR = Vendor(
    name="ipgeolocation.io",
    origins=("https://api.ipgeolocation.io",),
    routes=(
        web.get("/ipgeo", _answering("v1"), allow_head=False),
        web.get("/v2/ipgeo", _answering("v2"), allow_head=False),
        web.get("/v3/ipgeo", _answering("v3"), allow_head=False),
    ),
    key=_key,
    problem=_problem,
    credits=429,
)
