"""What providers are asked with, in one form each: the same question is then asked only once."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from burnish.attributes import formats
from burnish.outbound import is_public

Known: TypeAlias = Mapping[str, Any]
"""Inputs in their one form, by name: `ip`, `email`, `company_domain`, `user_agent`..."""

CALLBACK = "callback_url"
"""The input that holds an address of ours for vendors that answer later; it is part of no cache
key."""

LONGEST = 2000

_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")

# Documentation addresses count as public, so that examples and tests have some to use.
_DOCUMENTATION = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


class Unfit(ValueError):
    """This cannot be asked about; the message says why, without the value."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known to ask with, and why some of what was given cannot be used."""

    known: dict[str, Any] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)


def read(given: Mapping[str, Any]) -> Inputs:
    """Bring inputs into their one form; leave out what is empty, and what is unfit."""
    inputs = Inputs()
    for name, value in given.items():
        if value is None or value == "":
            continue
        try:
            inputs.known[name] = FORMS.get(name, plain)(value)
        except Unfit as unfit:
            inputs.unfit[name] = str(unfit)
    return inputs


def plain(value: Any) -> Any:
    """Any other input: trimmed text of at most 2,000 characters, or a number."""
    if isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str) or formats.text(value.strip()):
        raise Unfit("is not text")
    if len(value) > LONGEST:
        raise Unfit(f"is longer than {LONGEST:,} characters")
    return value.strip()


def email(value: Any) -> str:
    """An address in small letters; vendors' hashes are made of this form."""
    text = str(plain(value)).lower()
    if formats.email(text):
        raise Unfit("is not an e-mail address")
    return text


def ip(value: Any) -> str:
    """An address that somebody on the public internet can have, in its shortest form."""
    try:
        address = ipaddress.ip_address(str(value).strip().partition("%")[0])
    except ValueError:
        raise Unfit("is not an IP address") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if is_bogon(address):
        raise Unfit("is a private or reserved address, of which nobody outside knows anything")
    return str(address)


def is_bogon(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether no one on the public internet has this address."""
    if is_public(address):
        return False
    return not any(address in network for network in _DOCUMENTATION)


def domain(value: Any) -> str:
    """A host name in small letters and ASCII, without `www.`."""
    text = str(plain(value)).lower().rstrip(".").removeprefix("www.")
    try:
        text = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        raise Unfit("is not a domain name") from None
    if not _DOMAIN.fullmatch(text):
        raise Unfit("is not a domain name")
    return text


def phone_number(value: Any) -> str:
    """A number in E.164 form."""
    text = re.sub(r"[\s().-]", "", str(plain(value)))
    if formats.phone_number(text):
        raise Unfit("is not a phone number in international form")
    return text


def country_code(value: Any) -> str:
    """An ISO 3166-1 alpha-2 code in capitals."""
    text = str(plain(value)).upper()
    if formats.country_code(text):
        raise Unfit("is not a country code")
    return text


FORMS: dict[str, Callable[[Any], Any]] = {
    "email": email,
    "ip": ip,
    "company_domain": domain,
    "phone_number": phone_number,
    "country_code": country_code,
}
