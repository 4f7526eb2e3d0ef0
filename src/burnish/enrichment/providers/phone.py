"""What a phone number says by itself, by Google's rules and tables."""

from typing import Any, ClassVar

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from burnish.attributes import formats
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms
from burnish.enrichment.providers.country import country_name
from burnish.enrichment.settings import Settings

_TYPES = {
    value: name.lower() for name, value in vars(PhoneNumberType).items() if isinstance(value, int)
}
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PAGER)
_NOWHERE = "Etc/Unknown"
_described: dict[str, str] = {}
"""How numbers are described of whose place no more is known than their region."""

# People move and keep their number, so it says less of them than of itself.
_OF_THE_PERSON = {"country": 0.6, "country_code": 0.6, "timezone": 0.5}


class PhoneSettings(Settings):
    """What is looked up."""

    places: bool = True
    """Whether to look for the number's place; its tables take 100 MB of memory."""


class Phone(LocalProvider):
    """Country, place, time zones, first carrier and kind of a phone number."""

    key = "phone"
    title = "Phone number"
    page = "https://github.com/daviddrysdale/python-phonenumbers"
    needs = frozenset({"phone_number"})
    gives = frozenset(
        {"phone_country_code", "phone_country", "phone_region", "phone_timezones", "phone_carrier"}
        | {"phone_type", "phone_is_valid", "calling_code"}
        | _OF_THE_PERSON.keys()
    )
    terms = Terms("Apache-2.0 (libphonenumber's metadata).")
    Settings = PhoneSettings
    example: ClassVar[Known] = {"phone_number": "+46701740605"}

    def look(self, known: Known) -> Found | Miss:
        text = str(known["phone_number"])
        if valid := formats.valid_number(text):
            number, region = valid
            # Each of these would find the kind out anew, which takes most of the time.
            kind = phonenumbers.number_type(number)
            values = {"phone_is_valid": True, **_country_of(number, region, kind)}
            values |= _table_entries(number, kind)
            if self.settings.places and (place := _place_of(number, region, kind)):
                values["phone_region"] = place
        elif _can_be_read(text):
            values = {"phone_is_valid": False}
        else:
            return Miss()
        return Found(values, confidence=0.95, sure=_OF_THE_PERSON)


def _country_of(number: PhoneNumber, region: str, kind: int) -> dict[str, Any]:
    values: dict[str, Any] = {"calling_code": f"+{number.country_code}"}
    if kind != PhoneNumberType.UNKNOWN:
        values["phone_type"] = _TYPES[kind]
    # Numbers of the whole world, such as +800, have a region that is no country.
    if name := country_name(region):
        values |= {"phone_country_code": region, "country_code": region}
        values |= {"phone_country": name, "country": name}
    return values


def _table_entries(number: PhoneNumber, kind: int) -> dict[str, Any]:
    from phonenumbers import carrier, timezone  # 13 MB of tables

    values: dict[str, Any] = {}
    if kind in _MOBILE and (name := carrier.name_for_valid_number(number, "en")):
        values["phone_carrier"] = name
    if _is_of_a_place(number, kind):
        listed = timezone.time_zones_for_geographical_number(number)
    else:
        listed = timezone.time_zones_for_number(number)
    zones = [zone for zone in listed if zone != _NOWHERE]
    if zones:
        values["phone_timezones"] = zones
    if len(zones) == 1:
        values["timezone"] = zones[0]
    return values


def _place_of(number: PhoneNumber, region: str, kind: int) -> str:
    from phonenumbers import geocoder  # 100 MB of tables, and 0.2 s to read them

    if not _is_of_a_place(number, kind):
        return ""
    place: str = geocoder.description_for_valid_number(number, "en")
    if region not in _described:
        # To somebody from elsewhere a number is described by its country alone.
        described = geocoder.description_for_valid_number(number, "en", region="ZZ")
        _described[region] = described
    return "" if place == _described[region] else place


def _is_of_a_place(number: PhoneNumber, kind: int) -> bool:
    return phonenumbers.is_number_type_geographical(kind, number.country_code or 0)


def _can_be_read(text: str) -> bool:
    try:
        phonenumbers.parse(text)
    except NumberParseException:
        return False
    return True
