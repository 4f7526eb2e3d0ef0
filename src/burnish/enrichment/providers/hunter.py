"""Hunter: whether mail arrives at an address, the person behind it, and their company; v2."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms
from burnish.enrichment.providers.clearbit_shape import COMPANY, PERSON
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

ORIGIN = "https://api.hunter.io/v2"

_VERDICTS = {
    "valid": "deliverable",
    "invalid": "undeliverable",
    "accept_all": "risky",
    "disposable": "risky",
    "unknown": "unknown",
}

_VERIFIED: Mapping[str, Field] = {
    "email_deliverability": reading.kinded(_VERDICTS.get, "status"),
    "email_is_free": reading.boolean("webmail"),
    "email_is_disposable": reading.boolean("disposable"),
}
_SCORE, _STATUS = reading.number("score"), reading.text("status")
_ARRIVES = reading.boolean("smtp_check")
_FUZZY, _ID = reading.boolean("fuzzy"), reading.text("id")


class HunterSettings(Settings):
    """What Hunter needs."""

    api_key: SecretStr
    """The key, from the vendor's dashboard."""


class _Hunter(Provider):
    # What others say by 403 and by 429 is the other way round here; 222 is a mail server's fault.
    statuses: ClassVar[Mapping[int, Meaning]] = {
        222: "unavailable",
        403: "throttled",
        429: "out_of_credits",
    }
    terms = Terms(
        "Proprietary; the vendor's terms say nothing public about keeping.",
        note="Whoever the vendor says does not want to be processed (451) is not to be asked "
        "about again. The price is a rough one, by fractions of credits of the smaller plans.",
    )
    price = Decimal("0.005")
    Settings = HunterSettings

    def get(self, path: str, **query: str) -> Request:
        headers = {"X-API-KEY": self.settings.api_key.get_secret_value()}
        return Request("GET", f"{ORIGIN}/{path}", params=query, headers=headers)

    def meaning(self, reply: Response) -> Meaning:
        # A 404 that is not the vendor's own says that the address is wrong, not that nobody is.
        if reply.status_code == 404:
            return "miss" if _error_id(reply) == "not_found" else "rejected"
        return super().meaning(reply)

    def data(self, reply: Response) -> Mapping[str, Any]:
        data = reading.at(reading.body(reply.content), "data")
        if not isinstance(data, Mapping):
            raise reading.BadAnswer("data is not an object")
        return data


class HunterVerifier(_Hunter):
    """Whether mail arrives at an address, and what kind of address it is."""

    key = "hunter_verifier"
    title = "Hunter Email Verifier"
    page = "https://hunter.io/api-documentation/v2#email-verifier"
    needs = frozenset({"email"})
    gives = frozenset({*_VERIFIED, "email_score"})
    price = Decimal("0.01")

    def ask(self, known: Known) -> Request:
        return self.get("email-verifier", email=known["email"])

    def read(self, reply: Response) -> Found | Miss:
        data = self.data(reply)
        values = reading.outputs(_VERIFIED, data)
        if _STATUS.read(data) == "webmail":
            arrives = _ARRIVES.read(data)
            values["email_deliverability"] = "deliverable" if arrives else "risky"
        if (score := _SCORE.read(data)) is not None:
            values["email_score"] = score / 100
        return Found(values, confidence=0.9) if values else Miss()


class HunterPerson(_Hunter):
    """Name, whereabouts, work and social pages of a person."""

    key = "hunter_person"
    title = "Hunter Email Enrichment"
    page = "https://hunter.io/api-documentation/v2#email-enrichment"
    any_of = frozenset({"email", "linkedin_url"})
    gives = frozenset(PERSON)

    def ask(self, known: Known) -> Request:
        if address := known.get("email"):
            return self.get("people/find", email=address)
        return self.get("people/find", linkedin_handle=_handle(known["linkedin_url"]))

    def read(self, reply: Response) -> Found | Miss:
        person = self.data(reply)
        return reading.found(PERSON, person, _surety(person), _ID.read(person))


class HunterCompany(_Hunter):
    """Name, industry, size and seat of a company."""

    key = "hunter_company"
    title = "Hunter Company Enrichment"
    page = "https://hunter.io/api-documentation/v2#company-enrichment"
    needs = frozenset({"company_domain"})
    gives = frozenset(COMPANY)

    def ask(self, known: Known) -> Request:
        return self.get("companies/find", domain=known["company_domain"])

    def read(self, reply: Response) -> Found | Miss:
        company = self.data(reply)
        return reading.found(COMPANY, company, 0.8, _ID.read(company))


class HunterCombined(_Hunter):
    """A person and their company, by one e-mail address."""

    key = "hunter_combined"
    title = "Hunter Combined Enrichment"
    page = "https://hunter.io/api-documentation/v2#combined-enrichment"
    needs = frozenset({"email"})
    gives = frozenset({*PERSON, *COMPANY})

    def ask(self, known: Known) -> Request:
        return self.get("combined/find", email=known["email"])

    def read(self, reply: Response) -> Found | Miss:
        data = self.data(reply)
        person, company = reading.at(data, "person") or {}, reading.at(data, "company") or {}
        values = reading.outputs(PERSON, person) | reading.outputs(COMPANY, company)
        return Found(values, _surety(person), record=_ID.read(person)) if values else Miss()


def _surety(person: Mapping[str, Any]) -> float:
    """Return how sure a person is; the vendor says where the match is a fuzzy one."""
    return 0.5 if _FUZZY.read(person) else 0.8


def _handle(page: str) -> str:
    """Return the last part of a LinkedIn page's address."""
    return page.partition("?")[0].rstrip("/").rpartition("/")[2]


def _error_id(reply: Response) -> Any:
    try:
        return reading.at(reading.body(reply.content), "errors.0.id")
    except reading.BadAnswer:
        return None
