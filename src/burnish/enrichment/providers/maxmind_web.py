"""MaxMind's web service: GeoIP2 Country, City and Insights, and the free GeoLite."""

from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from httpx import Request, Response
from pydantic import SecretStr, model_validator

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms
from burnish.enrichment.reading import BadAnswer, Field
from burnish.enrichment.settings import Settings

PAID, FREE = "https://geoip.maxmind.com", "https://geolite.info"

Language = Literal["en", "de", "es", "fr", "ja", "pt-BR", "ru", "zh-CN"]


def _named(path: str) -> tuple[str, str]:
    """A name in the language of the settings, or else in English."""
    return f"{path}.names.{{language}}", f"{path}.names.en"


def _autonomous(value: Any) -> str:
    return f"AS{reading.integer().kind(value)}"


def _flag(name: str) -> Field:
    return reading.boolean(f"anonymizer.{name}", f"traits.{name}")


_FIELDS: Mapping[str, Field] = {
    "city": reading.text(*_named("city")),
    "region": reading.text(*_named("subdivisions.0")),
    "region_code": reading.text("subdivisions.0.iso_code"),
    "postal_code": reading.text("postal.code"),
    "country": reading.text(*_named("country")),
    "country_code": reading.country_code("country.iso_code"),
    "continent": reading.text(*_named("continent")),
    "continent_code": reading.text("continent.code"),
    "latitude": reading.number("location.latitude"),
    "longitude": reading.number("location.longitude"),
    "timezone": reading.text("location.time_zone"),
    "asn": Field(("traits.autonomous_system_number",), _autonomous),
    "network_name": reading.text("traits.autonomous_system_organization", "traits.isp"),
    "network_domain": reading.text("traits.domain"),
    "network_type": reading.text("traits.user_type"),
    "connection_type": reading.text("traits.connection_type"),
    "is_anonymous": _flag("is_anonymous"),
    "is_proxy": _flag("is_public_proxy"),
    "is_vpn": _flag("is_anonymous_vpn"),
    "is_tor": _flag("is_tor_exit_node"),
    "is_hosting": _flag("is_hosting_provider"),
}

_CONFIDENCES = {
    "city": "city.confidence",
    "postal_code": "postal.confidence",
    "region": "subdivisions.0.confidence",
    "region_code": "subdivisions.0.confidence",
    "country": "country.confidence",
    "country_code": "country.confidence",
}

_PRICES = {"country": Decimal("0.0001"), "city": Decimal("0.0003"), "insights": Decimal("0.002")}

_CODES: Mapping[str, Meaning] = {
    "IP_ADDRESS_RESERVED": "miss",
    "IP_ADDRESS_NOT_FOUND": "miss",
    "PERMISSION_REQUIRED": "unauthorized",
}


class MaxMindWebSettings(Settings):
    """What MaxMind's web service needs."""

    account_id: int
    """The number of the account."""
    license_key: SecretStr
    """A licence key of the account."""
    service: Literal["country", "city", "insights"] = "city"
    """How much is asked: more costs more."""
    free: bool = False
    """Whether the free GeoLite is asked, 1,000 times a day, in place of GeoIP2."""
    language: Language = "en"
    """The language of names; what has none in it is named in English."""

    @model_validator(mode="after")
    def _offered(self) -> Self:
        if self.free and self.service == "insights":
            raise ValueError("GeoLite has no insights: ask it for city, or set free to false")
        return self


class MaxMindWeb(Provider):
    """City, region, country, time zone and network of an address, and how sure they are."""

    key = "maxmind_web"
    title = "MaxMind GeoIP web service"
    page = "https://dev.maxmind.com/geoip/docs/web-services/"
    needs = frozenset({"ip"})
    gives = frozenset(_FIELDS)
    # A 403 is about how it was asked; a 404 without a code is a path that does not exist.
    statuses: ClassVar[Mapping[int, Meaning]] = {403: "rejected", 404: "rejected"}
    terms = Terms(
        "GeoIP2: by contract with MaxMind. GeoLite: its EULA, with CC BY-SA 4.0.",
        attribution="This product includes GeoLite data created by MaxMind, available from "
        "https://www.maxmind.com.",
        note="Not to be used to find a person, a household or a street address. Prices are rough: "
        "set your own price.",
    )
    Settings = MaxMindWebSettings

    def __init__(self, settings: Any = None, name: str = "") -> None:
        super().__init__(settings, name)
        self.price = Decimal(0) if self.settings.free else _PRICES[self.settings.service]

    def ask(self, known: Known) -> Request:
        origin = FREE if self.settings.free else PAID
        login = f"{self.settings.account_id}:{self.settings.license_key.get_secret_value()}"
        headers = {
            "Authorization": f"Basic {b64encode(login.encode()).decode()}",
            "Accept": "application/json",
        }
        path = f"/geoip/v2.1/{self.settings.service}/{known['ip']}"
        return Request("GET", origin + path, headers=headers)

    def read(self, reply: Response) -> Found | Miss:
        kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not kind.endswith(("/json", "+json")):
            raise BadAnswer("the answer is not JSON")
        body = reading.body(reply.content)
        values = reading.outputs(self._fields(), body)
        sure = {
            name: sureness
            for name, path in _CONFIDENCES.items()
            if name in values and (sureness := _sureness(body, path)) is not None
        }
        return Found(values, confidence=0.8, sure=sure or None) if values else Miss()

    def _fields(self) -> dict[str, Field]:
        language = self.settings.language
        return {
            name: Field(tuple(path.format(language=language) for path in field.paths), field.kind)
            for name, field in _FIELDS.items()
        }

    def meaning(self, reply: Response) -> Meaning:
        """Return what a reply says by its error code, or else by its status."""
        return _CODES.get(_code(reply)) or super().meaning(reply)

    @property
    def variant(self) -> str:
        free = "free/" if self.settings.free else ""
        return f"{free}{self.settings.service}/{self.settings.language}"


def _sureness(body: Any, path: str) -> float | None:
    """Return a confidence from 0 to 100 as one from 0 to 1. Raises `BadAnswer`."""
    percent = reading.number(path).read(body)
    if percent is not None and not 0 <= percent <= 100:
        raise BadAnswer(f"{path} is not from 0 to 100")
    return None if percent is None else percent / 100


def _code(reply: Response) -> str:
    """Return the code of an error; some have no body."""
    if reply.is_success or not reply.content:
        return ""
    try:
        return str(reading.at(reading.body(reply.content), "code"))
    except BadAnswer:
        return ""
