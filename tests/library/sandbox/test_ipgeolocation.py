"""The stand-in for ipgeolocation.io keeps to that vendor's wire contract, over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from burnish.sandbox import serve

ORIGIN = "https://api.ipgeolocation.io"
BOTH_SHAPES = pytest.mark.parametrize("path", ["/ipgeo", "/v3/ipgeo"], ids=["v1", "v3"])

REFUSALS = [
    pytest.param({}, 401, "API key is not valid", id="no key"),
    pytest.param({"apiKey": ""}, 401, "API key is not valid", id="blank key"),
    pytest.param({"apiKey": "invalid"}, 401, "API key is not valid", id="invalid key"),
    pytest.param({"apikey": "k"}, 401, "API key is not valid", id="names are case-sensitive"),
    pytest.param({"apiKey": "k", "ip": "999.1.1.1"}, 400, "'999.1.1.1' is not valid", id="bad ip"),
    pytest.param({"apiKey": "k", "ip": "8.8.8.8 "}, 200, "", id="blanks around an ip are fine"),
    pytest.param({"apiKey": "k", "ip": "<b>"}, 400, "'<b>' is not valid", id="special characters"),
    pytest.param(
        {"apiKey": "k", "ip": ["8.8.8.8", "8.8.4.4"]}, 400, "'8.8.8.8,8.8.4.4'", id="two addresses"
    ),
    pytest.param({"apiKey": "k", "ip": "www.acme.example"}, 401, "free plan", id="domain"),
    pytest.param({"apiKey": "k", "lang": "de"}, 401, "free plan", id="language"),
    pytest.param({"apiKey": "k", "lang": "xx"}, 400, "'xx'", id="unknown language"),
    pytest.param({"apiKey": "k", "include": "security"}, 401, "'security'", id="paid module"),
    pytest.param({"apiKey": "k", "include": "*"}, 200, "", id="all modules the plan has"),
    pytest.param({"apiKey": "k", "ip": "192.0.2.7"}, 404, "does not exist", id="not in database"),
    pytest.param({"apiKey": "k", "ip": "127.0.0.1"}, 423, "'127.0.0.1' is a bogon", id="loopback"),
    pytest.param({"apiKey": "k", "ip": "10.0.0.1"}, 423, "'10.0.0.1' is a bogon", id="private"),
    pytest.param({"apiKey": "k", "ip": "::1"}, 423, "'::1' is a bogon", id="IPv6 loopback"),
    pytest.param({"apiKey": "k", "ip": "224.0.0.1"}, 423, "is a bogon", id="multicast"),
    pytest.param({"apiKey": "limit-429"}, 429, "exceeded the limit", id="limit"),
    pytest.param({"apiKey": "error-500"}, 500, "went wrong", id="broken vendor"),
    pytest.param({"apiKey": "error-503"}, 503, "went wrong", id="unavailable vendor"),
]


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[httpx.AsyncClient]:
    async with serve() as rewrites, httpx.AsyncClient(base_url=rewrites[ORIGIN]) as client:
        yield client


async def look_up(vendor: httpx.AsyncClient, path: str, **query: str) -> dict[str, Any]:
    reply = await vendor.get(path, params={"apiKey": "any", **query})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


async def test_v1_is_flat_and_8_8_8_8_is_mountain_view(vendor: httpx.AsyncClient) -> None:
    answer = await look_up(vendor, "/ipgeo", ip="8.8.8.8")

    assert answer["city"] == "Mountain View"
    assert answer["country_name"] == "United States"
    assert answer["time_zone"]["name"] == "America/Los_Angeles"
    assert answer["languages"] == "en-US,es-US,haw,fr"
    assert answer["latitude"] == "37.42240"
    assert answer["asn"].startswith("AS")
    assert "location" not in answer
    assert "standard_tz_abbreviation" not in answer["time_zone"]


async def test_v2_is_nested_with_the_network_apart_and_the_time_zone_on_demand(
    vendor: httpx.AsyncClient,
) -> None:
    short = await look_up(vendor, "/v2/ipgeo", ip="8.8.8.8")
    whole = await look_up(vendor, "/v2/ipgeo", ip="8.8.8.8", include="time_zone")

    assert list(short) == ["ip", "location", "country_metadata", "currency", "network"]
    assert short["location"]["city"] == "Mountain View"
    assert short["network"]["asn"]["as_number"].startswith("AS")
    assert whole["time_zone"]["name"] == "America/Los_Angeles"
    assert whole["time_zone"]["dst_start"]["duration"] == "+1H"


async def test_a_domain_is_forbidden_to_a_free_key_in_v2(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get("/v2/ipgeo", params={"apiKey": "k", "ip": "www.acme.example"})

    assert reply.status_code == 403


async def test_v3_is_nested_and_8_8_8_8_is_mountain_view(vendor: httpx.AsyncClient) -> None:
    answer = await look_up(vendor, "/v3/ipgeo", ip="8.8.8.8")

    assert answer["location"]["city"] == "Mountain View"
    assert answer["location"]["country_code2"] == "US"
    assert answer["country_metadata"]["languages"] == ["en-US", "es-US", "haw", "fr"]
    assert answer["time_zone"]["name"] == "America/Los_Angeles"
    assert answer["time_zone"]["standard_tz_abbreviation"] == "PST"
    assert answer["currency"] == {"code": "USD", "name": "US Dollar", "symbol": "$"}
    assert list(answer) == [
        *("ip", "location", "country_metadata", "currency", "asn", "time_zone"),
    ]


@BOTH_SHAPES
@pytest.mark.parametrize(("query", "status", "message"), REFUSALS)
async def test_a_request_gets_the_vendors_status_and_error_body(
    vendor: httpx.AsyncClient, path: str, query: dict[str, Any], status: int, message: str
) -> None:
    reply = await vendor.get(path, params=query)

    assert reply.status_code == status
    if status == 200:
        assert reply.headers["X-Credits-Charged"] == "1"
    else:
        assert list(reply.json()) == ["message"]
        assert message in reply.json()["message"]
        assert "X-Credits-Charged" not in reply.headers


@BOTH_SHAPES
async def test_another_method_is_refused(vendor: httpx.AsyncClient, path: str) -> None:
    reply = await vendor.post(path, params={"apiKey": "k"})

    assert reply.status_code == 405
    assert reply.headers["Allow"] == "GET"
    assert "not supported" in reply.json()["message"]


async def test_an_address_given_as_path_is_a_wrong_endpoint(vendor: httpx.AsyncClient) -> None:
    reply = await vendor.get("/v3/ipgeo/8.8.8.8", params={"apiKey": "k"})

    assert reply.status_code == 404
    assert "endpoint" in reply.json()["message"]


@BOTH_SHAPES
async def test_a_blank_address_means_the_callers_public_one(
    vendor: httpx.AsyncClient, path: str
) -> None:
    blank = await look_up(vendor, path, ip="")
    missing = await look_up(vendor, path)

    assert blank["ip"] == missing["ip"] == "203.0.113.1"


@pytest.mark.parametrize("ip", ["203.0.113.40", "198.51.100.7", "2001:db8::7", "1.1.1.1"])
async def test_the_same_address_is_always_in_the_same_place(ip: str) -> None:
    answers = []
    for _ in range(2):
        async with serve() as rewrites, httpx.AsyncClient(base_url=rewrites[ORIGIN]) as vendor:
            answers.append(await look_up(vendor, "/v3/ipgeo", ip=ip, excludes="time_zone"))

    assert answers[0] == answers[1]


async def test_addresses_are_spread_over_many_places(vendor: httpx.AsyncClient) -> None:
    cities = set()
    for last in range(1, 65):
        answer = await look_up(vendor, "/ipgeo", ip=f"203.0.113.{last}", fields="city")
        cities.add(answer["city"])

    assert len(cities) >= 10


SELECTIONS = [
    pytest.param("/ipgeo", {"fields": "city"}, {"ip", "city"}, id="one field"),
    pytest.param("/ipgeo", {"fields": "nonsense"}, {"ip"}, id="unknown names are ignored"),
    pytest.param("/v3/ipgeo", {"fields": "location.city"}, {"ip", "location"}, id="dot path"),
    pytest.param("/ipgeo", {"fields": "city,asn", "excludes": "asn,ip"}, {"ip", "city"}, id="both"),
]


@pytest.mark.parametrize(("path", "query", "names"), SELECTIONS)
async def test_fields_and_excludes_choose_what_comes_back(
    vendor: httpx.AsyncClient, path: str, query: dict[str, str], names: set[str]
) -> None:
    answer = await look_up(vendor, path, ip="8.8.8.8", **query)

    assert set(answer) == names


async def test_a_dot_path_takes_or_leaves_one_inner_field(vendor: httpx.AsyncClient) -> None:
    taken = await look_up(vendor, "/v3/ipgeo", ip="8.8.8.8", fields="location.city")
    left = await look_up(vendor, "/v3/ipgeo", ip="8.8.8.8", excludes="location.city")

    assert taken["location"] == {"city": "Mountain View"}
    assert "city" not in left["location"]
    assert left["location"]["state_prov"] == "California"


async def test_geo_is_a_group_of_fields_in_v1_only(vendor: httpx.AsyncClient) -> None:
    v1 = await look_up(vendor, "/ipgeo", ip="8.8.8.8", fields="geo")
    v3 = await look_up(vendor, "/v3/ipgeo", ip="8.8.8.8", fields="geo")

    assert len(v1) == 16
    assert {"continent_code", "city", "is_eu"} < set(v1)
    assert set(v3) == {"ip"}
