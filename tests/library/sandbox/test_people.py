"""Who the stand-in vendors know is made up, but always the same."""

import hashlib

import pytest

from burnish.sandbox.people import (
    company_named,
    company_of,
    person_of,
    person_of_hash,
    person_of_phone,
)


def test_ada_works_at_nordlake_in_lund() -> None:
    ada = person_of("Ada@Nordlake.example ")

    assert ada is not None
    assert ada.name == "Ada Kvist"
    assert ada.location == "Lund, Skåne län, Sweden"
    assert ada.company is company_of("www.nordlake.example") is company_named("Nordlake AB")
    assert ada is person_of_phone(ada.phone)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_ada_is_known_by_the_hashes_of_her_address(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"ada@nordlake.example").hexdigest()

    assert person_of_hash(digest) is person_of("ada@nordlake.example")
    assert person_of_hash("0" * len(digest)) is None


def test_somebody_else_is_made_from_their_address_always_the_same() -> None:
    eva, again = person_of("eva.berg@acme.example"), person_of("eva.berg@acme.example")

    assert eva == again
    assert eva is not None
    assert eva.name == "Eva Berg"
    assert eva.company == company_of("acme.example") == company_named("Acme")
    assert eva.company != company_of("other.example")


def test_who_begins_with_nobody_is_unknown() -> None:
    assert person_of("nobody7@acme.example") is None
    assert company_of("nobody.example") is None
    assert person_of_phone("+46109999") is None


def test_free_mail_is_no_company_although_the_person_is_known() -> None:
    person = person_of("someone@gmail.com")

    assert person is not None
    assert person.company is None
    assert company_of("gmail.com") is None


@pytest.mark.parametrize(
    ("domain", "size"),
    [("nordlake.example", "11-50"), ("halden.example", "251-1000"), ("kestrel.example", "10001+")],
)
def test_a_company_has_a_size(domain: str, size: str) -> None:
    company = company_of(domain)

    assert company is not None
    assert company.size == size
