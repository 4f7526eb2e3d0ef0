"""The providers that come with Burnish, one file each.

One from elsewhere is found by the entry point group `burnish.providers`, and is made in the same
way: nothing here uses more than `burnish.enrichment.provider` offers everybody. One that cannot be
loaded is left out.
"""

from functools import cache

from burnish.enrichment import outside
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers.abstract import AbstractEmail, AbstractIp, AbstractPhone
from burnish.enrichment.providers.accept_language import AcceptLanguage
from burnish.enrichment.providers.apollo import ApolloCompany, ApolloPerson
from burnish.enrichment.providers.clearbit import (
    ClearbitCombined,
    ClearbitCompany,
    ClearbitPerson,
)
from burnish.enrichment.providers.clearbit_company_search import (
    ClearbitNameToDomain,
    ClearbitReveal,
)
from burnish.enrichment.providers.country import Country
from burnish.enrichment.providers.email_address import EmailAddress
from burnish.enrichment.providers.fullcontact import FullContactCompany, FullContactPerson
from burnish.enrichment.providers.gravatar import Gravatar
from burnish.enrichment.providers.http import Http
from burnish.enrichment.providers.hunter import (
    HunterCombined,
    HunterCompany,
    HunterPerson,
    HunterVerifier,
)
from burnish.enrichment.providers.ipgeolocation import IpGeolocation
from burnish.enrichment.providers.ipinfo import IpInfo
from burnish.enrichment.providers.maxmind_db import MaxMindDb
from burnish.enrichment.providers.maxmind_web import MaxMindWeb
from burnish.enrichment.providers.people_data_labs import PeopleDataLabs
from burnish.enrichment.providers.phone import Phone
from burnish.enrichment.providers.sql import Sql
from burnish.enrichment.providers.time_zone import TimeZone
from burnish.enrichment.providers.user_agent import UserAgent

BUILT_IN: tuple[type[Provider], ...] = (
    AbstractEmail,
    AbstractIp,
    AbstractPhone,
    AcceptLanguage,
    ApolloCompany,
    ApolloPerson,
    ClearbitCombined,
    ClearbitCompany,
    ClearbitNameToDomain,
    ClearbitPerson,
    ClearbitReveal,
    Country,
    EmailAddress,
    FullContactCompany,
    FullContactPerson,
    Gravatar,
    Http,
    HunterCombined,
    HunterCompany,
    HunterPerson,
    HunterVerifier,
    IpGeolocation,
    IpInfo,
    MaxMindDb,
    MaxMindWeb,
    PeopleDataLabs,
    Phone,
    Sql,
    TimeZone,
    UserAgent,
)


@cache
def kinds() -> dict[str, type[Provider]]:
    """Return every kind of provider there is, by key."""
    found = {kind.key: kind for kind in BUILT_IN}
    for name, kind in outside.load("burnish.providers"):
        if why := outside.misshapen(kind):
            outside.leave_out(name, why)
        elif kind.key in found:
            outside.leave_out(name, f"there is a provider {kind.key} already")
        else:
            found[kind.key] = kind
    return found
