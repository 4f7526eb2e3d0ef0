"""The same enrichment as one would honestly write it: a loop over the same libraries.

Started as `python -m bench.loop_enrich FOLDER`; prints the seconds that each part of it took.
"""

import csv
import json
import sys
import time
from pathlib import Path

import maxminddb_rust as maxminddb
import phonenumbers
import ua_parser
from disposable_email_domains import blocklist
from phonenumbers import carrier, geocoder

from burnish.enrichment.providers.email_address import FREE

COLUMNS = (
    "city country timezone asn device_brand os browser phone_country_code phone_region"
    " phone_carrier email_domain email_is_free email_is_disposable"
).split()


def place(ip: str, city: maxminddb.Reader, asn: maxminddb.Reader) -> dict[str, object]:
    """Return where an address is."""
    there, network = city.get(ip) or {}, asn.get(ip) or {}
    return {
        "city": there.get("city", {}).get("names", {}).get("en"),
        "country": there.get("country", {}).get("names", {}).get("en"),
        "timezone": there.get("location", {}).get("time_zone"),
        "asn": network.get("autonomous_system_number"),
    }


def device(agent: str) -> dict[str, object]:
    """Return what a browser says of itself."""
    said = ua_parser.parse(agent)
    return {
        "device_brand": said.device and said.device.brand,
        "os": said.os and said.os.family,
        "browser": said.user_agent and said.user_agent.family,
    }


def phone(text: str) -> dict[str, object]:
    """Return what a phone number says."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return {}
    return {
        "phone_country_code": phonenumbers.region_code_for_number(number),
        "phone_region": geocoder.description_for_number(number, "en"),
        "phone_carrier": carrier.name_for_number(number, "en"),
    }


def address(email: str) -> dict[str, object]:
    """Return what an e-mail address says."""
    domain = email.rpartition("@")[2].lower()
    return {
        "email_domain": domain,
        "email_is_free": domain in FREE,
        "email_is_disposable": domain in blocklist,
    }


def main(folder: Path) -> None:
    """Enrich the folder's file."""
    began = time.perf_counter()
    city = maxminddb.open_database(folder / "city.mmdb")
    asn = maxminddb.open_database(folder / "asn.mmdb")
    spent = dict.fromkeys(("places", "devices", "phones", "addresses"), 0.0)
    with (
        (folder / "people.csv").open(newline="") as source,
        (folder / "loop.csv").open("w", newline="") as target,
    ):
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, [*(reader.fieldnames or ()), *COLUMNS])
        writer.writeheader()
        for row in reader:
            at = time.perf_counter()
            places = place(row["ip"], city, asn)
            placed = time.perf_counter()
            devices = device(row["user_agent"])
            seen = time.perf_counter()
            phones = phone(row["phone_number"])
            called = time.perf_counter()
            addresses = address(row["email"])
            spent["places"] += placed - at
            spent["devices"] += seen - placed
            spent["phones"] += called - seen
            spent["addresses"] += time.perf_counter() - called
            writer.writerow(row | places | devices | phones | addresses)
    print(json.dumps({"seconds": time.perf_counter() - began, **spent}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
