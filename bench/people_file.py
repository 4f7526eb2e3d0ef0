"""A file of people as a log of sign-ins has them, and databases of where addresses are.

Made up, and the same each time. 200,000 people for a million rows, each with one e-mail address and
one phone number; 150,000 addresses and 20,000 browsers by Zipf's law, as some networks and some
browsers have many people and most have few.
"""

import csv
import ipaddress
import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet

PEOPLE_A_ROW = 0.2
IPS, AGENTS, COMPANIES = 150_000, 20_000, 20_000

CITIES = [
    (f"{name} {number}", country, code, zone, latitude, longitude)
    for number in range(1, 101)
    for name, country, code, zone, latitude, longitude in (
        ("Stockholm", "Sweden", "SE", "Europe/Stockholm", 59.33, 18.07),
        ("Berlin", "Germany", "DE", "Europe/Berlin", 52.52, 13.41),
        ("Boston", "United States", "US", "America/New_York", 42.36, -71.06),
        ("Lyon", "France", "FR", "Europe/Paris", 45.76, 4.84),
        ("Leeds", "United Kingdom", "GB", "Europe/London", 53.8, -1.55),
        ("Pune", "India", "IN", "Asia/Kolkata", 18.52, 73.86),
    )
]
_PHONES = (
    ("+46", "70#######"),
    ("+46", "8#######"),
    ("+49", "151########"),
    ("+49", "30########"),
    ("+1", "212555####"),
    ("+1", "415555####"),
    ("+1", "617555####"),
    ("+33", "6########"),
    ("+44", "7400######"),
    ("+44", "1132######"),
    ("+91", "98########"),
)
_MODELS = ("SM-G991B", "SM-A515F", "Pixel 7", "Pixel 8 Pro", "M2101K6G", "CPH2399", "XT2243-1")
_FREE = ("gmail.com", "yahoo.com", "outlook.com", "gmx.de", "icloud.com", "hotmail.com")
_THROWN = ("mailinator.com", "guerrillamail.com", "yopmail.com")
_GIVEN = ("ada", "bo", "cleo", "dan", "eva", "finn", "gita", "hugo", "iris", "jon", "kim", "lena")


def write(folder: Path, rows: int) -> None:
    """Write `people.csv`, `city.mmdb` and `asn.mmdb`."""
    draw = random.Random(5)
    people = [_person(draw, number) for number in range(max(int(rows * PEOPLE_A_ROW), 1))]
    # Public ones, from 113.0.0.1 on.
    ips = [str(ipaddress.ip_address(0x71000001 + number * 563)) for number in range(IPS)]
    draw.shuffle(ips)
    agents = _agents(draw)
    ip, agent = _zipf(draw, ips), _zipf(draw, agents)
    with (folder / "people.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "email", "phone_number", "ip", "user_agent"))
        for number in range(rows):
            email, phone = draw.choice(people)
            writer.writerow((number, email, phone, ip(), agent()))
    _databases(folder, ips)


def _person(draw: random.Random, number: int) -> tuple[str, str]:
    kind = draw.random()
    if kind < 0.6:
        domain = draw.choice(_FREE)
    elif kind < 0.62:
        domain = draw.choice(_THROWN)
    else:
        domain = f"company{draw.randrange(COMPANIES)}.com"
    prefix, digits = draw.choice(_PHONES)
    phone = prefix + "".join(str(draw.randrange(10)) if one == "#" else one for one in digits)
    return f"{draw.choice(_GIVEN)}.{draw.choice(_GIVEN)}{number}@{domain}", phone


def _agents(draw: random.Random) -> list[str]:
    """Return the user agents that browsers of several years, systems and phones make up."""
    made: dict[str, None] = {}
    while len(made) < AGENTS:
        major, build = draw.randrange(90, 132), draw.randrange(4000, 7000)
        chrome = f"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.{build}.{major}"
        ios = f"{draw.randrange(13, 19)}_{draw.randrange(8)}"
        model, android = draw.choice(_MODELS), draw.randrange(9, 16)
        mobile = f"Mobile/{draw.randrange(15, 22)}E{draw.randrange(100, 400)}"
        one = draw.choice(
            (
                f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Safari/537.36",
                f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {chrome} Safari/537.36",
                f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Safari/537.36 Edg/{major}.0",
                f"Mozilla/5.0 (Linux; Android {android}; {model}) {chrome} Mobile Safari/537.36",
                f"Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) AppleWebKit/605.1.15"
                f" (KHTML, like Gecko) Version/{ios[:2]}.0 {mobile} Safari/604.1",
                f"Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0",
            )
        )
        made[one] = None
    return list(made)


def _zipf(draw: random.Random, items: Sequence[str]) -> Callable[[], str]:
    """Return what draws from items, of which the n-th comes up 1/n as often as the first."""
    sums = list(itertools.accumulate(1 / rank for rank in range(1, len(items) + 1)))
    drawn = iter(())  # type: ignore[var-annotated]

    def one() -> str:
        nonlocal drawn
        if (found := next(drawn, None)) is None:
            drawn = iter(draw.choices(items, cum_weights=sums, k=10_000))
            found = next(drawn)
        return str(found)

    return one


def _databases(folder: Path, ips: Sequence[str]) -> None:
    draw = random.Random(6)
    city = MMDBWriter(4, "GeoLite2-City", languages=["en"])
    asn = MMDBWriter(4, "GeoLite2-ASN", languages=["en"])
    for network in sorted({ip.rpartition(".")[0] for ip in ips}):
        block = IPSet([f"{network}.0/24"])
        name, country, code, zone, latitude, longitude = draw.choice(CITIES)
        record = {
            "city": {"names": {"en": name}},
            "continent": {"code": "EU", "names": {"en": "Europe"}},
            "country": {"iso_code": code, "names": {"en": country}},
            "location": {"latitude": latitude, "longitude": longitude, "time_zone": zone},
        }
        city.insert_network(block, record)
        number = draw.randrange(1000, 60000)
        owner = {
            "autonomous_system_number": number,
            "autonomous_system_organization": f"Net {number}",
        }
        asn.insert_network(block, owner)
    city.to_db_file(str(folder / "city.mmdb"))
    asn.to_db_file(str(folder / "asn.mmdb"))
