"""What Clearbit says of a person and of a company."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from burnish.sandbox.people import FREE_MAIL, Company, Person
from burnish.sandbox.places import Place

INDEXED_AT = "2024-01-02T04:21:11.456Z"


def person(person: Person) -> dict[str, Any]:
    """Return a person; what is not known is null."""
    place, company = person.place, person.company
    return {
        "id": person.id,
        "name": {"fullName": person.name, "givenName": person.given, "familyName": person.family},
        "email": person.email,
        "location": f"{place.city}, {place.state}, {place.country.code2}",
        "timeZone": place.zone.name,
        "utcOffset": _offset(place),
        "geo": _geo(place),
        "bio": person.bio or None,
        "site": None,
        "avatar": None,
        "employment": {
            "domain": company.domain if company else None,
            "name": company.name if company else None,
            "title": person.title,
            "role": person.role,
            "subRole": None,
            "seniority": person.seniority,
        },
        "facebook": {"handle": None},
        "github": {"handle": person.handle, "id": 1, "followers": 3, "following": 4},
        "twitter": {"handle": None, "id": None, "bio": None, "followers": None},
        "linkedin": {"handle": f"in/{person.handle}"},
        "googleplus": {"handle": None},
        "gravatar": {"handle": None, "urls": [], "avatar": None, "avatars": []},
        "fuzzy": False,
        "emailProvider": person.email.partition("@")[2] in FREE_MAIL,
        "indexedAt": INDEXED_AT,
    }


def company(company: Company) -> dict[str, Any]:
    """Return a company; what is not known is null."""
    return {
        "id": company.id,
        "name": company.name,
        "legalName": company.legal_name,
        "domain": company.domain,
        "domainAliases": [],
        "site": {"phoneNumbers": [], "emailAddresses": [f"hello@{company.domain}"]},
        "category": {
            "sector": company.sector,
            "industryGroup": None,
            "industry": company.industry,
            "subIndustry": None,
        },
        "tags": list(company.tags),
        "description": company.description,
        "foundedYear": company.founded,
        "location": company.address,
        "timeZone": company.place.zone.name,
        "utcOffset": _offset(company.place),
        "geo": {"streetAddress": company.street, **_geo(company.place)},
        "logo": None,
        "facebook": {"handle": None, "likes": None},
        "linkedin": {"handle": f"company/{company.handle}"},
        "twitter": {"handle": None, "id": None, "bio": None, "followers": None},
        "crunchbase": {"handle": None},
        "emailProvider": False,
        "type": company.kind,
        "ticker": None,
        "phone": company.phone,
        "metrics": {
            "trafficRank": "low",
            "employees": company.employees,
            "employeesRange": company.size,
            "annualRevenue": None,
            "estimatedAnnualRevenue": "$1M-$10M",
        },
        "indexedAt": INDEXED_AT,
        "tech": list(company.technologies),
        "techCategories": ["web_servers"],
        "parent": {"domain": None},
        "ultimateParent": {"domain": None},
    }


def _offset(place: Place) -> int:
    """Return the hours that winter's clocks are ahead of UTC."""
    winter = datetime(2024, 1, 2, tzinfo=ZoneInfo(place.zone.name))
    return int((winter.utcoffset() or timedelta()) / timedelta(hours=1))


def _geo(place: Place) -> dict[str, Any]:
    return {
        "city": place.city,
        "postalCode": place.zipcode,
        "state": place.state,
        "stateCode": None,
        "country": place.country.name,
        "countryCode": place.country.code2,
        "lat": float(place.latitude),
        "lng": float(place.longitude),
    }
