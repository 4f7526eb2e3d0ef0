"""Stands in for MaxMind's web services: GeoIP2 Country, City and Insights, and GeoLite.

Any account number and licence key are accepted. Addresses in 192.0.2.0/24 are not in the database.
See https://dev.maxmind.com/geoip/docs/web-services/.
"""

import ipaddress
import json
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from burnish.sandbox.authorization import basic
from burnish.sandbox.maxmind_shape import SHAPES, free_of
from burnish.sandbox.places import ABSENT, CALLER, Address, is_bogon, place_of
from burnish.sandbox.vendor import Vendor

CODES = {
    401: ("AUTHORIZATION_INVALID", "Your account ID or license key could not be authenticated."),
    402: ("INSUFFICIENT_FUNDS", "Your account has no funds for this service."),
}


class Refused(Exception):
    """A request that the vendor answers with an error; without a code it has no body."""

    def __init__(self, status: int, code: str = "", error: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.error = status, code, error


def _answering(service: str, *, free: bool) -> Handler:
    """Answer one service, on the paid or on the free host."""

    async def answer(request: web.Request) -> web.Response:
        try:
            _check(request)
            address = _address(request.match_info["ip"])
        except Refused as refused:
            return _error(refused.status, refused.code, refused.error)
        shape = SHAPES[service](address, place_of(address))
        return _json(200, f"{service}+json", "2.1", free_of(shape) if free else shape)

    return answer


def _check(request: web.Request) -> None:
    account, license_key = basic(request)
    if not account.isdigit():
        raise Refused(401, "ACCOUNT_ID_REQUIRED", "An account ID is required.")
    if not license_key:
        raise Refused(401, "LICENSE_KEY_REQUIRED", "A license key is required.")
    accepted = [kind.partition(";")[0].strip() for kind in request.headers.getall("Accept", [])]
    if not all(_is_offered(kind) for kinds in accepted for kind in kinds.split(",")):
        raise Refused(415)


def _is_offered(kind: str) -> bool:
    kind = kind.strip()
    return kind in ("*/*", "application/json") or (
        kind.startswith("application/vnd.maxmind.com-") and kind.endswith("+json")
    )


def _address(text: str) -> Address:
    try:
        address = CALLER if text == "me" else ipaddress.ip_address(text)
    except ValueError:
        raise Refused(400, "IP_ADDRESS_INVALID", "The value is not a valid IP address.") from None
    if is_bogon(address):
        raise Refused(400, "IP_ADDRESS_RESERVED", "The IP address is in a reserved range.")
    if address in ABSENT:
        message = "The supplied IP address is not in the database."
        raise Refused(404, "IP_ADDRESS_NOT_FOUND", message)
    return address


def _error(status: int, code: str, error: str) -> web.Response:
    if not code:
        return web.Response(status=status)
    return _json(status, "error+json", "2.0", {"code": code, "error": error})


def _json(status: int, kind: str, version: str, body: dict[str, Any]) -> web.Response:
    kind = f"application/vnd.maxmind.com-{kind}; charset=UTF-8; version={version}"
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={"Content-Type": kind}
    )


def _problem(request: web.Request, status: int) -> web.Response:
    return _error(status, *CODES.get(status, ("", "")))


def _key(request: web.Request) -> str:
    return basic(request)[1]


def _routes(*services: str, free: bool) -> tuple[web.RouteDef, ...]:
    return tuple(
        web.get(f"/geoip/v2.1/{service}/{{ip}}", _answering(service, free=free), allow_head=False)
        for service in services
    )


VENDOR = Vendor(
    name="MaxMind",
    origins=("https://geoip.maxmind.com",),
    routes=_routes("country", "city", "insights", free=False),
    key=_key,
    problem=_problem,
)

GEOLITE = Vendor(
    name="MaxMind GeoLite",
    origins=("https://geolite.info",),
    routes=_routes("country", "city", free=True),
    key=_key,
    problem=_problem,
)
