"""What ipgeolocation.io says of an address on the free plan, in each generation's shape."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from burnish.sandbox.clock import Change, into_summer, out_of_summer
from burnish.sandbox.places import Address, Country, Place, Zone

Generation: TypeAlias = Literal["v1", "v2", "v3"]


def whole(address: Address, place: Place, generation: Generation) -> dict[str, Any]:
    """Return everything the free plan says of `address`: flat as v1, nested as v2 and v3."""
    location, country = _location(place), place.country
    number, organization = f"AS{place.asn}", place.operator
    currency = {
        "code": country.currency.code,
        "name": country.currency.name,
        "symbol": country.currency.symbol,
    }
    zone = time_zone(place.zone, datetime.now(UTC), flat=generation != "v3")
    if generation == "v1":
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
    asn = {"as_number": number, "organization": organization, "country": country.code2}
    network = {"network": {"asn": asn, "company": {"name": organization}}}
    return {
        "ip": str(address),
        "location": location,
        "country_metadata": {
            "calling_code": country.calling_code,
            "tld": country.tld,
            "languages": list(country.languages),
        },
        "currency": currency,
        **(network if generation == "v2" else {"asn": asn}),
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
