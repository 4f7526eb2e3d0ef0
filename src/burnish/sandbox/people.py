"""Who the stand-in vendors know: the cast, and everybody else, made from their address.

The same address always has the same answer. An address or a domain that begins with `nobody` is
unknown, and so is a phone number that ends with 9999. A free mail service is no company.
"""

import hashlib
import re

from burnish.sandbox.cast import COMPANIES, PEOPLE, Company, Person
from burnish.sandbox.places import PLACES

__all__ = [
    "FREE_MAIL",
    "Company",
    "Person",
    "company_named",
    "company_of",
    "person_of",
    "person_of_hash",
    "person_of_phone",
]

FREE_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"}
    | {"proton.me", "gmx.de", "web.de", "mail.example"}
)

_BY_EMAIL = {person.email: person for person in PEOPLE}
_BY_PHONE = {person.phone: person for person in PEOPLE}
_BY_HASH = {digest: person for person in PEOPLE for digest in person.hashes}
_BY_DOMAIN = {company.domain: company for company in COMPANIES}

_GIVEN = ("Alma", "Bela", "Carla", "Deniz", "Elio", "Farah", "Goran", "Hana", "Ivo", "Juno")
_FAMILY = ("Brandt", "Costa", "Dahl", "Egede", "Ferrer", "Grau", "Hoshi", "Ito", "Jansen", "Kaur")
_WORK = (
    ("Software Engineer", "engineering", "senior"),
    ("Product Manager", "product", "manager"),
    ("Accountant", "finance", "entry"),
    ("Marketing Lead", "marketing", "director"),
)
_TRADES = (
    ("Information Technology", "Application Software"),
    ("Health Care", "Health Care Services"),
    ("Financials", "Insurance"),
    ("Industrials", "Machinery"),
)


def person_of(email: str) -> Person | None:
    """Return who has this address."""
    email = email.strip().lower()
    if email.startswith("nobody"):
        return None
    return _BY_EMAIL.get(email) or _made(email)


def person_of_phone(number: str) -> Person | None:
    """Return who has this number."""
    if number.endswith("9999"):
        return None
    return _BY_PHONE.get(number) or _made(f"tel{number.lstrip('+')}@mail.example", number)


def person_of_hash(digest: str) -> Person | None:
    """Return who of the cast has the address with this MD5, SHA-1 or SHA-256 hash."""
    return _BY_HASH.get(digest.lower())


def company_of(domain: str) -> Company | None:
    """Return whose domain this is."""
    domain = domain.strip().lower().removeprefix("www.")
    if domain in FREE_MAIL or domain.startswith("nobody"):
        return None
    return _BY_DOMAIN.get(domain) or _founded(domain)


def company_named(name: str) -> Company | None:
    """Return the company of this name: one of the cast, or one at `<name>.example`."""
    plain = name.strip().lower()
    for company in COMPANIES:
        if plain in (company.name.lower(), company.legal_name.lower()):
            return company
    label = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return company_of(f"{label}.example") if label else None


def _made(email: str, phone: str = "") -> Person:
    """Make somebody up from an address; `eva.berg@` is called so."""
    seed = hashlib.blake2s(email.encode()).digest()
    local, _, domain = email.partition("@")
    given, _, family = local.partition(".")
    if not (given.isalpha() and family.isalpha()):
        given, family = _GIVEN[seed[0] % len(_GIVEN)], _FAMILY[seed[1] % len(_FAMILY)]
    title, role, seniority = _WORK[seed[2] % len(_WORK)]
    company = company_of(domain)
    return Person(
        email=email,
        given=given.capitalize(),
        family=family.capitalize(),
        gender="",
        birth_year=1950 + seed[3] % 55,
        title=title,
        role=role,
        seniority=seniority,
        place=company.place if company else PLACES[seed[4] % len(PLACES)],
        phone=phone or f"+12025550{seed[5] % 100 + 100}",
        company=company,
    )


def _founded(domain: str) -> Company:
    """Make a company up from its domain."""
    seed = hashlib.blake2s(domain.encode()).digest()
    name = domain.partition(".")[0].replace("-", " ").title()
    sector, industry = _TRADES[seed[0] % len(_TRADES)]
    return Company(
        domain=domain,
        name=name,
        legal_name=f"{name} Ltd",
        description=f"{industry} by {name}.",
        sector=sector,
        industry=industry,
        employees=1 + seed[1] * 7,
        founded=1950 + seed[2] % 70,
        street=f"Main Street {1 + seed[3]}",
        place=PLACES[seed[4] % len(PLACES)],
        phone=f"+12025550{seed[5] % 100 + 100}",
    )
