"""Acme knows companies by their domain: how to ask it, and how to read what it answers."""

from decimal import Decimal

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Provider, Terms
from burnish.enrichment.settings import Settings

FIELDS = {
    "company_name": reading.text("company.name"),
    "company_size": reading.text("company.headcount"),
}


class AcmeSettings(Settings):
    """What Acme needs."""

    api_key: SecretStr
    """The key, from Acme's dashboard."""


class Acme(Provider):
    """Name and size of a company, by its domain."""

    key = "acme"
    title = "Acme"
    page = "https://acme.example/docs"
    needs = frozenset({"company_domain"})
    gives = frozenset(FIELDS)
    price = Decimal("0.02")  # for an answer; a miss is free
    terms = Terms("By contract with Acme.", attribution="Company data by Acme")
    Settings = AcmeSettings

    def ask(self, known: Known) -> Request:
        address = f"https://api.acme.example/v1/companies/{known['company_domain']}"
        key = self.settings.api_key.get_secret_value()
        return Request("GET", address, headers={"Authorization": f"Bearer {key}"})

    def read(self, reply: Response) -> Found | Miss:
        return reading.found(FIELDS, reading.body(reply.content), confidence=0.9)
