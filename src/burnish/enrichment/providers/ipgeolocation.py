"""ipgeolocation.io: where an address is, and whose network it belongs to; v1, v2 and v3."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

ORIGIN = "https://api.ipgeolocation.io"

_NESTED: Mapping[str, Field] = {
    "city": reading.text("location.city"),
    "district": reading.text("location.district"),
    "region": reading.text("location.state_prov"),
    "region_code": reading.text("location.state_code"),
    "postal_code": reading.text("location.zipcode"),
    "country": reading.text("location.country_name"),
    "country_code": reading.country_code("location.country_code2"),
    "continent": reading.text("location.continent_name"),
    "continent_code": reading.text("location.continent_code"),
    "latitude": reading.number("location.latitude"),
    "longitude": reading.number("location.longitude"),
    "languages": reading.texts("country_metadata.languages"),
    "calling_code": reading.text("country_metadata.calling_code"),
    "currency": reading.text("currency.code"),
    "timezone": reading.text("time_zone.name"),
    "asn": reading.text("asn.as_number", "network.asn.as_number"),
    "network_name": reading.text("asn.organization", "network.asn.organization"),
    "company_name": reading.text("company.name"),
}

_FLAT: Mapping[str, Field] = {
    "city": reading.text("city"),
    "district": reading.text("district"),
    "region": reading.text("state_prov"),
    "region_code": reading.text("state_code"),
    "postal_code": reading.text("zipcode"),
    "country": reading.text("country_name"),
    "country_code": reading.country_code("country_code2"),
    "continent": reading.text("continent_name"),
    "continent_code": reading.text("continent_code"),
    "latitude": reading.number("latitude"),
    "longitude": reading.number("longitude"),
    "languages": reading.kinded(lambda text: text.split(","), "languages"),
    "calling_code": reading.text("calling_code"),
    "currency": reading.text("currency.code"),
    "timezone": reading.text("time_zone.name"),
    "asn": reading.text("asn"),
    "network_name": reading.text("organization"),
}

_PATHS = {"v1": "/ipgeo", "v2": "/v2/ipgeo", "v3": "/v3/ipgeo"}


class IpGeolocationSettings(Settings):
    """What ipgeolocation.io needs."""

    api_key: SecretStr
    """The key, from the vendor's dashboard."""
    generation: Literal["v1", "v2", "v3"] = "v3"
    """The generation of the API the key is for."""
    language: Literal["en", "de", "ru", "ja", "fr", "cn", "es", "cs", "it", "ko", "fa", "pt"] = "en"
    """The language of names; others than English need a paid plan."""


class IpGeolocation(Provider):
    """City, region, country, time zone, currency and network of an address."""

    key = "ipgeolocation"
    title = "ipgeolocation.io"
    page = "https://ipgeolocation.io/documentation/ip-geolocation-api.html"
    needs = frozenset({"ip"})
    gives = frozenset(_NESTED)
    # A bogon address is nowhere; the daily quota of a free key ends at 429, without Retry-After.
    statuses: ClassVar[Mapping[int, Meaning]] = {423: "miss", 429: "out_of_credits"}
    terms = Terms("Proprietary; the vendor's terms say nothing public about keeping.")
    Settings = IpGeolocationSettings

    def ask(self, known: Known) -> Request:
        query = {"apiKey": self.settings.api_key.get_secret_value(), "ip": known["ip"]}
        if self.settings.language != "en":
            query["lang"] = self.settings.language
        if self.settings.generation == "v2":
            query["include"] = "time_zone"
        return Request("GET", ORIGIN + _PATHS[self.settings.generation], params=query)

    def read(self, reply: Response) -> Found | Miss:
        fields = _FLAT if self.settings.generation == "v1" else _NESTED
        return reading.found(fields, reading.body(reply.content), confidence=0.8)

    @property
    def variant(self) -> str:
        return f"{self.settings.generation}/{self.settings.language}"
