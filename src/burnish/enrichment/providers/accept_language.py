"""What a browser's `Accept-Language` says of its person's languages (RFC 9110, 12.5.4)."""

import re

from burnish.attributes import formats
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms

MOST = 50

_WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)

# Many people leave a browser in American English, so a region is a hint and no more.
_COUNTRY = 0.3


class AcceptLanguage(LocalProvider):
    """Languages, the preferred first, and the region it was set for."""

    key = "accept_language"
    title = "Accept-Language"
    page = "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4"
    needs = frozenset({"accept_language"})
    gives = frozenset({"locale", "language", "languages", "country_code"})
    terms = Terms("What the person's browser says.")

    def look(self, known: Known) -> Found | Miss:
        tags = preferred(str(known["accept_language"]))
        if not tags:
            return Miss()
        languages = list(dict.fromkeys(tag.partition("-")[0] for tag in tags))
        values = {"locale": tags[0], "language": languages[0], "languages": languages}
        regions = (part for tag in tags for part in tag.split("-")[1:])
        if country := next((part for part in regions if part in formats.COUNTRY_CODES), None):
            values["country_code"] = country
        return Found(values, confidence=0.8, sure={"country_code": _COUNTRY})


def preferred(header: str) -> list[str]:
    """Return the language tags in canonical form, the preferred first."""
    weighed: list[tuple[float, str]] = []
    for item in header.split(",")[:MOST]:
        name, _, parameter = (part.strip() for part in item.partition(";"))
        weight = _WEIGHT.fullmatch(parameter) if parameter else None
        quality = float(weight[1]) if weight else 1.0
        tag = canonical(name)
        if quality > 0 and formats.locale(tag) is None and (weight or not parameter):
            weighed.append((-quality, tag))
    return list(dict.fromkeys(tag for _, tag in sorted(weighed, key=lambda one: one[0])))


def canonical(tag: str) -> str:
    """Write a tag as BCP 47 recommends: `zh-Hant-HK`."""
    language, *rest = tag.lower().split("-")
    parts = [language]
    for part in rest:
        if len(parts[-1]) == 1:
            parts.append(part)  # after a single letter everything is small
        elif len(part) == 2:
            parts.append(part.upper())
        else:
            parts.append(part.title() if len(part) == 4 and part.isalpha() else part)
    return "-".join(parts)
