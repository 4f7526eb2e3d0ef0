"""Clearbit: people and companies, for those who still hold a key from before 2024."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar

from httpx import Request, Response
from pydantic import SecretStr

from burnish.enrichment import inputs, reading
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Found, Miss
from burnish.enrichment.provider import Meaning, Provider, Terms, reset_at
from burnish.enrichment.providers import clearbit_shape
from burnish.enrichment.reading import Field
from burnish.enrichment.settings import Settings

_HINTS = {
    "given_name": "given_name",
    "family_name": "family_name",
    "company_name": "company",
    "company_domain": "company_domain",
}


def _logo(value: Any) -> Any:
    """The vendor's own addresses of logos have been dead since 2025."""
    address = reading.url().kind(value)
    return None if address and "//logo.clearbit.com/" in address else address


_ID = reading.text("id")
_PERSON = {**clearbit_shape.PERSON, "email_is_free": reading.boolean("emailProvider")}
COMPANY = {**clearbit_shape.COMPANY, "company_logo": Field(("logo",), _logo)}


class ClearbitSettings(Settings):
    """What Clearbit needs."""

    api_key: SecretStr
    """The secret key, from before 2024: the vendor sells none any more."""


class Clearbit(Provider):
    """What all questions to Clearbit have in common."""

    page = "https://dashboard.clearbit.com/docs"
    # Addresses of roles, such as info@, and of unreachable domains are refused: they are nobody's.
    statuses: ClassVar[Mapping[int, Meaning]] = {422: "miss"}
    terms = Terms(
        "By contract with Clearbit (HubSpot).",
        note="The vendor has sold no new keys since 2024; keys from before still work. There is "
        "no public price list: set your own price. Addresses that are asked about may join the "
        "vendor's own data, unless one opts out.",
    )
    Settings = ClearbitSettings
    origin: ClassVar[str]
    """Scheme, host and path."""
    fields: ClassVar[Mapping[str, Field]]

    def get(self, query: dict[str, str], known: Known) -> Request:
        """Return the request that asks with this query."""
        if self.calls_back and (address := known.get(inputs.CALLBACK)):
            query["webhook_url"] = address
        login = b64encode(f"{self.settings.api_key.get_secret_value()}:".encode()).decode()
        return Request(
            "GET", self.origin, params=query, headers={"Authorization": f"Basic {login}"}
        )

    def read(self, reply: Response) -> Found | Miss:
        return self.read_record(reading.body(reply.content))

    def read_record(self, body: Any) -> Found | Miss:
        """Return what a record says. Raises `BadAnswer`."""
        return reading.found(self.fields, body, 0.9, _ID.read(body))

    def pause(self, reply: Response) -> float | None:
        throttled = self.meaning(reply) == "throttled"
        said = super().pause(reply)
        return said or (reset_at(reply, "x-ratelimit-reset") if throttled else None)

    def meaning(self, reply: Response) -> Meaning:
        """Return what a reply says; which status `over_quota` has is documented nowhere."""
        if reply.is_client_error and b'"over_quota"' in reply.content:
            return "out_of_credits"
        return super().meaning(reply)

    def called_back(self, body: bytes, headers: Mapping[str, str]) -> Answer | None:
        """Return the record that was sent, where it is signed with our key."""
        secret = re.sub(r"^[sp]k_", "", self.settings.api_key.get_secret_value())
        signature = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
        sent = headers.get("x-request-signature", "")
        if not hmac.compare_digest(sent.encode(), f"sha1={signature}".encode()):
            return None
        envelope = reading.body(body)
        record = reading.at(envelope, "body")
        if record is None or reading.at(envelope, "status") == 404:
            return Miss()
        return self.read_record(record)


class ClearbitPerson(Clearbit):
    """Name, work, place and pages of whoever has an e-mail address; no new keys since 2024."""

    key = "clearbit_person"
    title = "Clearbit Person"
    calls_back = True
    needs = frozenset({"email"})
    hints = frozenset(_HINTS)
    fields = _PERSON
    gives = frozenset(fields)
    origin = "https://person.clearbit.com/v2/people/find"

    def ask(self, known: Known) -> Request:
        hints = {theirs: str(known[ours]) for ours, theirs in _HINTS.items() if ours in known}
        return self.get({"email": known["email"], **hints}, known)


class ClearbitCombined(ClearbitPerson):
    """Whoever has an e-mail address, and their company; no new keys since 2024."""

    key = "clearbit_combined"
    title = "Clearbit Combined"
    fields = _PERSON | COMPANY
    gives = frozenset(fields)
    origin = "https://person.clearbit.com/v2/combined/find"

    def read_record(self, body: Any) -> Found | Miss:
        """Return what a record says; either half may be null, and the company's own goes first."""
        person, company = reading.at(body, "person") or {}, reading.at(body, "company") or {}
        values = reading.outputs(_PERSON, person) | reading.outputs(COMPANY, company)
        return Found(values, 0.9, record=_ID.read(person)) if values else Miss()


class ClearbitCompany(Clearbit):
    """Name, size, trade, seat and pages of the company at a domain; no new keys since 2024."""

    key = "clearbit_company"
    title = "Clearbit Company"
    calls_back = True
    needs = frozenset({"company_domain"})
    fields = COMPANY
    gives = frozenset(fields)
    origin = "https://company.clearbit.com/v2/companies/find"

    def ask(self, known: Known) -> Request:
        return self.get({"domain": known["company_domain"]}, known)
