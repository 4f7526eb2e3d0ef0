"""What a phone number says by itself, by Google's rules and tables."""

from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms
from burnish.enrichment.providers.country import country_name
from burnish.enrichment.settings import Settings

_TYPES = {
    value: name.lower() for name, value in vars(PhoneNumberType).items() if isinstance(value, int)
}
_NOWHERE = "Etc/Unknown"

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

    def look(self, known: Known) -> Found | Miss:
        try:
            number = phonenumbers.parse(str(known["phone_number"]))
        except NumberParseException:
            return Miss()
        values: dict[str, Any] = {"phone_is_valid": phonenumbers.is_valid_number(number)}
        if values["phone_is_valid"]:
            values |= _country_of(number) | _table_entries(number)
            if self.settings.places and (place := _place_of(number)):
                values["phone_region"] = place
        return Found(values, confidence=0.95, sure=_OF_THE_PERSON)


def _country_of(number: PhoneNumber) -> dict[str, Any]:
    values: dict[str, Any] = {"calling_code": f"+{number.country_code}"}
    kind = phonenumbers.number_type(number)
    if kind != PhoneNumberType.UNKNOWN:
        values["phone_type"] = _TYPES[kind]
    code = phonenumbers.region_code_for_number(number)
    # Numbers of the whole world, such as +800, have a region that is no country.
    if code and (name := country_name(code)):
        values |= {"phone_country_code": code, "country_code": code}
        values |= {"phone_country": name, "country": name}
    return values


def _table_entries(number: PhoneNumber) -> dict[str, Any]:
    from phonenumbers import carrier, timezone  # 13 MB of tables

    values: dict[str, Any] = {}
    if name := carrier.name_for_number(number, "en"):
        values["phone_carrier"] = name
    zones = [zone for zone in timezone.time_zones_for_number(number) if zone != _NOWHERE]
    if zones:
        values["phone_timezones"] = zones
    if len(zones) == 1:
        values["timezone"] = zones[0]
    return values


def _place_of(number: PhoneNumber) -> str:
    from phonenumbers import geocoder  # 100 MB of tables, and 0.2 s to read them

    place: str = geocoder.description_for_number(number, "en")
    return "" if place == geocoder.country_name_for_number(number, "en") else place
