"""What a person and a company look like at the vendors whose answers have Clearbit's shape."""

from collections.abc import Mapping
from typing import Any

from burnish.enrichment import reading
from burnish.enrichment.reading import Field


def _page(site: str, folder: str, *paths: str) -> Field:
    """A page by its handle, which may stand with or without the folder it is in."""
    return reading.kinded(
        lambda handle: f"{site}/{folder}/{handle.strip('/').removeprefix(f'{folder}/')}", *paths
    )


def _count(value: Any) -> int | None:
    """A number of employees; one vendor writes a range in its place."""
    if isinstance(value, str) and not value.strip().isdigit():
        return None
    return int(reading.integer().kind(value))


def _range(value: Any) -> Any:
    """A range of employees; one vendor writes a number in its place."""
    if isinstance(value, int):
        return None
    words = reading.text().kind(value)
    return None if words is None or words.isdigit() else words


PERSON: Mapping[str, Field] = {
    "name": reading.text("name.fullName"),
    "given_name": reading.text("name.givenName"),
    "family_name": reading.text("name.familyName"),
    "gender": reading.text("gender"),
    "picture": reading.url("avatar"),
    "website": reading.url("site"),
    "bio": reading.text("bio"),
    "location": reading.text("location"),
    "timezone": reading.text("timeZone"),
    "city": reading.text("geo.city"),
    "region": reading.text("geo.state"),
    "region_code": reading.text("geo.stateCode"),
    "country": reading.text("geo.country"),
    "country_code": reading.country_code("geo.countryCode"),
    "latitude": reading.number("geo.lat"),
    "longitude": reading.number("geo.lng"),
    "job_title": reading.text("employment.title"),
    "job_role": reading.text("employment.role"),
    "seniority": reading.text("employment.seniority"),
    "company_name": reading.text("employment.name"),
    "company_domain": reading.text("employment.domain"),
    "linkedin_url": _page("https://www.linkedin.com", "in", "linkedin.handle"),
    "twitter_url": reading.link("https://twitter.com/", "twitter.handle"),
    "github_url": reading.link("https://github.com/", "github.handle"),
    "facebook_url": reading.link("https://www.facebook.com/", "facebook.handle"),
}

COMPANY: Mapping[str, Field] = {
    "company_name": reading.text("name"),
    "company_legal_name": reading.text("legalName"),
    "company_domain": reading.text("domain"),
    "company_description": reading.text("description"),
    "company_industry": reading.text("category.industry"),
    "company_sector": reading.text("category.sector"),
    "company_type": reading.text("type", "company_type"),
    "company_size": Field(("metrics.employeesRange", "metrics.employees"), _range),
    "company_employees": Field(("metrics.employees",), _count),
    "company_founded": reading.integer("foundedYear"),
    "company_revenue": reading.text("metrics.estimatedAnnualRevenue"),
    "company_logo": reading.url("logo"),
    "company_location": reading.text("location"),
    "company_city": reading.text("geo.city"),
    "company_region": reading.text("geo.state"),
    "company_country": reading.text("geo.country"),
    "company_country_code": reading.country_code("geo.countryCode"),
    "company_phone": reading.text("phone", "site.phoneNumbers.0"),
    "company_tags": reading.texts("tags"),
    "company_technologies": reading.texts("tech"),
    "company_linkedin_url": _page("https://www.linkedin.com", "company", "linkedin.handle"),
    "company_twitter_url": reading.link("https://twitter.com/", "twitter.handle"),
}
