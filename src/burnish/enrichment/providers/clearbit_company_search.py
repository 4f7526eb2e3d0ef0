"""Clearbit: which company an address or a name belongs to."""

from typing import Any

from httpx import Request

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.providers.clearbit import COMPANY, Clearbit
from burnish.enrichment.reading import Field

_DOMAIN = {"company_domain": reading.text("domain")}

_SURE = {"very high": 0.95, "high": 0.85, "medium": 0.6, "low": 0.3}


def _score(value: Any) -> float:
    """A confidence as a word, or as a number from 0 to 100; both are seen."""
    if isinstance(value, str):
        return _SURE.get(value.lower(), _SURE["low"])
    percent: float = reading.number().kind(value)
    if not 0 <= percent <= 100:
        raise ValueError("is not from 0 to 100")
    return percent / 100


_CONFIDENCE = Field(("confidenceScore", "confidence_score", "confidence"), _score)


class ClearbitReveal(Clearbit):
    """The company whose network an address belongs to; no new keys since 2024."""

    key = "clearbit_reveal"
    title = "Clearbit Reveal"
    needs = frozenset({"ip"})
    fields = COMPANY
    gives = frozenset(fields)
    origin = "https://reveal.clearbit.com/v1/companies/find"

    def ask(self, known: Known) -> Request:
        return self.get({"ip": known["ip"]}, known)

    def read_record(self, body: Any) -> Found | Miss:
        company = reading.at(body, "company") or {}
        values = reading.outputs(_DOMAIN, body) | reading.outputs(COMPANY, company)
        record = reading.text("id").read(company)
        sureness = _CONFIDENCE.read(body)
        if sureness is None:
            sureness = _SURE["medium"]
        return Found(values, sureness, record=record) if values else Miss()


class ClearbitNameToDomain(Clearbit):
    """The domain of the company with a name; unsupported by the vendor, no new keys since 2024."""

    key = "clearbit_name_to_domain"
    title = "Clearbit Name To Domain"
    needs = frozenset({"company_name"})
    fields = _DOMAIN
    gives = frozenset(fields)
    origin = "https://company.clearbit.com/v1/domains/find"

    def ask(self, known: Known) -> Request:
        return self.get({"name": str(known["company_name"])}, known)

    def read_record(self, body: Any) -> Found | Miss:
        return reading.found(self.fields, body, confidence=0.7)
