"""What a provider of people must know before it can ask, and what leaves the house hashed."""

from typing import Any

import pytest

from burnish.enrichment.provider import Provider
from burnish.enrichment.providers.apollo import ApolloPerson
from burnish.enrichment.providers.gravatar import Gravatar
from burnish.enrichment.providers.people_data_labs import PeopleDataLabs

LACKING = [
    pytest.param(ApolloPerson, {"name": "Ada Kvist"}, ["company_domain"], id="apollo, name"),
    pytest.param(
        ApolloPerson, {"name": "Ada Kvist", "company_domain": "nordlake.example"}, [], id="both"
    ),
    pytest.param(
        ApolloPerson,
        {"company_domain": "nordlake.example"},
        ["email or linkedin_url or name"],
        id="apollo, company",
    ),
    pytest.param(
        ApolloPerson, {"name": "Ada Kvist", "email": "ada@nordlake.example"}, [], id="address too"
    ),
    pytest.param(
        PeopleDataLabs,
        {"name": "Ada Kvist"},
        ["company_domain or company_name"],
        id="people data labs, name",
    ),
    pytest.param(
        PeopleDataLabs, {"name": "Ada Kvist", "company_name": "Nordlake"}, [], id="name of both"
    ),
    pytest.param(PeopleDataLabs, {"phone_number": "+46701234567"}, [], id="phone number"),
]


def made(kind: type[Provider], **settings: Any) -> Provider:
    return kind(kind.Settings.model_validate({"api_key": "k", **settings}))


@pytest.mark.parametrize(("kind", "known", "lacking"), LACKING)
def test_a_name_alone_is_too_little(
    kind: type[Provider], known: dict[str, Any], lacking: list[str]
) -> None:
    assert made(kind).lacks(known) == lacking


@pytest.mark.parametrize("kind", [ApolloPerson, PeopleDataLabs])
def test_an_address_leaves_as_a_hash_where_that_is_settled(kind: type[Provider]) -> None:
    assert made(kind).hashed == frozenset()
    assert made(kind, hash_email=True).hashed == {"email"}


def test_gravatar_never_hears_an_address() -> None:
    assert made(Gravatar).hashed == {"email"}
