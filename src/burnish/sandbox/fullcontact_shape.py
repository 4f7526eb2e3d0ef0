"""What FullContact says of a person and of a company."""

from typing import Any

from burnish.sandbox.people import Company, Person

# Ages are those of this year, so that the answers of next year are the same.
THIS_YEAR = 2026
UPDATED = "2026-01-15"
IMAGES = "https://img.fullcontact.com/static"


def person_shape(person: Person) -> dict[str, Any]:
    """Return a person; what is not known is null."""
    age = {
        "range": _age_range(THIS_YEAR - person.birth_year),
        "value": THIS_YEAR - person.birth_year,
    }
    gender = person.gender.capitalize() or None
    twitter = f"https://twitter.com/{person.handle}"
    avatar = f"{IMAGES}/{person.id}"
    work = {"name": person.company.legal_name} if person.company else {}
    return {
        "fullName": person.name,
        "ageRange": age["range"],
        "gender": gender,
        "location": person.location,
        "title": person.title,
        "organization": work.get("name"),
        "twitter": twitter,
        "linkedin": f"https://www.linkedin.com/in/{person.handle}",
        "facebook": None,
        "bio": person.bio or None,
        "avatar": avatar,
        "website": None,
        "details": {
            "name": {"given": person.given, "family": person.family, "full": person.name},
            "age": age,
            "gender": gender,
            "emails": [{"label": "work", "value": person.email}],
            "phones": [{"label": "work", "value": person.phone}],
            "profiles": {
                "twitter": {"username": person.handle, "url": twitter, "service": "twitter"}
            },
            "locations": [_place(person)],
            "employment": [{**work, "current": True, "title": person.title}] if work else [],
            "photos": [{"label": "avatar", "value": avatar}],
            "urls": [],
            "interests": [],
        },
        "extended": {},
        "updated": UPDATED,
    }


def withheld(person: dict[str, Any]) -> dict[str, Any]:
    """Return a person without what is kept from those who know the hash of an address only."""
    names = ("fullName", "twitter", "linkedin", "facebook")
    details = dict.fromkeys(("name", "emails", "phones", "profiles"))
    return {
        **person,
        **dict.fromkeys(names),
        "details": {**person["details"], **details},
    }


def company_shape(company: Company) -> dict[str, Any]:
    """Return a company; what is not known is null."""
    place, site = company.place, f"https://www.{company.domain}"
    twitter, logo = f"https://twitter.com/{company.handle}", f"{IMAGES}/{company.handle}"
    address = f"{company.street} {place.city}, {place.state}, {place.zipcode} {place.country.name}"
    return {
        "name": company.legal_name,
        "location": address,
        "twitter": twitter,
        "linkedin": f"https://www.linkedin.com/company/{company.handle}",
        "facebook": None,
        "bio": company.description,
        "logo": logo,
        "website": site,
        "founded": company.founded,
        "employees": company.employees,
        "locale": "en",
        "category": "Other",
        "details": {
            "industries": [{"type": "SIC", "name": company.industry, "code": "7373"}],
            "phones": [{"value": company.phone, "label": "other"}],
            "locations": [
                {
                    "label": "work",
                    "addressLine1": company.street,
                    "city": place.city,
                    "region": place.state,
                    "postalCode": place.zipcode,
                    "country": place.country.name,
                    "formatted": address,
                }
            ],
            "images": [{"value": logo, "label": "logo"}],
            "urls": [{"value": site, "label": "website"}],
            "keywords": list(company.tags),
        },
        "updated": UPDATED,
    }


def _place(person: Person) -> dict[str, Any]:
    place = person.place
    return {
        "city": place.city,
        "region": place.state,
        "regionCode": place.region_code,
        "country": place.country.name,
        "countryCode": place.country.code2,
        "formatted": person.location,
    }


def _age_range(age: int) -> str:
    for low, high in ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64)):
        if age <= high:
            return f"{low}-{high}"
    return "65+"
