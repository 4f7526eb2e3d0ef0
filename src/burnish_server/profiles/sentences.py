"""What is wrong with a value, in its reader's language: the library speaks English alone."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from burnish_server.profiles.wording import part_label

FIXED = frozenset(
    {
        N_("must be text"),
        N_("must not be empty; leave the attribute out to delete it"),
        N_("must not contain a null character"),
        N_("must be valid Unicode; it contains half of a surrogate pair"),
        N_("must not be nested more than 50 levels deep"),
        N_("must hold numbers that fit 64 bits of floating point"),
        N_("must be JSON"),
        N_("must be an e-mail address such as ada@nordlake.example, without a display name"),
        N_("must be a valid phone number in E.164 form, such as +46701740605"),
        N_("must be an absolute URL with scheme and host, such as https://nordlake.example/ada"),
        N_("must be an absolute http or https URL of a picture"),
        N_("must be a date such as 1990-07-24, or 0000-07-24, --07-24 or 1990"),
        N_("must be an IANA time zone such as Europe/Stockholm"),
        N_("must be a language tag in canonical form, such as sv, zh-HK or sr-Latn-RS"),
        N_("must be a two-letter country code in capitals, such as SE"),
        N_("must be a date such as 2026-03-04"),
        N_("must be a time with its offset from UTC, such as 2026-03-04T05:06:07Z"),
        N_("must be a list of texts; leave the attribute out to delete it"),
        N_("each item may stand only once"),
        N_("must be an object with formatted, street_address, locality and so on"),
        N_("must be true or false"),
        N_("must be a number"),
        N_("must be a number that fits 64 bits of floating point"),
        N_("must be a whole number"),
        N_("nobody defined this attribute"),
        N_("is not a standard attribute"),
        N_("there is no such attribute"),
        N_("must be one the user signs in with; add it to the account first"),
        N_("an administrator set this value and locked it"),
        N_("the user said this themselves, and their word holds unless you lock yours"),
    }
)
"""The sentences that are always the same."""

_SHAPES: Mapping[str, re.Pattern[str]] = {
    N_("must be at least %(bound)s"): re.compile(r"must be at least (?P<bound>.+)"),
    N_("must be at most %(bound)s"): re.compile(r"must be at most (?P<bound>.+)"),
    N_("must be one of %(choices)s"): re.compile(r"must be one of (?P<choices>.+)", re.DOTALL),
    N_("item %(place)s %(rest)s"): re.compile(r"item (?P<place>\d+) (?P<rest>.+)"),
    N_("%(part)s %(rest)s"): re.compile(
        r"(?P<part>formatted|street_address|locality|region|postal_code|country) (?P<rest>must .+)"
    ),
}


def worded(sentence: str) -> str:
    """Return a fault's sentence in the reader's language, as it stands where nobody knows it."""
    if sentence in FIXED:
        return _(sentence)
    for shape, pattern in _SHAPES.items():
        if found := pattern.fullmatch(sentence):
            return _(shape) % {name: _inner(name, text) for name, text in found.groupdict().items()}
    return sentence


def _inner(name: str, text: str) -> str:
    return worded(text) if name == "rest" else part_label(text) if name == "part" else text
