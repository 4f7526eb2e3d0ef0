"""Stands in for ipgeolocation.io: one address at a time, in the v1 and v3 shapes, free plan.

Any API key is accepted except `invalid`. Addresses in 192.0.2.0/24 are not in the database.
See https://ipgeolocation.io/documentation/ip-geolocation-api.html.
"""

import ipaddress
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from burnish.sandbox.clock import Change, into_summer, out_of_summer
from burnish.sandbox.places import Address, Country, Place, Zone, is_bogon, place_of
from burnish.sandbox.selection import drop, keep
from burnish.sandbox.vendor import Vendor

# A real caller has a public address; a caller on this machine is taken to have this one.
CALLER = ipaddress.ip_address("203.0.113.1")
ABSENT = ipaddress.ip_network("192.0.2.0/24")
LANGUAGES = frozenset({"en", "de", "ru", "ja", "fr", "cn", "es", "cs", "it", "ko", "fa", "pt"})
PAID_MODULES = frozenset(
    {"geo_accuracy", "dma_code", "user_agent", "security", "abuse", "hostname"}
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


async def _v1(request: web.Request) -> web.Response:
    return _answer(request, flat=True)


async def _v3(request: web.Request) -> web.Response:
    return _answer(request, flat=False)


def _answer(request: web.Request, *, flat: bool) -> web.Response:
    """Answer one look-up; only a success is charged, one credit."""
    try:
        _check_plan(request)
        address = _address(request)
    except Refused as fault:
        return web.json_response({"message": fault.message}, status=fault.status)
    whole = _whole(address, place_of(address), flat=flat)
    return web.json_response(_chosen(request, whole), headers={"X-Credits-Charged": "1"})


def _check_plan(request: web.Request) -> None:
    """Refuse what a missing or invalid key, or one of the free plan, may not ask."""
    if _key(request) in ("", "invalid"):
        raise Refused(401, MESSAGES[401])
    language = request.query.get("lang", "en")
    if language not in LANGUAGES:
        raise Refused(400, f"Provided language '{language}' is not supported.")
    if language != "en":
        raise Refused(401, "Languages other than English are not available on the free plan.")
    for module in _names(request, "include"):
        if module in PAID_MODULES:
            raise Refused(401, f"The module '{module}' is not available on the free plan.")


def _address(request: web.Request) -> Address:
    """Return the address asked about, or refuse it the way the vendor does."""
    text = ",".join(request.query.getall("ip", [])).strip()
    if not text:
        return _caller(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        if DOMAIN.fullmatch(text):
            raise Refused(401, "Domain names are not available on the free plan.") from None
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


def _whole(address: Address, place: Place, *, flat: bool) -> dict[str, Any]:
    """Return everything the free plan says of `address`: flat as v1, nested as v3."""
    location, country = _location(place), place.country
    number, organization = f"AS{64496 + int(place.geoname_id) % 16}", f"Example Net {place.city}"
    currency = {
        "code": country.currency.code,
        "name": country.currency.name,
        "symbol": country.currency.symbol,
    }
    zone = time_zone(place.zone, datetime.now(UTC), flat=flat)
    if flat:
        emoji = location.pop("country_emoji")
        return {
            "ip": str(address),
            **location,
            **_country_flat(country),
            "isp": organization,
            "connection_type": "",
            "organization": organization,
            "country_emoji": emoji,
            "asn": number,
            "currency": currency,
            "time_zone": zone,
        }
    return {
        "ip": str(address),
        "location": location,
        "country_metadata": {
            "calling_code": country.calling_code,
            "tld": country.tld,
            "languages": list(country.languages),
        },
        "currency": currency,
        "asn": {"as_number": number, "organization": organization, "country": country.code2},
        "time_zone": zone,
    }


def _location(place: Place) -> dict[str, Any]:
    country = place.country
    return {
        "continent_code": country.continent_code,
        "continent_name": country.continent,
        "country_code2": country.code2,
        "country_code3": country.code3,
        "country_name": country.name,
        "country_name_official": country.official_name,
        "country_capital": country.capital,
        "state_prov": place.state,
        "state_code": place.state_code,
        "district": place.district,
        "city": place.city,
        "zipcode": place.zipcode,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "is_eu": country.is_eu,
        "country_flag": f"https://ipgeolocation.io/static/flags/{country.code2.lower()}_64.png",
        "geoname_id": place.geoname_id,
        "country_emoji": country.emoji,
    }


def _country_flat(country: Country) -> dict[str, str]:
    return {
        "calling_code": country.calling_code,
        "country_tld": country.tld,
        "languages": ",".join(country.languages),
    }


def time_zone(zone: Zone, now: datetime, *, flat: bool) -> dict[str, Any]:
    """Return the vendor's time zone object at `now`; only v3 names the zone in words."""
    local = now.astimezone(ZoneInfo(zone.name))
    savings = local.dst() or timedelta()
    offset = local.utcoffset() or timedelta()
    start, end = into_summer(zone.name, local.year), out_of_summer(zone.name, local.year)
    milliseconds = local.microsecond // 1000
    words = {} if flat else _zone_words(zone, is_summer=bool(savings))
    return {
        "name": zone.name,
        "offset": _hours(offset - savings),
        "offset_with_dst": _hours(offset),
        "current_time": f"{local:%Y-%m-%d %H:%M:%S}.{milliseconds:03d}{local:%z}",
        "current_time_unix": round(now.timestamp(), 3),
        **words,
        "is_dst": bool(savings),
        "dst_savings": _hours(savings),
        "dst_exists": start is not None,
        "dst_start": _change(start, flat=flat),
        "dst_end": _change(end, flat=flat),
    }


def _zone_words(zone: Zone, *, is_summer: bool) -> dict[str, str]:
    words = {}
    current = zone.summer if is_summer else zone.standard
    for kind, names in (("current", current), ("standard", zone.standard), ("dst", zone.summer)):
        words[f"{kind}_tz_abbreviation"], words[f"{kind}_tz_full_name"] = names
    return words


def _change(change: Change | None, *, flat: bool) -> dict[str, Any]:
    """Return one change of the clocks; v1 writes whole hours without minutes or decimals."""
    if change is None:
        return {}
    moment = "%Y-%m-%d TIME %H" if flat else "%Y-%m-%d TIME %H:%M"
    hours = change.shift / timedelta(hours=1)
    return {
        "utc_time": change.at.strftime(moment),
        "duration": f"{hours:+.0f}H" if flat else f"{hours:+.2f}H",
        "gap": hours > 0,
        "date_time_after": change.after.strftime(moment),
        "date_time_before": change.before.strftime(moment),
        "overlap": hours < 0,
    }


def _hours(span: timedelta) -> float:
    hours = span / timedelta(hours=1)
    return int(hours) if hours.is_integer() else hours


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
        web.get("/ipgeo", _v1, allow_head=False),
        web.get("/v3/ipgeo", _v3, allow_head=False),
    ),
    key=_key,
    problem=_problem,
    credits=429,
)
