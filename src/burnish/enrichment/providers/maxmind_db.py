"""Databases in MaxMind's format: GeoLite2, GeoIP2, DB-IP, IPinfo, @ip-location-db.

MaxMind and DB-IP nest what they know of a place (`city.names.en`), the others are flat.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.mmdb import Get, database
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms
from burnish.enrichment.reading import BadAnswer, Field
from burnish.enrichment.settings import Settings


def _asn(value: Any) -> str:
    """Return `AS64500` from a number or from such a text."""
    if isinstance(value, int) and value > 0:
        return f"AS{value}"
    if isinstance(value, str) and re.fullmatch(r"(AS)?[0-9]{1,10}", value):
        return f"AS{value.removeprefix('AS')}"
    raise ValueError("is not the number of an autonomous system")


_NESTED: Mapping[str, Field] = {
    "city": reading.text("city.names.en"),
    "district": reading.text("subdivisions.1.names.en"),
    "region": reading.text("subdivisions.0.names.en"),
    "region_code": reading.text("subdivisions.0.iso_code"),
    "postal_code": reading.text("postal.code"),
    "country": reading.text("country.names.en", "registered_country.names.en"),
    "country_code": reading.country_code("country.iso_code", "registered_country.iso_code"),
    "continent": reading.text("continent.names.en"),
    "continent_code": reading.text("continent.code"),
    "latitude": reading.number("location.latitude"),
    "longitude": reading.number("location.longitude"),
    "timezone": reading.text("location.time_zone"),
}

_PLACE: Mapping[str, Field] = {
    "city": reading.text("city"),
    "district": reading.text("state2"),
    "region": reading.text("region", "state1"),
    "region_code": reading.text("region_code"),
    "postal_code": reading.text("postal_code", "postcode"),
    "country": reading.text("country_name", "country"),
    "country_code": reading.country_code("country_code"),
    "continent": reading.text("continent_name", "continent"),
    "continent_code": reading.text("continent_code"),
    "latitude": reading.number("latitude"),
    "longitude": reading.number("longitude"),
    "timezone": reading.text("timezone"),
}

_NETWORK: Mapping[str, Field] = {
    "asn": Field(("asn", "autonomous_system_number"), _asn),
    "network_name": reading.text("as_name", "isp", "autonomous_system_organization"),
    "network_domain": reading.text("as_domain"),
    "network_type": reading.text("as_type"),
}

_ANONYMOUS: Mapping[str, Field] = {
    "is_anonymous": reading.boolean("is_anonymous"),
    "is_proxy": reading.boolean("is_public_proxy", "is_residential_proxy", "is_proxy"),
    "is_vpn": reading.boolean("is_anonymous_vpn", "is_vpn"),
    "is_tor": reading.boolean("is_tor_exit_node", "is_tor"),
    "is_hosting": reading.boolean("is_hosting_provider", "is_hosting"),
    "is_mobile": reading.boolean("is_mobile"),
}

_FLAT = {**_PLACE, **_NETWORK, **_ANONYMOUS}

_CITY_DISTRICT = re.compile(r"(.+?) \(([^()]+)\)")

# What a database holds, by the first of these words in the name of its type.
_HOLDS: Mapping[str, Mapping[str, Field]] = {
    "enterprise": _PLACE,
    "city": _PLACE,
    "country": _PLACE,
    "anonymous": _ANONYMOUS,
    "asn": _NETWORK,
    "isp": _NETWORK,
}

_TERMS: Mapping[str, Terms] = {
    "geolite": Terms(
        "CC BY-SA 4.0 and the GeoLite end user licence.",
        attribution="Includes GeoLite data created by MaxMind, https://www.maxmind.com.",
        note="Delete a build within 30 days of a newer one; do not look for a household with it.",
    ),
    "dbip": Terms("CC BY 4.0 (Lite).", attribution="IP geolocation by DB-IP, https://db-ip.com."),
    "ipinfo": Terms("CC BY-SA 4.0 (Lite).", attribution="IP data by IPinfo, https://ipinfo.io."),
}


class MaxMindDbSettings(Settings):
    """Where the database is."""

    path: Path
    """The file, which ends in .mmdb; it is read anew when it changes."""


class MaxMindDb(LocalProvider):
    """Where an address is, or whose network it belongs to, from a database file."""

    key = "maxmind_db"
    title = "MaxMind database"
    page = "https://maxmind.github.io/MaxMind-DB/"
    needs = frozenset({"ip"})
    gives = frozenset(_FLAT)
    terms = Terms("The database's own; those of GeoLite2, DB-IP and IPinfo are known here.")
    Settings = MaxMindDbSettings

    def __init__(self, settings: MaxMindDbSettings, name: str = "") -> None:
        """Open the database. Raises `InvalidSettings`."""
        super().__init__(settings, name)
        self._database = database(settings.path)
        kind = self._database.type.lower().replace("db-ip", "dbip")
        holds = next((_HOLDS[word] for word in _HOLDS if word in kind), _FLAT)
        self.gives = frozenset(holds)
        self._flat_ways = _ways(holds)
        terms = next((_TERMS[word] for word in _TERMS if word in kind), self.terms)
        self.terms = terms
        self._names_districts = "dbip" in kind

    def look(self, known: Known) -> Found | Miss:
        get = self._database.record(known["ip"])
        ways = _NESTED_WAYS if self._database.is_nested else self._flat_ways
        read = {output: _read(get, kind, paths) for output, kind, paths in ways}
        values = {output: value for output, value in read.items() if value is not None}
        if self._names_districts and (parts := _CITY_DISTRICT.fullmatch(values.get("city", ""))):
            values["city"], values["district"] = parts.groups()
        return Found(values, confidence=0.8) if values else Miss()


Way: TypeAlias = tuple[str, Callable[[Any], Any], list[tuple[str | int, ...]]]


def _ways(fields: Mapping[str, Field]) -> list[Way]:
    """Return how to reach the fields, step by step: to decode single values is cheapest."""
    return [
        (output, field.kind, [_steps(path) for path in field.paths])
        for output, field in fields.items()
    ]


def _steps(path: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in path.split("."))


def _read(get: Get, kind: Callable[[Any], Any], paths: list[tuple[str | int, ...]]) -> Any:
    for path in paths:
        if (value := get(path)) not in (None, "", []):
            try:
                return kind(value)
            except ValueError as error:
                raise BadAnswer(f"{'.'.join(map(str, path))} {error}") from None
    return None


_NESTED_WAYS = _ways(_NESTED)
