"""Abstract: where an IP address is, how good an e-mail address is, what a phone number is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

TERMS = Terms(
    "Proprietary; the vendor's terms say nothing public about keeping.",
    note="The price is a rough one, by request, of the smaller plans.",
)
STATUSES: Mapping[int, Meaning] = {404: "rejected", 422: "out_of_credits"}
"""A used-up quota is 422; too many requests a second are 429; a wrong path is 404."""

_LINES = {
    "wireless": "mobile",
    "mobile": "mobile",
    "landline": "fixed_line",
    "fixed line": "fixed_line",
    "voip": "voip",
    "toll_free": "toll_free",
    "toll free": "toll_free",
}


def _line(text: str) -> str | None:
    text = text.lower()
    return _LINES.get(text) or (None if text == "unknown" else text)


def _known(text: str) -> str | None:
    text = text.lower()
    return None if text == "unknown" else text


_IP: Mapping[str, Field] = {
    "city": reading.text("city"),
    "region": reading.text("region"),
    "region_code": reading.text("region_iso_code"),
    "postal_code": reading.text("postal_code"),
    "country": reading.text("country"),
    "country_code": reading.country_code("country_code"),
    "continent": reading.text("continent"),
    "continent_code": reading.text("continent_code"),
    "latitude": reading.number("latitude"),
    "longitude": reading.number("longitude"),
    "timezone": reading.text("timezone.name"),
    "currency": reading.text("currency.currency_code"),
    "asn": Field(
        ("connection.autonomous_system_number",),
        lambda value: f"AS{reading.integer().kind(value)}",
    ),
    "network_name": reading.text("connection.isp_name", "connection.organization_name"),
    "is_vpn": reading.boolean("security.is_vpn"),
}

_EMAIL: Mapping[str, Field] = {
    "email_deliverability": reading.kinded(_known, "email_deliverability.status"),
    "email_score": reading.number("email_quality.score"),
    "email_is_free": reading.boolean("email_quality.is_free_email"),
    "email_is_disposable": reading.boolean("email_quality.is_disposable"),
    "email_is_role": reading.boolean("email_quality.is_role"),
    "email_domain": reading.text("email_domain.domain"),
    "given_name": reading.text("email_sender.first_name"),
    "family_name": reading.text("email_sender.last_name"),
    "company_name": reading.text("email_sender.organization_name"),
}

_PHONE: Mapping[str, Field] = {
    "phone_is_valid": reading.boolean("phone_validation.is_valid", "valid"),
    "phone_country_code": reading.country_code("phone_location.country_code", "country.code"),
    "phone_country": reading.text("phone_location.country_name", "country.name"),
    "phone_region": reading.text("phone_location.region", "location"),
    "phone_timezones": reading.kinded(lambda zone: [zone], "phone_location.timezone"),
    "phone_carrier": reading.text("phone_carrier.name", "carrier"),
    "phone_type": reading.kinded(_line, "phone_carrier.line_type", "type"),
}


class AbstractSettings(Settings):
    """What a product of Abstract needs."""

    api_key: SecretStr
    """The key; each of the vendor's products has its own."""


class AbstractPhoneSettings(AbstractSettings):
    """What Abstract needs to tell what a phone number is."""

    product: Literal["phoneintelligence", "phonevalidation"] = "phoneintelligence"
    """The product the key is for: the current one, or the one before."""


class _Abstract(Provider):
    terms = TERMS
    statuses: ClassVar[Mapping[int, Meaning]] = STATUSES
    price = Decimal("0.001")
    Settings = AbstractSettings
    product: str
    parameter: ClassVar[str]

    def ask(self, known: Known) -> Request:
        (asked,) = (known[name] for name in self.needs)
        query = {"api_key": self.settings.api_key.get_secret_value(), self.parameter: asked}
        return Request("GET", f"https://{self.product}.abstractapi.com/v1/", params=query)


class AbstractIp(_Abstract):
    """City, region, country, time zone, currency and network of an address."""

    key = "abstract_ip"
    title = "Abstract IP Geolocation"
    page = "https://docs.abstractapi.com/api/ip-geolocation"
    needs = frozenset({"ip"})
    gives = frozenset(_IP)
    product = "ipgeolocation"
    parameter = "ip_address"

    def read(self, reply: Response) -> Found | Miss:
        found = reading.found(_IP, reading.body(reply.content), confidence=0.8)
        # Of an address it does not know, all it says is that nobody calls it a VPN.
        return found if isinstance(found, Found) and found.values.keys() - {"is_vpn"} else Miss()


class AbstractEmail(_Abstract):
    """Whether mail arrives at an address, what kind of address it is, and whose."""

    key = "abstract_email"
    title = "Abstract Email Reputation"
    page = "https://docs.abstractapi.com/api/email-reputation"
    needs = frozenset({"email"})
    gives = frozenset(_EMAIL)
    price = Decimal("0.003")
    product = "emailreputation"
    parameter = "email"

    def read(self, reply: Response) -> Found | Miss:
        found = reading.found(_EMAIL, reading.body(reply.content), confidence=0.9)
        # Without a verdict and without a score, it has not reached whoever knows.
        verdicts = {"email_deliverability", "email_score"}
        return found if isinstance(found, Found) and found.values.keys() & verdicts else Miss()


class AbstractPhone(_Abstract):
    """Whether a phone number is valid, its country, carrier and kind of line."""

    key = "abstract_phone"
    title = "Abstract Phone Intelligence"
    page = "https://docs.abstractapi.com/api/phone-intelligence"
    needs = frozenset({"phone_number"})
    gives = frozenset(_PHONE)
    price = Decimal("0.003")
    parameter = "phone"
    Settings = AbstractPhoneSettings

    def __init__(self, settings: object = None, name: str = "") -> None:
        super().__init__(settings, name)
        self.product = self.settings.product

    def read(self, reply: Response) -> Found | Miss:
        return reading.found(_PHONE, reading.body(reply.content), confidence=0.9)

    @property
    def variant(self) -> str:
        return str(self.settings.product)
