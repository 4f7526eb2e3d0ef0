"""What MaxMind's services say of an address; what is not known, empty or false is left out."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from burnish.sandbox.places import Address, Place
from burnish.sandbox.selection import drop

PAID = ("traits.connection_type", "traits.domain", "traits.isp", "traits.organization", "maxmind")


def free_of(shape: dict[str, Any]) -> dict[str, Any]:
    """Return what GeoLite says of it."""
    return drop(shape, PAID)


def country(address: Address, place: Place) -> dict[str, Any]:
    """Return what Country says."""
    land = {
        "geoname_id": 2_000_000 + int.from_bytes(place.country.code2.encode()),
        **({"is_in_european_union": True} if place.country.is_eu else {}),
        "iso_code": place.country.code2,
        "names": {"en": place.country.name},
    }
    return {
        "continent": {
            "code": place.country.continent_code,
            "names": {"en": place.country.continent},
        },
        "country": land,
        "registered_country": land,
        "traits": {"ip_address": str(address)},
        "maxmind": {"queries_remaining": 54321},
    }


def city(address: Address, place: Place) -> dict[str, Any]:
    """Return what City says."""
    return {
        **country(address, place),
        "city": {"geoname_id": int(place.geoname_id), "names": {"en": place.city}},
        "location": {
            "accuracy_radius": 20,
            "latitude": float(place.latitude),
            "longitude": float(place.longitude),
            "time_zone": place.zone.name,
        },
        "postal": {"code": place.zipcode},
        "subdivisions": [{"iso_code": place.region_code, "names": {"en": place.state}}],
        "traits": {
            "ip_address": str(address),
            "autonomous_system_number": place.asn,
            "autonomous_system_organization": place.operator,
            "connection_type": "Cable/DSL",
            "domain": f"net{place.geoname_id}.example",
            "isp": place.operator,
            "organization": place.operator,
        },
    }


def insights(address: Address, place: Place) -> dict[str, Any]:
    """Return what Insights says: with how sure it is, and what some addresses hide behind."""
    shape = city(address, place)
    for part, confidence in (("city", 65), ("country", 99), ("postal", 20)):
        shape[part] = {"confidence": confidence, **shape[part]}
    shape["subdivisions"] = [{"confidence": 80, **shape["subdivisions"][0]}]
    shape["traits"]["user_type"] = "residential"
    if hashlib.blake2s(address.packed).digest()[1] % 8 == 0:
        hidden = {"confidence": 90, "is_anonymous": True, "is_anonymous_vpn": True}
        shape["anonymizer"] = {**hidden, "provider_name": "Example VPN"}
    return shape


SHAPES: Mapping[str, Callable[[Address, Place], dict[str, Any]]] = {
    "country": country,
    "city": city,
    "insights": insights,
}
