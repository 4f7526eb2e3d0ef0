"""The cast of the stand-in vendors: five people, three companies, and what is said of them.

All of them are made up. Who is not among them is made from their address, in `people`.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from burnish.sandbox.places import LUND, PLACES, Place

_PLACES = {place.city: place for place in PLACES}


@dataclass(frozen=True)
class Company:
    """A company, and what vendors say about companies."""

    domain: str
    name: str
    legal_name: str
    description: str
    sector: str
    industry: str
    employees: int
    founded: int
    street: str
    place: Place
    phone: str
    tags: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ("nginx",)
    kind: str = "private"

    @cached_property
    def id(self) -> str:
        """Its id in a record, always the same."""
        return _id_of(self.domain)

    @property
    def handle(self) -> str:
        """Its name at social networks."""
        return self.domain.partition(".")[0]

    @property
    def size(self) -> str:
        """How many work there, as a range."""
        for low, high in ((1, 10), (11, 50), (51, 250), (251, 1000), (1001, 10_000)):
            if self.employees <= high:
                return f"{low}-{high}"
        return "10001+"

    @property
    def address(self) -> str:
        """Its seat in one line."""
        place = self.place
        return f"{self.street}, {place.zipcode} {place.city}, {place.country.name}"


@dataclass(frozen=True)
class Person:
    """Somebody, and what vendors say about people."""

    email: str
    given: str
    family: str
    gender: str  # empty where it is not known
    birth_year: int
    title: str
    role: str
    seniority: str
    place: Place
    phone: str
    company: Company | None = None
    bio: str = ""
    interests: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Their name in full."""
        return f"{self.given} {self.family}"

    @property
    def handle(self) -> str:
        """Their name at social networks."""
        return re.sub(r"[^a-z]", "", self.name.lower())

    @property
    def location(self) -> str:
        """Where they live, in words."""
        return f"{self.place.city}, {self.place.state}, {self.place.country.name}"

    @cached_property
    def id(self) -> str:
        """Their id in a record, always the same."""
        return _id_of(self.email)

    @property
    def hashes(self) -> frozenset[str]:
        """What vendors that take hashed addresses know them by: MD5, SHA-1 and SHA-256."""
        address = self.email.encode()
        return frozenset(
            hashlib.new(algorithm, address, usedforsecurity=False).hexdigest()
            for algorithm in ("md5", "sha1", "sha256")
        )


def _id_of(text: str) -> str:
    return str(UUID(bytes=hashlib.blake2s(text.encode(), digest_size=16).digest()))


NORDLAKE = Company(
    domain="nordlake.example",
    name="Nordlake",
    legal_name="Nordlake AB",
    description="Sensors for cold lakes.",
    sector="Information Technology",
    industry="Internet Software & Services",
    employees=48,
    founded=2014,
    street="Storgatan 1",
    place=LUND,
    phone="+46101234567",
    tags=("Sensors", "B2B"),
    technologies=("nginx", "postgresql"),
)
HALDEN = Company(
    domain="halden.example",
    name="Halden Mills",
    legal_name="Halden Mills Ltd",
    description="Flour for bakers since 1887.",
    sector="Consumer Staples",
    industry="Food Products",
    employees=640,
    founded=1887,
    street="Mill Lane 12",
    place=_PLACES["London"],
    phone="+442079460123",
    tags=("Food", "Manufacturing"),
)
KESTREL = Company(
    domain="kestrel.example",
    name="Kestrel Freight",
    legal_name="Kestrel Freight Inc.",
    description="Freight by rail.",
    sector="Industrials",
    industry="Road & Rail",
    employees=12_500,
    founded=1964,
    street="Lake Street 200",
    place=_PLACES["Chicago"],
    phone="+13125550123",
    tags=("Logistics",),
    kind="public",
)

COMPANIES = (NORDLAKE, HALDEN, KESTREL)

ADA = Person(
    email="ada@nordlake.example",
    given="Ada",
    family="Kvist",
    gender="female",
    birth_year=1985,
    title="Data Engineer",
    role="engineering",
    seniority="manager",
    place=LUND,
    phone="+46701234567",
    company=NORDLAKE,
    bio="Data Engineer at Nordlake AB.",
    interests=("lakes", "chess"),
    skills=("python", "sql"),
)
OVE = Person(
    email="ove@nordlake.example",
    given="Ove",
    family="Lind",
    gender="male",
    birth_year=1971,
    title="Chief Executive",
    role="leadership",
    seniority="executive",
    place=LUND,
    phone="+46701234568",
    company=NORDLAKE,
)
GRACE = Person(
    email="grace@halden.example",
    given="Grace",
    family="Okafor",
    gender="female",
    birth_year=1990,
    title="Head of Sales",
    role="sales",
    seniority="director",
    place=_PLACES["London"],
    phone="+447700900123",
    company=HALDEN,
    bio="Sells flour.",
    interests=("bread",),
)
SAM = Person(
    email="sam@kestrel.example",
    given="Sam",
    family="Whitfield",
    gender="male",
    birth_year=1998,
    title="Dispatcher",
    role="operations",
    seniority="entry",
    place=_PLACES["Chicago"],
    phone="+13125550124",
    company=KESTREL,
)
MINA = Person(
    email="mina@mail.example",
    given="Mina",
    family="Rautio",
    gender="female",
    birth_year=1979,
    title="Illustrator",
    role="design",
    seniority="owner",
    place=_PLACES["Berlin"],
    phone="+4915112345678",
    bio="Draws birds.",
    interests=("birds",),
)

PEOPLE = (ADA, OVE, GRACE, SAM, MINA)
