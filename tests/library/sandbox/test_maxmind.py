"""The stand-ins for MaxMind keep to that vendor's wire contract, over real HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import maxmind, serve

CITY, COUNTRY, INSIGHTS = (f"/geoip/v2.1/{service}/" for service in ("city", "country", "insights"))
LOGIN = ("42", "k")

REFUSALS = [
    pytest.param("999", LOGIN, 400, "IP_ADDRESS_INVALID", id="no address"),
    pytest.param("10.0.0.1", LOGIN, 400, "IP_ADDRESS_RESERVED", id="private"),
    pytest.param("192.0.2.7", LOGIN, 404, "IP_ADDRESS_NOT_FOUND", id="not in the database"),
    pytest.param("8.8.8.8", ("", "k"), 401, "ACCOUNT_ID_REQUIRED", id="no account"),
    pytest.param("8.8.8.8", ("42", ""), 401, "LICENSE_KEY_REQUIRED", id="no key"),
    pytest.param("8.8.8.8", ("42", "invalid"), 401, "AUTHORIZATION_INVALID", id="wrong key"),
    pytest.param("8.8.8.8", ("42", "credits"), 402, "INSUFFICIENT_FUNDS", id="no funds"),
]


@pytest_asyncio.fixture
async def rewrites() -> AsyncIterator[dict[str, str]]:
    async with serve((maxmind.VENDOR, maxmind.GEOLITE)) as rewrites:
        yield rewrites


@pytest_asyncio.fixture
async def vendor(rewrites: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    here = rewrites["https://geoip.maxmind.com"]
    async with httpx.AsyncClient(base_url=here, auth=LOGIN) as client:
        yield client


@pytest_asyncio.fixture
async def geolite(rewrites: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=rewrites["https://geolite.info"], auth=LOGIN) as client:
        yield client


@pytest.mark.parametrize("service", ["country", "city", "insights"])
async def test_each_service_has_its_own_content_type(
    vendor: httpx.AsyncClient, service: str
) -> None:
    reply = await vendor.get(f"/geoip/v2.1/{service}/8.8.8.8")

    kind = f"application/vnd.maxmind.com-{service}+json; charset=UTF-8; version=2.1"
    assert reply.headers["Content-Type"] == kind
    assert reply.json()["country"]["iso_code"] == "US"
    assert ("city" in reply.json()) is (service != "country")
    assert ("confidence" in reply.json().get("city", {})) is (service == "insights")


async def test_flags_that_are_false_are_left_out(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get(f"{COUNTRY}8.8.8.8")

    assert "is_in_european_union" not in reply.json()["country"]


async def test_geolite_says_less_and_has_no_insights(
    vendor: httpx.AsyncClient, geolite: httpx.AsyncClient
) -> None:
    whole = (await vendor.get(f"{CITY}8.8.8.8")).json()
    free = (await geolite.get(f"{CITY}8.8.8.8")).json()
    none = await geolite.get(f"{INSIGHTS}8.8.8.8")

    assert whole["maxmind"]["queries_remaining"]
    assert whole["traits"].keys() - free["traits"].keys() == {
        *("connection_type", "domain", "isp", "organization")
    }
    assert "maxmind" not in free
    assert none.status_code == 404


@pytest.mark.parametrize(("ip", "login", "status", "code"), REFUSALS)
async def test_a_request_gets_the_vendors_status_and_code(
    vendor: httpx.AsyncClient, ip: str, login: tuple[str, str], status: int, code: str
) -> None:
    reply = await vendor.get(CITY + ip, auth=login)

    kind = "application/vnd.maxmind.com-error+json; charset=UTF-8; version=2.0"
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == kind
    assert reply.json()["code"] == code


@pytest.mark.parametrize(("key", "status"), [("limit-429", 429), ("error-503", 503)])
async def test_some_errors_have_no_body(vendor: httpx.AsyncClient, key: str, status: int) -> None:
    reply = await vendor.get(f"{CITY}8.8.8.8", auth=("42", key))

    assert (reply.status_code, reply.content) == (status, b"")


async def test_only_json_is_offered(vendor: httpx.AsyncClient) -> None:
    async def status(accept: str) -> int:
        return (await vendor.get(f"{CITY}8.8.8.8", headers={"Accept": accept})).status_code

    assert await status("application/vnd.maxmind.com-city+json") == 200
    assert await status("application/json, */*") == 200
    assert await status("text/html") == 415
