"""The stand-in for People Data Labs keeps to that vendor's wire contract, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import people_data_labs, serve

PATH = "/v5/person/enrich"
KEY = {"X-Api-Key": "any"}
ADA = "ada@nordlake.example"

REFUSALS = [
    pytest.param({}, {"email": ADA}, 401, "authentication_error", id="no key"),
    pytest.param({"X-Api-Key": "invalid"}, {"email": ADA}, 401, "authentication_error", id="wrong"),
    pytest.param({"X-Api-Key": "credits"}, {"email": ADA}, 402, "payment_required", id="credits"),
    pytest.param({"X-Api-Key": "limit-429"}, {"email": ADA}, 429, "rate_limit_error", id="limit"),
    pytest.param({"X-Api-Key": "error-500"}, {"email": ADA}, 500, "api_error", id="broken"),
    pytest.param(KEY, {}, 400, "invalid_request_error", id="nothing to ask with"),
    pytest.param(KEY, {"name": "Ada Kvist"}, 400, "invalid_request_error", id="a name alone"),
    pytest.param(
        KEY, {"email": ADA, "min_likelihood": "11"}, 400, "invalid_request_error", id="likelihood"
    ),
    pytest.param(KEY, {"email": "nobody@nordlake.example"}, 404, "not_found", id="unknown"),
    pytest.param(KEY, {"email": ADA, "min_likelihood": "10"}, 404, "not_found", id="too unlikely"),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve((people_data_labs.VENDOR,)) as rewrites:
        origin = next(iter(rewrites.values()))
        async with httpx.AsyncClient(base_url=origin) as client:
            yield client


@pytest.mark.parametrize(("headers", "query", "status", "kind"), REFUSALS)
async def test_an_error_has_a_type_that_stands_in_a_list_after_a_post(
    vendor: httpx.AsyncClient,
    headers: dict[str, str],
    query: dict[str, Any],
    status: int,
    kind: str,
) -> None:
    by_get = await vendor.get(PATH, params=query, headers=headers)
    by_post = await vendor.post(PATH, json=query, headers=headers)

    assert by_get.status_code == by_post.status_code == status
    assert by_get.json()["status"] == status
    assert by_get.json()["error"]["type"] == kind
    assert by_post.json()["error"]["type"] == [kind]


async def test_a_record_is_in_small_letters_but_for_its_id(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get(PATH, params={"email": ADA, "api_key": "any"})

    data = reply.json()["data"]
    assert reply.json()["likelihood"] == 9
    assert data["full_name"] == "ada kvist"
    assert data["location_region"] == "skåne län"
    assert data["job_company_name"] == "nordlake"
    assert data["middle_name"] is None
    assert data["id"].endswith("_0000")


async def test_every_answer_says_when_the_minute_is_over_as_iso_time(
    vendor: httpx.AsyncClient,
) -> None:
    for key, spent in (("any", "1"), ("limit-429", "0")):
        reply = await vendor.get(PATH, params={"email": ADA}, headers={"X-Api-Key": key})
        reset = datetime.fromisoformat(reply.headers["x-ratelimit-reset"])
        assert reset > datetime.now(reset.tzinfo)
        assert reply.headers["x-call-credits-spent"] == spent


async def test_a_hash_finds_whose_address_it_is(vendor: httpx.AsyncClient) -> None:
    digest = sha256(ADA.encode()).hexdigest()
    reply = await vendor.post(PATH, json={"email_hash": digest}, headers=KEY)

    assert reply.json()["data"]["work_email"] == ADA


async def test_a_body_that_is_no_object_is_refused(vendor: httpx.AsyncClient) -> None:
    for body in ("", "[]", "{"):
        reply = await vendor.post(PATH, content=body, headers=KEY)
        assert reply.status_code == 400
