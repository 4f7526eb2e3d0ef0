"""People Data Labs: a person by address, phone number, LinkedIn page, or name and company; v5."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from time import time
from typing import Any, Literal

from httpx import Request, Response
from pydantic import Field, SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LONGEST_WAIT, Meaning, Provider, Terms
from burnish.enrichment.settings import Settings

ADDRESS = "https://api.peopledatalabs.com/v5/person/enrich"

_COMPANY = ("company_name", "company_domain")
_WORD = re.compile(r"^\w|(?<![\w'\u2019])(?!(?:and|of|the)\b)\w|(?<=\b[dlo]['\u2019])\w")


def titled(text: str) -> str:
    """Return a text that is all in small letters as names are written."""
    if text != text.lower():
        return text
    return _WORD.sub(lambda letter: letter[0].upper(), text)


def _name(*paths: str) -> reading.Field:
    return reading.kinded(titled, *paths)


_FIELDS: Mapping[str, reading.Field] = {
    "name": _name("full_name"),
    "given_name": _name("first_name"),
    "family_name": _name("last_name"),
    "gender": reading.text("sex", "gender"),
    "birth_year": reading.integer("birth_year"),
    "bio": reading.text("headline"),
    "location": _name("location_name"),
    "city": _name("location_locality"),
    "region": _name("location_region"),
    "country": _name("location_country"),
    "continent": _name("location_continent"),
    "postal_code": reading.text("location_postal_code"),
    "interests": reading.texts("interests"),
    "skills": reading.texts("skills"),
    "mobile_phone": reading.text("mobile_phone"),
    "job_title": reading.text("job_title"),
    "job_role": reading.text("job_title_role"),
    "seniority": reading.text("job_title_levels.0"),
    "linkedin_url": reading.url("linkedin_url"),
    "twitter_url": reading.url("twitter_url"),
    "github_url": reading.url("github_url"),
    "facebook_url": reading.url("facebook_url"),
    "company_name": _name("job_company_name"),
    "company_domain": reading.text("job_company_website"),
    "company_industry": reading.text("job_company_industry"),
    "company_size": reading.text("job_company_size"),
    "company_founded": reading.integer("job_company_founded"),
    "company_location": _name("job_company_location_name"),
    "company_city": _name("job_company_location_locality"),
    "company_region": _name("job_company_location_region"),
    "company_country": _name("job_company_location_country"),
    "company_linkedin_url": reading.url("job_company_linkedin_url"),
}

_LIKELIHOOD = reading.integer("likelihood")
_ID = reading.text("id")

_MEANINGS: Mapping[str, Meaning] = {
    "not_found": "miss",
    "payment_required": "out_of_credits",
    "quota_exceeded": "out_of_credits",
    "rate_limit_error": "throttled",
    "authentication_error": "unauthorized",
    "invalid_request_error": "rejected",
}


class PeopleDataLabsSettings(Settings):
    """What People Data Labs needs."""

    api_key: SecretStr
    """The key, from the vendor's dashboard."""
    hash_email: bool = False
    """Whether e-mail addresses are sent as SHA-256 only; fewer people are found then."""
    min_likelihood: int = Field(default=2, ge=1, le=10)
    """How sure the vendor must be, from 1 to 10; answers below it are misses and free."""
    method: Literal["POST", "GET"] = "POST"
    """How it is asked; GET puts what is asked about into the address."""


class PeopleDataLabs(Provider):
    """Name, whereabouts, work and social pages of a person, and their company."""

    key = "people_data_labs"
    title = "People Data Labs"
    page = "https://docs.peopledatalabs.com/docs/reference-person-enrichment-api"
    any_of = frozenset({"email", "phone_number", "linkedin_url", "name"})
    hints = frozenset(_COMPANY)
    gives = frozenset(_FIELDS)
    price = Decimal("0.28")
    terms = Terms(
        "Proprietary; bought by the record.",
        note="Records are to be kept together with the vendor's id: who opted out is listed by "
        "id, and is then to be deleted. The price is that of small monthly plans.",
    )
    Settings = PeopleDataLabsSettings

    def __init__(self, settings: Any = None, name: str = "") -> None:
        super().__init__(settings, name)
        self.hashed = frozenset({"email"} if self.settings.hash_email else ())

    def lacks(self, known: Known) -> list[str]:
        lacking = super().lacks(known)
        if not lacking and self.any_of & known.keys() == {"name"} and not _company(known):
            return [" or ".join(sorted(_COMPANY))]
        return lacking

    def ask(self, known: Known) -> Request:
        names = {"phone_number": "phone", "linkedin_url": "profile", "name": "name"}
        asked = {names[name]: value for name, value in known.items() if name in names}
        if address := known.get("email"):
            asked |= self._email(address)
        if company := _company(known):
            asked["company"] = company
        asked["min_likelihood"] = self.settings.min_likelihood
        headers = {"X-Api-Key": self.settings.api_key.get_secret_value()}
        if self.settings.method == "GET":
            return Request("GET", ADDRESS, params=asked, headers=headers)
        return Request("POST", ADDRESS, json=asked, headers=headers)

    def _email(self, address: str) -> dict[str, Any]:
        if self.settings.hash_email:
            return {"email_hash": sha256(address.encode()).hexdigest()}
        return {"email": address}

    def meaning(self, reply: Response) -> Meaning:
        if reply.is_success:
            return super().meaning(reply)
        # A 404 that is not the vendor's own says that the address is wrong, not that nobody is.
        usual = super().meaning(reply)
        return _MEANINGS.get(_error_type(reply)) or ("rejected" if usual == "miss" else usual)

    def pause(self, reply: Response) -> float | None:
        throttled = self.meaning(reply) == "throttled"
        return super().pause(reply) or (_reset(reply) if throttled else None)

    def read(self, reply: Response) -> Found | Miss:
        body = reading.body(reply.content)
        likelihood = _LIKELIHOOD.read(body) or self.settings.min_likelihood
        if not 1 <= likelihood <= 10:
            raise reading.BadAnswer("likelihood is not between 1 and 10")
        data = reading.at(body, "data")
        if not isinstance(data, Mapping):
            raise reading.BadAnswer("data is not an object")
        # Where a plan only shows that there is a value, `true` stands in its place.
        values = {name: value for name, value in data.items() if not isinstance(value, bool)}
        return reading.found(_FIELDS, values, likelihood / 10, _ID.read(values))

    @property
    def variant(self) -> str:
        return f"{self.settings.min_likelihood}{'/hashed' if self.settings.hash_email else ''}"


def _company(known: Known) -> Any:
    return next((known[name] for name in _COMPANY if name in known), None)


def _error_type(reply: Response) -> str:
    """Return the slug in an error body; it may stand in a list of one."""
    try:
        kind = reading.at(reading.body(reply.content), "error.type")
    except reading.BadAnswer:
        return ""
    if isinstance(kind, list) and kind:
        kind = kind[0]
    return kind if isinstance(kind, str) else ""


def _reset(reply: Response) -> float | None:
    """Return how many seconds it is to the end of the minute, which a header gives as ISO time."""
    try:
        at = datetime.fromisoformat(reply.headers.get("x-ratelimit-reset", "").strip())
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at.timestamp() - time(), 0.0), LONGEST_WAIT)
