"""IPinfo: whose network an address belongs to, and where it is; Lite, Core and the legacy API."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms, retry_after
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings


def _degrees(index: int) -> Field:
    """One half of `55.7047,13.1910`."""

    def read(text: str) -> Any:
        halves = text.split(",")
        if len(halves) != 2:
            raise ValueError("is not a pair of coordinates")
        return reading.number().kind(halves[index])

    return reading.kinded(read, "loc")


def _number(text: str) -> str | None:
    """Return `AS64500` of `AS64500 Example Net AB`."""
    return found[0] if (found := re.match(r"AS\d+", text)) else None


def _operator(text: str) -> str | None:
    """Return `Example Net AB` of `AS64500 Example Net AB`."""
    return re.sub(r"^AS\d+\s*", "", text) or None


_LITE: Mapping[str, Field] = {
    "country": reading.text("country"),
    "country_code": reading.country_code("country_code"),
    "continent": reading.text("continent"),
    "continent_code": reading.text("continent_code"),
    "asn": reading.text("asn"),
    "network_name": reading.text("as_name"),
    "network_domain": reading.text("as_domain"),
}

_CORE: Mapping[str, Field] = {
    "city": reading.text("geo.city"),
    "region": reading.text("geo.region"),
    "region_code": reading.text("geo.region_code"),
    "postal_code": reading.text("geo.postal_code"),
    "country": reading.text("geo.country"),
    "country_code": reading.country_code("geo.country_code"),
    "continent": reading.text("geo.continent"),
    "continent_code": reading.text("geo.continent_code"),
    "latitude": reading.number("geo.latitude"),
    "longitude": reading.number("geo.longitude"),
    "timezone": reading.text("geo.timezone"),
    "asn": reading.text("as.asn"),
    "network_name": reading.text("as.name"),
    "network_domain": reading.text("as.domain"),
    "network_type": reading.text("as.type"),
    "is_anonymous": reading.boolean("is_anonymous"),
    "is_hosting": reading.boolean("is_hosting"),
    "is_mobile": reading.boolean("is_mobile"),
    "is_proxy": reading.boolean("anonymous.is_proxy"),
    "is_vpn": reading.boolean("anonymous.is_vpn"),
    "is_tor": reading.boolean("anonymous.is_tor"),
}

_LEGACY: Mapping[str, Field] = {
    "city": reading.text("city"),
    "region": reading.text("region"),
    "postal_code": reading.text("postal"),
    "country_code": reading.country_code("country"),
    "latitude": _degrees(0),
    "longitude": _degrees(1),
    "timezone": reading.text("timezone"),
    "asn": reading.kinded(_number, "asn.asn", "org"),
    "network_name": reading.kinded(_operator, "asn.name", "org"),
    "network_domain": reading.text("asn.domain"),
    "network_type": reading.text("asn.type"),
    "company_name": reading.text("company.name"),
    "company_domain": reading.text("company.domain"),
    "is_proxy": reading.boolean("privacy.proxy"),
    "is_vpn": reading.boolean("privacy.vpn"),
    "is_tor": reading.boolean("privacy.tor"),
    "is_hosting": reading.boolean("privacy.hosting"),
}

_FIELDS = {"lite": _LITE, "core": _CORE, "legacy": _LEGACY}
_ADDRESSES = {
    "lite": "https://api.ipinfo.io/lite/{ip}",
    "core": "https://api.ipinfo.io/lookup/{ip}",
    "legacy": "https://ipinfo.io/{ip}/json",
}


class IpInfoSettings(Settings):
    """What IPinfo needs."""

    api_key: SecretStr
    """The token, from the vendor's dashboard."""
    product: Literal["lite", "core", "legacy"] = "lite"
    """The product the token is for: Lite is free, and has countries and networks only."""


class IpInfo(Provider):
    """Country and network of an address; city, region and time zone where the plan has them."""

    key = "ipinfo"
    title = "IPinfo"
    page = "https://ipinfo.io/developers"
    needs = frozenset({"ip"})
    gives = frozenset({*_LITE, *_CORE, *_LEGACY})
    # An address of which nothing is known has an answer all the same; 404 is a wrong address.
    statuses: ClassVar[Mapping[int, Meaning]] = {404: "rejected"}
    terms = Terms(
        "Lite: CC BY-SA 4.0. Core and legacy: by contract with IPinfo.",
        attribution="IP address data powered by IPinfo: https://ipinfo.io",
        note="Lite is free; the others are paid by the month: set your own price.",
    )
    Settings = IpInfoSettings

    def ask(self, known: Known) -> Request:
        address = _ADDRESSES[self.settings.product].format(ip=known["ip"])
        key = self.settings.api_key.get_secret_value()
        return Request("GET", address, headers={"Authorization": f"Bearer {key}"})

    def read(self, reply: Response) -> Found | Miss:
        body = reading.body(reply.content)
        answer = reading.found(_FIELDS[self.settings.product], body, confidence=0.8)
        if isinstance(answer, Miss) or reading.at(body, "bogon") is True:
            return Miss()
        values = dict(answer.values)
        if reading.at(body, "company.type") in ("isp", "hosting"):
            # Then it is who runs the network, not who somebody there works for.
            values = {name: value for name, value in values.items() if name[:8] != "company_"}
        says = any(value is not False for value in values.values())
        return Found(values, answer.confidence) if says else Miss()

    def meaning(self, reply: Response) -> Meaning:
        """Return what a reply's status says; quotas are by the month, Lite has none."""
        if reply.status_code == 429 and self.settings.product != "lite":
            return "out_of_credits" if retry_after(reply) is None else "throttled"
        return super().meaning(reply)

    @property
    def variant(self) -> str:
        return str(self.settings.product)
