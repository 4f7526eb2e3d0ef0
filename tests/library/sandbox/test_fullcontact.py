"""The stand-in for FullContact keeps to that vendor's wire contract, over real HTTP."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from tests.library.sandbox.receiver import receiving

from burnish.sandbox import fullcontact, serve

ORIGIN = "https://api.fullcontact.com"
PERSON, COMPANY = "/v3/person.enrich", "/v3/company.enrich"
MD5 = hashlib.md5(b"ada@nordlake.example").hexdigest()

REFUSALS = [
    pytest.param(PERSON, b"{", 400, {"code": 400}, id="no JSON"),
    pytest.param(PERSON, b"[]", 400, {"code": 400}, id="a list"),
    pytest.param(PERSON, b"{}", 422, {"status": 422}, id="nobody to look for"),
    pytest.param(
        PERSON,
        b'{"email": "a@b.example", "webhookUrl": "here"}',
        400,
        {"status": 400},
        id="webhook",
    ),
    pytest.param(
        PERSON, b'{"email": "nobody@b.example"}', 404, {"message": "Profile not found"}, id="nobody"
    ),
    pytest.param(COMPANY, b"{}", 422, {"status": 422}, id="no domain"),
    pytest.param(
        COMPANY, b'{"domain": "gmail.com"}', 404, {"reasonCode": "NOT_REGISTERED"}, id="no company"
    ),
    pytest.param("/v3/tags.get", b"{}", 404, {"status": 404}, id="another path"),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve((fullcontact.VENDOR,)) as rewrites:
        headers = {"Authorization": "Bearer k"}
        async with httpx.AsyncClient(base_url=rewrites[ORIGIN], headers=headers) as client:
            yield client


async def test_ada_is_found_by_address_and_by_number(vendor: httpx.AsyncClient) -> None:
    by_email = await vendor.post(PERSON, json={"email": "ada@nordlake.example"})
    by_phone = await vendor.post(PERSON, json={"phones": ["+46701234567"]})

    assert by_email.status_code == by_phone.status_code == 200
    assert by_email.json() == by_phone.json()
    assert by_email.json()["fullName"] == "Ada Kvist"
    assert by_email.json()["details"]["locations"][0]["countryCode"] == "SE"
    assert by_email.json()["details"]["profiles"].keys() == {"twitter"}


async def test_who_is_asked_for_by_hash_only_stays_without_name(vendor: httpx.AsyncClient) -> None:
    hashed = (await vendor.post(PERSON, json={"email": MD5})).json()
    both = (await vendor.post(PERSON, json={"email": MD5, "phone": "+46701234567"})).json()

    assert hashed["fullName"] is hashed["linkedin"] is hashed["details"]["emails"] is None
    assert hashed["title"] == "Data Engineer"
    assert both["fullName"] == "Ada Kvist"


async def test_a_company_is_found_by_its_domain(vendor: httpx.AsyncClient) -> None:
    answer = (await vendor.post(COMPANY, json={"domain": "nordlake.example"})).json()

    assert answer["name"] == "Nordlake AB"
    assert answer["employees"] == 48
    assert answer["details"]["locations"][0]["city"] == "Lund"


@pytest.mark.parametrize(("path", "body", "status", "parts"), REFUSALS)
async def test_a_request_gets_the_vendors_status_and_error_body(
    vendor: httpx.AsyncClient, path: str, body: bytes, status: int, parts: dict[str, Any]
) -> None:
    reply = await vendor.post(path, content=body)

    assert reply.status_code == status
    assert parts.items() <= reply.json().items()


async def test_no_key_is_forbidden_and_a_wrong_one_is_repeated(vendor: httpx.AsyncClient) -> None:
    question = {"email": "ada@nordlake.example"}
    without = await vendor.post(PERSON, json=question, headers={"Authorization": ""})
    wrong = await vendor.post(PERSON, json=question, headers={"Authorization": "Bearer invalid"})
    spent = await vendor.post(PERSON, json=question, headers={"Authorization": "Bearer credits"})

    assert without.status_code == spent.status_code == 403
    assert wrong.status_code == 401
    assert "invalid" in wrong.json()["message"]
    assert "exceeded" in spent.json()["message"]
    assert "exceeded" not in without.json()["message"]


async def test_down_says_for_how_long(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.post(PERSON, json={}, headers={"Authorization": "Bearer error-503"})

    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "1"


@pytest.mark.parametrize("email", ["ada@nordlake.example", "nobody@b.example"])
async def test_what_was_asked_is_sent_later_as_it_would_have_been_answered(
    vendor: httpx.AsyncClient, email: str
) -> None:
    answer = await vendor.post(PERSON, json={"email": email})
    async with receiving() as (url, received):
        later = await vendor.post(
            PERSON,
            json={"email": email, "webhookUrl": f"{url}?mine=1"},
            headers={"Authorization": "Bearer webhook"},
        )
        sent = await received

    assert later.status_code == 202
    assert later.json()["requestId"]
    assert sent.body == answer.content
    assert sent.query == "mine=1"
    assert sent.headers["content-type"] == "application/json"
    assert "x-request-signature" not in sent.headers


async def test_without_an_address_even_that_key_is_answered_at_once(
    vendor: httpx.AsyncClient,
) -> None:
    headers = {"Authorization": "Bearer webhook"}
    reply = await vendor.post(PERSON, json={"email": "ada@nordlake.example"}, headers=headers)

    assert reply.status_code == 200
