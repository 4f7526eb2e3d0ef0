"""The places on earth that the stand-in vendors know, and which address is said to be where.

The cities are real; that an address belongs to one of them is made up, but always the same.
"""

import ipaddress
from dataclasses import dataclass
from hashlib import blake2s
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: its ISO 4217 code, English name and symbol."""

    code: str
    name: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO 3166 codes, names, and what vendors say about a country."""

    code2: str
    code3: str
    name: str
    official_name: str
    capital: str
    continent_code: str
    continent: str
    calling_code: str
    languages: tuple[str, ...]
    currency: Currency
    is_eu: bool = False

    @property
    def tld(self) -> str:
        """The top-level domain, which for the United Kingdom is not its ISO code."""
        return ".uk" if self.code2 == "GB" else f".{self.code2.lower()}"

    @property
    def emoji(self) -> str:
        """The flag: the two letters as Unicode regional indicators."""
        return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in self.code2)


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone: its IANA name, and how people call its standard and its summer time."""

    name: str
    standard: tuple[str, str]
    summer: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """A city with its district, region, postal code, coordinates in degrees and GeoNames id."""

    city: str
    district: str
    state: str
    state_code: str
    zipcode: str
    latitude: str
    longitude: str
    geoname_id: str
    country: Country
    zone: Zone

    @property
    def region_code(self) -> str:
        """The code of the region without its country."""
        return self.state_code.partition("-")[2]

    @property
    def asn(self) -> int:
        """The network that addresses here belong to, by a number kept for documentation."""
        return 64496 + int(self.geoname_id) % 16

    @property
    def operator(self) -> str:
        """Who runs that network."""
        return f"Example Net {self.city}"


_EURO = Currency("EUR", "Euro", "€")

_AUSTRALIA = Country(
    *("AU", "AUS", "Australia", "Commonwealth of Australia", "Canberra", "OC", "Oceania", "+61"),
    languages=("en-AU",),
    currency=Currency("AUD", "Australian Dollar", "A$"),
)
_BRAZIL = Country(
    *("BR", "BRA", "Brazil", "Federative Republic of Brazil", "Brasília", "SA", "South America"),
    calling_code="+55",
    languages=("pt-BR", "es", "en", "fr"),
    currency=Currency("BRL", "Brazilian Real", "R$"),
)
_CANADA = Country(
    *("CA", "CAN", "Canada", "Canada", "Ottawa", "NA", "North America", "+1"),
    languages=("en-CA", "fr-CA", "iu"),
    currency=Currency("CAD", "Canadian Dollar", "C$"),
)
_GERMANY = Country(
    *("DE", "DEU", "Germany", "Federal Republic of Germany", "Berlin", "EU", "Europe", "+49"),
    languages=("de",),
    currency=_EURO,
    is_eu=True,
)
_INDIA = Country(
    *("IN", "IND", "India", "Republic of India", "New Delhi", "AS", "Asia", "+91"),
    languages=("en-IN", "hi", "bn", "mr", "ta"),
    currency=Currency("INR", "Indian Rupee", "₹"),
)
_JAPAN = Country(
    *("JP", "JPN", "Japan", "Japan", "Tokyo", "AS", "Asia", "+81"),
    languages=("ja",),
    currency=Currency("JPY", "Japanese Yen", "¥"),
)
_KENYA = Country(
    *("KE", "KEN", "Kenya", "Republic of Kenya", "Nairobi", "AF", "Africa", "+254"),
    languages=("en-KE", "sw-KE"),
    currency=Currency("KES", "Kenyan Shilling", "KSh"),
)
_PORTUGAL = Country(
    *("PT", "PRT", "Portugal", "Portuguese Republic", "Lisbon", "EU", "Europe", "+351"),
    languages=("pt-PT", "mwl"),
    currency=_EURO,
    is_eu=True,
)
_SWEDEN = Country(
    *("SE", "SWE", "Sweden", "Kingdom of Sweden", "Stockholm", "EU", "Europe", "+46"),
    languages=("sv-SE", "se", "fi-SE"),
    currency=Currency("SEK", "Swedish Krona", "kr"),
    is_eu=True,
)
_UNITED_KINGDOM = Country(
    *("GB", "GBR", "United Kingdom", "United Kingdom of Great Britain and Northern Ireland"),
    *("London", "EU", "Europe", "+44"),
    languages=("en-GB", "cy-GB", "gd"),
    currency=Currency("GBP", "British Pound Sterling", "£"),
)
_UNITED_STATES = Country(
    *("US", "USA", "United States", "United States of America", "Washington, D.C."),
    *("NA", "North America", "+1"),
    languages=("en-US", "es-US", "haw", "fr"),
    currency=Currency("USD", "US Dollar", "$"),
)

MOUNTAIN_VIEW = Place(
    *("Mountain View", "Santa Clara County", "California", "US-CA", "94043"),
    *("37.42240", "-122.08421", "5375480", _UNITED_STATES),
    zone=Zone(
        "America/Los_Angeles",
        ("PST", "Pacific Standard Time"),
        ("PDT", "Pacific Daylight Time"),
    ),
)

LUND = Place(
    *("Lund", "Lunds kommun", "Skåne län", "SE-M", "222 00"),
    *("55.70470", "13.19100", "2693678", _SWEDEN),
    zone=Zone(
        "Europe/Stockholm",
        ("CET", "Central European Standard Time"),
        ("CEST", "Central European Summer Time"),
    ),
)
"""Where one of the companies sits; no address is said to be there."""

PLACES = (
    MOUNTAIN_VIEW,
    Place(
        *("Chicago", "Cook County", "Illinois", "US-IL", "60604"),
        *("41.87811", "-87.62980", "4887398", _UNITED_STATES),
        zone=Zone(
            "America/Chicago", ("CST", "Central Standard Time"), ("CDT", "Central Daylight Time")
        ),
    ),
    Place(
        *("Toronto", "Toronto", "Ontario", "CA-ON", "M5H 2N2"),
        *("43.65322", "-79.38318", "6167865", _CANADA),
        zone=Zone(
            "America/Toronto", ("EST", "Eastern Standard Time"), ("EDT", "Eastern Daylight Time")
        ),
    ),
    Place(
        *("São Paulo", "São Paulo", "São Paulo", "BR-SP", "01007-040"),
        *("-23.55052", "-46.63331", "3448439", _BRAZIL),
        zone=Zone("America/Sao_Paulo", ("BRT", "Brasília Standard Time")),
    ),
    Place(
        *("London", "City of London", "England", "GB-ENG", "EC2V 7HH"),
        *("51.50735", "-0.12776", "2643743", _UNITED_KINGDOM),
        zone=Zone("Europe/London", ("GMT", "Greenwich Mean Time"), ("BST", "British Summer Time")),
    ),
    Place(
        *("Lisbon", "Lisboa", "Lisboa", "PT-11", "1100-148"),
        *("38.72225", "-9.13934", "2267057", _PORTUGAL),
        zone=Zone(
            "Europe/Lisbon",
            ("WET", "Western European Standard Time"),
            ("WEST", "Western European Summer Time"),
        ),
    ),
    Place(
        *("Berlin", "Mitte", "Berlin", "DE-BE", "10178"),
        *("52.52001", "13.40495", "2950159", _GERMANY),
        zone=Zone(
            "Europe/Berlin",
            ("CET", "Central European Standard Time"),
            ("CEST", "Central European Summer Time"),
        ),
    ),
    Place(
        *("Uppsala", "Uppsala kommun", "Uppsala län", "SE-C", "753 20"),
        *("59.85800", "17.63900", "2666199", _SWEDEN),
        zone=Zone(
            "Europe/Stockholm",
            ("CET", "Central European Standard Time"),
            ("CEST", "Central European Summer Time"),
        ),
    ),
    Place(
        *("Nairobi", "Starehe", "Nairobi County", "KE-30", "00100"),
        *("-1.29207", "36.82195", "184745", _KENYA),
        zone=Zone("Africa/Nairobi", ("EAT", "East Africa Time")),
    ),
    Place(
        *("Mumbai", "Mumbai City", "Maharashtra", "IN-MH", "400001"),
        *("19.07598", "72.87766", "1275339", _INDIA),
        zone=Zone("Asia/Kolkata", ("IST", "India Standard Time")),  # codespell:ignore ist
    ),
    Place(
        *("Tokyo", "Chiyoda", "Tokyo", "JP-13", "100-0001"),
        *("35.68950", "139.69171", "1850147", _JAPAN),
        zone=Zone("Asia/Tokyo", ("JST", "Japan Standard Time")),
    ),
    Place(
        *("Sydney", "City of Sydney", "New South Wales", "AU-NSW", "2000"),
        *("-33.86785", "151.20732", "2147714", _AUSTRALIA),
        zone=Zone(
            "Australia/Sydney",
            ("AEST", "Australian Eastern Standard Time"),
            ("AEDT", "Australian Eastern Daylight Time"),
        ),
    ),
)

# A real caller has a public address; a caller on this machine is taken to have this one.
CALLER = ipaddress.ip_address("203.0.113.1")
ABSENT = ipaddress.ip_network("192.0.2.0/24")
"""The addresses that are in no vendor's database."""

_KNOWN = {ipaddress.ip_address("8.8.8.8"): MOUNTAIN_VIEW}

_DOCUMENTATION = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def place_of(address: Address) -> Place:
    """Return where `address` is said to be: always the same place for the same address."""
    if known := _KNOWN.get(address):
        return known
    return PLACES[blake2s(address.packed).digest()[0] % len(PLACES)]


def is_bogon(address: Address) -> bool:
    """Tell whether no one on the public internet has `address`.

    Documentation addresses count as public, so that examples and tests have some to use.
    """
    if any(address in network for network in _DOCUMENTATION):
        return False
    return address.is_multicast or not address.is_global
