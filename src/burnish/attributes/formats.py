"""Checks of single values. Each answers a sentence when the value is refused, else None."""

import datetime
import re
import sys
import zoneinfo
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import phonenumbers

_HALF = re.compile("[\ud800-\udfff]")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LABEL = (
    r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff-]*[A-Za-z0-9\u0080-\U0010ffff])?"
)
_EMAIL = re.compile(rf"(?:{_ATEXT}(?:\.{_ATEXT})*|\"[^\"\\\r\n]+\")@{_LABEL}(?:\.{_LABEL})*")
_LOCALE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)

COUNTRY_CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
    ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU
    ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
    LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG
    NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE
    SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA
    UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)


def text(value: Any) -> str | None:
    """A string of at least one character that PostgreSQL can keep."""
    if not isinstance(value, str):
        return "must be text"
    if not value:
        return "must not be empty; leave the attribute out to delete it"
    if "\0" in value:
        return "must not contain a null character"
    if not value.isascii() and _HALF.search(value):
        return "must be valid Unicode; it contains half of a surrogate pair"
    return None


def storable(value: Any, depth: int = 0) -> str | None:
    """JSON that PostgreSQL can keep: finite numbers, valid texts, 50 levels at most."""
    if depth > 50:
        return "must not be nested more than 50 levels deep"
    match value:
        case None | bool() | "":
            return None
        case str():
            return text(value)
        case int() | float():
            fits = abs(value) <= sys.float_info.max
            return None if fits else "must hold numbers that fit 64 bits of floating point"
        case Mapping():
            parts = [*value, *value.values()]
        case list():
            parts = value
        case _:
            return "must be JSON"
    return next(filter(None, (storable(part, depth + 1) for part in parts)), None)


def email(value: Any) -> str | None:
    """RFC 5322 `addr-spec`, without display name."""
    if refusal := text(value):
        return refusal
    if len(value) > 320 or not _EMAIL.fullmatch(value):
        return "must be an e-mail address such as ada@nordlake.example, without a display name"
    return None


def phone_number(value: Any) -> str | None:
    """E.164, and a number that can exist according to libphonenumber."""
    if refusal := text(value):
        return refusal
    if re.fullmatch(r"\+[1-9][0-9]{1,14}", value) and valid_number(value):
        return None
    return "must be a valid phone number in E.164 form, such as +46701740605"


@lru_cache(maxsize=64)
def valid_number(value: str) -> tuple[phonenumbers.PhoneNumber, str] | None:
    """Return a number and its region by libphonenumber; None where there can be no such number.

    Whoever wants more of a number asks soon after it was checked, and finding out takes long.
    """
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    if region is None or not phonenumbers.is_valid_number_for_region(number, region):
        return None
    return number, region


def url(value: Any) -> str | None:
    """An absolute URI with scheme and host, and a path without `.`, `..` or empty segments."""
    if refusal := text(value):
        return refusal
    parts = _split(value)
    if parts is None or not parts.scheme or not parts.netloc or not _is_clean(parts.path):
        return "must be an absolute URL with scheme and host, such as https://nordlake.example/ada"
    return None


def picture(value: Any) -> str | None:
    """An absolute http(s) URI, or a stored image `authgearimages:///app/object`."""
    if refusal := text(value):
        return refusal
    parts = _split(value)
    if parts and parts.scheme == "authgearimages" and not parts.netloc and _is_clean(parts.path):
        if len(parts.path.strip("/").split("/")) == 2:
            return None
    elif parts and parts.scheme in ("http", "https") and url(value) is None:
        return None
    return "must be an absolute http or https URL of a picture"


def birthdate(value: Any) -> str | None:
    """OIDC Core 5.1: `YYYY-MM-DD`, `0000-MM-DD`, `--MM-DD` or `YYYY`."""
    if refusal := text(value):
        return refusal
    example = "must be a date such as 1990-07-24, or 0000-07-24, --07-24 or 1990"
    if re.fullmatch(r"[0-9]{4}", value):
        return None
    if not re.fullmatch(r"(?:[0-9]{4}|-)-[0-9]{2}-[0-9]{2}", value):
        return example
    leap_year = 2000
    year = 0 if value.startswith("--") else int(value[:4])
    try:
        datetime.date(year or leap_year, int(value[-5:-3]), int(value[-2:]))
    except ValueError:
        return example
    return None


def time_zone(value: Any) -> str | None:
    """An IANA name with a slash that loads, such as `Europe/Stockholm`."""
    if refusal := text(value):
        return refusal
    example = "must be an IANA time zone such as Europe/Stockholm"
    if "/" not in value:
        return example
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return example
    return None


def locale(value: Any) -> str | None:
    """A BCP 47 tag in canonical form, such as `zh-HK`."""
    if refusal := text(value):
        return refusal
    if not _LOCALE.fullmatch(value):
        return "must be a language tag in canonical form, such as sv, zh-HK or sr-Latn-RS"
    return None


def country_code(value: Any) -> str | None:
    """An upper-case ISO 3166-1 alpha-2 code of an inhabited territory, or `XK`."""
    if value not in COUNTRY_CODES if isinstance(value, str) else True:
        return "must be a two-letter country code in capitals, such as SE"
    return None


def date(value: Any) -> str | None:
    """RFC 3339 `full-date`: `YYYY-MM-DD`."""
    if refusal := text(value):
        return refusal
    example = "must be a date such as 2026-03-04"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return example
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return example
    return None


def moment(value: Any) -> str | None:
    """RFC 3339 `date-time`, with its offset from UTC."""
    if refusal := text(value):
        return refusal
    example = "must be a time with its offset from UTC, such as 2026-03-04T05:06:07Z"
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
    if not re.fullmatch(pattern, value):
        return example
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        return example
    return None


def texts(value: Any) -> str | None:
    """A list of at least one text, each of at least one character and standing once."""
    if not isinstance(value, list) or not value:
        return "must be a list of texts; leave the attribute out to delete it"
    for place, item in enumerate(value):
        if refusal := text(item):
            return f"item {place} {refusal}"
    return None if len(set(value)) == len(value) else "each item may stand only once"


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return None if re.search(r"[\s\x00-\x1f]", value) else parts


def _is_clean(path: str) -> bool:
    return not re.search(r"//|(?:^|/)\.\.?(?:/|$)", path)
