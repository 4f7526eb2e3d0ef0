"""FullContact v3: who has an e-mail address or a phone number, and which company has a domain."""

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import inputs, reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Failed, Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

ORIGIN = "https://api.fullcontact.com"

_PERSON: Mapping[str, Field] = {
    "name": reading.text("fullName", "details.name.full"),
    "given_name": reading.text("details.name.given"),
    "family_name": reading.text("details.name.family"),
    "gender": reading.text("gender", "details.gender"),
    "age_range": reading.text("ageRange", "details.age.range"),
    "bio": reading.text("bio"),
    "location": reading.text("location", "details.locations.0.formatted"),
    "city": reading.text("details.locations.0.city"),
    "region": reading.text("details.locations.0.region"),
    "region_code": reading.text("details.locations.0.regionCode"),
    "country": reading.text("details.locations.0.country"),
    "country_code": reading.country_code("details.locations.0.countryCode"),
    "job_title": reading.text("title", "details.employment.0.title"),
    "company_name": reading.text("organization", "details.employment.0.name"),
    "picture": reading.url("avatar"),
    "website": reading.url("website"),
    "linkedin_url": reading.url("linkedin", "details.profiles.linkedin.url"),
    "twitter_url": reading.url("twitter", "details.profiles.twitter.url"),
    "facebook_url": reading.url("facebook", "details.profiles.facebook.url"),
}

_COMPANY: Mapping[str, Field] = {
    "company_name": reading.text("name"),
    "company_description": reading.text("bio"),
    "company_website": reading.url("website"),
    "company_logo": reading.url("logo"),
    "company_founded": reading.integer("founded"),
    "company_employees": reading.integer("employees"),
    "company_industry": reading.text("details.industries.0.name"),
    "company_location": reading.text("location", "details.locations.0.formatted"),
    "company_city": reading.text("details.locations.0.city"),
    "company_region": reading.text("details.locations.0.region"),
    "company_country": reading.text("details.locations.0.country"),
    "company_phone": reading.text("details.phones.0.value"),
    "company_tags": reading.texts("details.keywords"),
    "company_linkedin_url": reading.url("linkedin"),
    "company_twitter_url": reading.url("twitter", "details.profiles.twitter.url"),
}

_SURE = {"LOW": 0.6, "MED": 0.8, "HIGH": 0.95, "MAX": 0.98}


class FullContactSettings(Settings):
    """What FullContact needs."""

    api_key: SecretStr
    """The key, from the vendor's dashboard."""


class FullContactPersonSettings(FullContactSettings):
    """What FullContact needs to look for people."""

    hash_email: bool = False
    """Whether e-mail addresses are sent as MD5 hashes only; names and pages are then withheld."""
    match: Literal["LOW", "MED", "HIGH", "MAX"] = "HIGH"
    """How sure a match must be at least: 60, 80, 95 or 98 in a hundred."""


class FullContact(Provider):
    """What both questions to FullContact have in common."""

    page = "https://docs.fullcontact.com/"
    calls_back = True
    pending_seconds = 120.0
    terms = Terms(
        "By contract with FullContact.",
        note="There is no public price list: set your own price. A question that is asked again "
        "may be charged again. Callbacks are not signed by the vendor.",
    )
    path: str
    fields: Mapping[str, Field]

    def post(self, question: dict[str, Any], known: Known) -> Request:
        """Return the request that asks a question."""
        if address := known.get(inputs.CALLBACK):
            question["webhookUrl"] = address
        key = self.settings.api_key.get_secret_value()
        headers = {"Authorization": f"Bearer {key}"}
        return Request("POST", ORIGIN + self.path, json=question, headers=headers)

    def read(self, reply: Response) -> Found | Miss:
        return reading.found(self.fields, reading.body(reply.content), self.sureness)

    @property
    def sureness(self) -> float:
        """How sure its answers are."""
        return _SURE["HIGH"]

    def meaning(self, reply: Response) -> Meaning:
        """Return what a reply says; 403 is a wrong key and a used-up quota alike, but for words."""
        if reply.status_code == 403 and b"exceeded" in reply.content.lower():
            return "out_of_credits"
        return super().meaning(reply)

    def called_back(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Return what was sent: the body of an answer, or of an error with its status."""
        sent = reading.body(body)
        match reading.at(sent, "status"):
            case None:
                return reading.found(self.fields, sent, self.sureness)
            case 404:
                return Miss()
            case _:
                return Failed("unavailable", "it called back with an error")


class FullContactPerson(FullContact):
    """Name, work, place and pages of whoever has an e-mail address or a phone number."""

    key = "fullcontact_person"
    title = "FullContact Person Enrich"
    any_of = frozenset({"email", "phone_number"})
    gives = frozenset(_PERSON)
    Settings = FullContactPersonSettings
    path = "/v3/person.enrich"
    fields = _PERSON

    def __init__(self, settings: Any = None, name: str = "") -> None:
        super().__init__(settings, name)
        if self.settings.hash_email:
            self.hashed = frozenset({"email"})

    def ask(self, known: Known) -> Request:
        question: dict[str, Any] = {}
        if email := known.get("email"):
            question["email"] = _md5(email) if self.settings.hash_email else email
        if number := known.get("phone_number"):
            question["phone"] = number
        if self.settings.match != "HIGH":
            question["confidence"] = self.settings.match
        return self.post(question, known)

    @property
    def sureness(self) -> float:
        return _SURE[self.settings.match]

    @property
    def variant(self) -> str:
        return f"{self.settings.match}{'/hashed' if self.settings.hash_email else ''}"


class FullContactCompany(FullContact):
    """Name, size, seat and pages of the company that has a domain."""

    key = "fullcontact_company"
    title = "FullContact Company Enrich"
    needs = frozenset({"company_domain"})
    gives = frozenset(_COMPANY)
    Settings = FullContactSettings
    path = "/v3/company.enrich"
    fields = _COMPANY

    def ask(self, known: Known) -> Request:
        return self.post({"domain": known["company_domain"]}, known)


def _md5(email: str) -> str:
    return hashlib.md5(email.strip().lower().encode(), usedforsecurity=False).hexdigest()
