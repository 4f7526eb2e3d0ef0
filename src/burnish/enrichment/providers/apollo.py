"""Apollo: a person by address, LinkedIn page, or name and company; a company by domain."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from httpx import Request, Response
from pydantic import SecretStr

from burnish.attributes import formats
from burnish.enrichment import reading
from burnish.enrichment.inputs import CALLBACK, Known
from burnish.enrichment.outcome import Answer, Found, Miss
from burnish.enrichment.provider import Provider, Terms
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

ORIGIN = "https://api.apollo.io/api/v1"

TERMS = Terms(
    "Proprietary; the vendor's terms say nothing public about keeping.",
    note="The price is a rough one, by credits of the smaller plans; a mobile number costs eight "
    "times as much.",
)


def _first_texts(path: str) -> Field:
    """The first 100 texts of a list: some companies have more keywords."""
    some = reading.texts().kind
    most = reading.MOST_TEXTS
    return Field((path,), lambda value: some(value[:most] if isinstance(value, list) else value))


def _amount(value: Any) -> str:
    return f"{reading.number().kind(value):.0f}"


_COMPANY: Mapping[str, Field] = {
    "company_name": reading.text("name"),
    "company_domain": reading.text("primary_domain"),
    "company_website": reading.url("website_url"),
    "company_description": reading.text("short_description"),
    "company_industry": reading.text("industry"),
    "company_employees": reading.integer("estimated_num_employees"),
    "company_founded": reading.integer("founded_year"),
    "company_revenue": Field(("annual_revenue",), _amount),
    "company_logo": reading.url("logo_url"),
    "company_location": reading.text("raw_address"),
    "company_city": reading.text("city"),
    "company_region": reading.text("state"),
    "company_country": reading.text("country"),
    "company_phone": reading.text("phone"),
    "company_tags": _first_texts("keywords"),
    "company_technologies": _first_texts("technology_names"),
    "company_linkedin_url": reading.url("linkedin_url"),
    "company_twitter_url": reading.url("twitter_url"),
}

_PERSON: Mapping[str, Field] = {
    "name": reading.text("name"),
    "given_name": reading.text("first_name"),
    "family_name": reading.text("last_name"),
    "picture": reading.url("photo_url"),
    "bio": reading.text("headline"),
    "job_title": reading.text("title"),
    "job_role": reading.text("functions.0"),
    "seniority": reading.text("seniority"),
    "city": reading.text("city"),
    "region": reading.text("state"),
    "country": reading.text("country"),
    "linkedin_url": reading.url("linkedin_url"),
    "twitter_url": reading.url("twitter_url"),
    "github_url": reading.url("github_url"),
    "facebook_url": reading.url("facebook_url"),
}

_ID = reading.text("id")
_NUMBER = reading.text("sanitized_number")
_MOBILE, _GOOD = (None, "mobile"), (None, "valid_number")


class ApolloSettings(Settings):
    """What Apollo needs."""

    api_key: SecretStr
    """The key, from the vendor's settings; it must be allowed to ask this."""


class ApolloPersonSettings(ApolloSettings):
    """What Apollo needs to tell who somebody is."""

    hash_email: bool = False
    """Whether e-mail addresses are sent as SHA-256 only."""
    reveal_phone: bool = False
    """Whether a mobile number is looked for; it comes later, to an address of ours, and costs."""


class _Apollo(Provider):
    terms = TERMS
    price = Decimal("0.05")
    Settings = ApolloSettings

    def request(self, method: str, path: str, query: Mapping[str, Any]) -> Request:
        headers = {"x-api-key": self.settings.api_key.get_secret_value()}
        return Request(method, f"{ORIGIN}/{path}", params=query, headers=headers)


class ApolloPerson(_Apollo):
    """Name, whereabouts, work and social pages of a person, and their company."""

    key = "apollo_person"
    title = "Apollo People Enrichment"
    page = "https://docs.apollo.io/reference/people-enrichment"
    any_of = frozenset({"email", "linkedin_url", "name"})
    hints = frozenset({"company_domain"})
    gives = frozenset({*_PERSON, *_COMPANY, "mobile_phone"})
    Settings = ApolloPersonSettings

    def __init__(self, settings: Any = None, name: str = "") -> None:
        super().__init__(settings, name)
        self.hashed = frozenset({"email"} if self.settings.hash_email else ())
        self.calls_back = self.settings.reveal_phone

    def lacks(self, known: Known) -> list[str]:
        lacking = super().lacks(known)
        if not lacking and self.any_of & known.keys() == {"name"}:
            return sorted({"company_domain"} - known.keys())
        return lacking

    def ask(self, known: Known) -> Request:
        names = {"linkedin_url": "linkedin_url", "name": "name", "company_domain": "domain"}
        query = {names[name]: value for name, value in known.items() if name in names}
        if (address := known.get("email")) and self.settings.hash_email:
            query["hashed_email"] = sha256(address.encode()).hexdigest()
        elif address:
            query["email"] = address
        if self.settings.reveal_phone and (callback := known.get(CALLBACK)):
            query |= {"reveal_phone_number": "true", "webhook_url": callback}
        return self.request("POST", "people/match", query)

    def read(self, reply: Response) -> Found | Miss:
        person = reading.at(reading.body(reply.content), "person")
        if not person:
            return Miss()
        values = reading.outputs(_PERSON, person)
        values |= reading.outputs(_COMPANY, reading.at(person, "organization") or {})
        return Found(values, confidence=0.7, record=_ID.read(person)) if values else Miss()

    def called_back(self, body: bytes, headers: Mapping[str, str]) -> Answer | None:
        # Nothing is signed: what is genuine shows only by the address it was sent to.
        try:
            person = reading.at(reading.body(body), "people.0")
            return _mobile(person) if isinstance(person, Mapping) else None
        except reading.BadAnswer:
            return None

    @property
    def variant(self) -> str:
        switches = ("phone", self.settings.reveal_phone), ("hashed", self.settings.hash_email)
        return "/".join(name for name, is_on in switches if is_on)


class ApolloCompany(_Apollo):
    """Name, industry, size, seat and technologies of a company."""

    key = "apollo_company"
    title = "Apollo Organization Enrichment"
    page = "https://docs.apollo.io/reference/organization-enrichment"
    needs = frozenset({"company_domain"})
    gives = frozenset(_COMPANY)

    def ask(self, known: Known) -> Request:
        query = {"domain": known["company_domain"]}
        return self.request("GET", "organizations/enrich", query)

    def read(self, reply: Response) -> Found | Miss:
        company = reading.at(reading.body(reply.content), "organization")
        if not company:
            return Miss()
        return reading.found(_COMPANY, company, 0.8, _ID.read(company))


def _mobile(person: Mapping[str, Any]) -> Found | Miss:
    """Return the first mobile number, in international form, that is not known to be wrong."""
    numbers = reading.at(person, "phone_numbers") or []
    if not isinstance(numbers, list) or not all(isinstance(one, Mapping) for one in numbers):
        raise reading.BadAnswer("phone_numbers is not a list of objects")
    for one in numbers:
        number = _NUMBER.read(one)
        if number is None or formats.phone_number(number):
            continue
        if one.get("type_cd") in _MOBILE and one.get("status_cd") in _GOOD:
            return Found({"mobile_phone": number}, confidence=0.7, record=_ID.read(person))
    return Miss()
