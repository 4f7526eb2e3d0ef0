"""What a country code says: names by Unicode's CLDR, and what people use there."""

from functools import cache
from typing import Any, ClassVar

import phonenumbers
from babel import Locale
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from burnish.attributes import formats
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms

_CONTINENTS = {
    "AF": (
        "Africa",
        """AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA
        MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW""",
    ),
    "AS": (
        "Asia",
        """AE AF AM AZ BD BH BN BT CC CN CX CY GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA
        LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE""",
    ),
    "EU": (
        "Europe",
        """AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI
        LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK""",
    ),
    "NA": (
        "North America",
        """AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX
        NI PA PM PR SV SX TC TT US VC VG VI""",
    ),
    "OC": (
        "Oceania",
        """AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS""",
    ),
    "SA": ("South America", "AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE"),
}

_BY_COUNTRY = {
    country: (code, name)
    for code, (name, countries) in _CONTINENTS.items()
    for country in countries.split()
}

# A country's language is a guess at a person's.
_LANGUAGE = 0.4


class Country(LocalProvider):
    """Name, continent, calling code, currency and languages of a country."""

    key = "country"
    title = "Country"
    page = "https://cldr.unicode.org"
    needs = frozenset({"country_code"})
    gives = frozenset(
        {"country", "continent", "continent_code", "calling_code", "currency", "language"}
        | {"languages"}
    )
    terms = Terms("Unicode License (CLDR), Apache-2.0 (libphonenumber's metadata).")
    example: ClassVar[Known] = {"country_code": "SE"}

    def look(self, known: Known) -> Found | Miss:
        values = facts(str(known["country_code"]).upper())
        sure = {"language": _LANGUAGE, "languages": _LANGUAGE}
        return Found(dict(values), sure=sure) if values else Miss()


@cache
def facts(code: str) -> dict[str, Any]:
    """Return what is known of a country; nothing where there is none of this code."""
    name = country_name(code)
    if not name:
        return {}
    values: dict[str, Any] = {"country": name}
    if continent := _BY_COUNTRY.get(code):
        values["continent_code"], values["continent"] = continent
    if prefix := phonenumbers.country_code_for_region(code):
        values["calling_code"] = f"+{prefix}"
    if currencies := get_territory_currencies(code):
        values["currency"] = currencies[0]
    if languages := [tag.replace("_", "-") for tag in get_official_languages(code, de_facto=True)]:
        values |= {"language": languages[0], "languages": languages}
    return values


@cache
def country_name(code: str) -> str | None:
    """Return the English name of a country."""
    return None if formats.country_code(code) else Locale("en").territories.get(code)
