"""An API is described in the configuration alone, and asked as it was described."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pydantic import ValidationError

from burnish.enrichment.client import Client
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.providers.http import Http, HttpSettings
from burnish.enrichment.reading import BadAnswer
from burnish.outbound import Outbound
from burnish.sandbox import crm, serve
from burnish.sandbox.cast import NORDLAKE, PEOPLE

BY_EMAIL: dict[str, Any] = {
    "url": "https://crm.example/v1/people?email={email}",
    "headers": {"Authorization": "Bearer our-key"},
    "outputs": {
        "job_title": {"path": "$.people[0].title", "type": "text"},
        "company_employees": {"path": "$.people[0].account.seats", "type": "integer"},
        "crm_tier": "$.people[0].account.tier",
    },
    "record": "$.people[0].id",
    "score": {"path": "$.people[0].match", "scale": 100},
    "miss": {"unless": "$.total"},
}
BY_HASH = BY_EMAIL | {
    "url": "https://crm.example/v1/people/search",
    "method": "POST",
    "body": {"email_sha256": "{email|sha256}"},
}
AT_NORDLAKE = next(one.email for one in PEOPLE if one.company is NORDLAKE)


def made(settings: dict[str, Any]) -> Http:
    return Http(HttpSettings.model_validate(settings), "our_crm")


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    async with serve((crm.VENDOR,)) as rewrites:
        client = Client(Outbound(rewrites=rewrites))
        yield client
        await client.close()


@pytest.mark.parametrize("settings", [BY_EMAIL, BY_HASH], ids=["by address", "by hash"])
async def test_somebody_is_found(client: Client, settings: dict[str, Any]) -> None:
    answer = await made(settings).answer({"email": AT_NORDLAKE}, client.send)

    assert isinstance(answer, Found)
    assert answer.values.keys() == {"job_title", "company_employees", "crm_tier"}
    assert answer.values["company_employees"] == 48
    assert answer.values["crm_tier"] == "silver"
    assert answer.confidence == 0.97
    assert answer.record is not None
    assert answer.record.startswith("C-")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", Failed("unauthorized", "it answered 401")),
        ("invalid", Failed("unauthorized", "it answered 401")),
        ("credits", Failed("out_of_credits", "it answered 402")),
        ("limit-429", Failed("throttled", "it answered 429")),
        ("error-503", Failed("unavailable", "it answered 503")),
        ("pending-1", Pending(1.0)),
    ],
)
async def test_trouble_has_the_same_names_as_elsewhere(
    client: Client, key: str, expected: Answer
) -> None:
    provider = made(BY_EMAIL | {"headers": {"Authorization": f"Bearer {key}"}})

    assert await provider.answer({"email": "nobody@nordlake.example"}, client.send) == expected


async def test_nobody_is_a_miss(client: Client) -> None:
    assert await made(BY_EMAIL).answer({"email": "nobody@mail.example"}, client.send) == Miss()


@pytest.mark.parametrize("key", ["garbage", "drift"])
async def test_a_spoilt_answer_is_a_bad_one(client: Client, key: str) -> None:
    provider = made(BY_EMAIL | {"headers": {"Authorization": f"Bearer {key}"}})

    with pytest.raises(BadAnswer) as fault:
        await provider.answer({"email": AT_NORDLAKE}, client.send)
    assert AT_NORDLAKE not in str(fault.value)


def test_needs_and_gives_stand_in_the_settings() -> None:
    provider = made(BY_HASH | {"query": {"country": "{country_code}"}})

    assert provider.needs == {"email", "country_code"}
    assert provider.hashed == {"email"}
    assert provider.gives == {"job_title", "company_employees", "crm_tier"}
    assert provider.sends({"email": "a@b.example", "ip": "192.0.2.1"}) == {"email": "a@b.example"}


def test_an_input_that_leaves_as_itself_too_is_not_called_hashed() -> None:
    provider = made(BY_HASH | {"query": {"email": "{email}"}})

    assert provider.hashed == frozenset()


def test_another_question_is_another_answer_and_another_key_is_not() -> None:
    same = made(BY_EMAIL | {"headers": {"Authorization": "Bearer another"}})
    other = made(BY_EMAIL | {"outputs": {"crm_tier": "$.people[0].account.name"}})

    assert same.variant == made(BY_EMAIL).variant
    assert other.variant != made(BY_EMAIL).variant


def test_another_parameter_or_header_is_another_question_unless_it_is_a_key() -> None:
    def variant(**change: dict[str, str]) -> str:
        return made(BY_EMAIL | change).variant

    assert variant(query={"country": "se"}) != variant(query={"country": "no"})
    assert variant(headers={"X-Team": "a"}) != variant(headers={"X-Team": "b"})
    assert variant(query={"api_key": "one"}) == variant(query={"api_key": "two"})
    assert variant(headers={"X-Access-Token": "one"}) == variant(headers={"X-Access-Token": "two"})


def test_a_secret_that_is_not_there_yet_is_no_input() -> None:
    provider = made(BY_EMAIL | {"headers": {"Authorization": "Bearer ${CRM_KEY}"}})

    assert provider.needs == {"email"}
    assert made(BY_EMAIL | {"url": "${CRM_URL}/people?email={email}"}).needs == {"email"}


REFUSED = {
    "another scheme": ({"url": "ftp://crm.example/{email}"}, "must begin with https://"),
    "no address": ({"url": "crm.example/{email}"}, "must begin with https://"),
    "an input for a host": ({"url": "https://{email}/"}, "must begin with https://"),
    "an input in the host": ({"url": "https://a.{email}/"}, "must begin with https://"),
    "a password": ({"url": "https://me:pw@crm.example/{email}"}, "must begin with https://"),
    "a fragment": ({"url": "https://crm.example/#{email}"}, "no fragment"),
    "a way up": ({"url": "https://crm.example/../{email}"}, "no fragment"),
    "an odd port": ({"url": "https://crm.example:x/{email}"}, "must be a web address"),
    "no input": ({"url": "https://crm.example/"}, "asks about nobody"),
    "no name": ({"url": "https://crm.example/{}"}, "braces that hold no input"),
    "a strange filter": ({"url": "https://crm.example/{email|rot13}"}, "braces that hold no"),
    "half a brace": ({"url": "https://crm.example/{email"}, "without its other half"),
    "code": ({"url": "https://crm.example/{email.__class__}"}, "braces that hold no input"),
    "a body's template": ({"method": "POST", "body": [{"a": "{Email}"}]}, "braces that hold no"),
    "a body for GET": ({"body": {}}, "a GET has no body"),
    "a method": ({"method": "DELETE"}, "GET"),
    "a line's end": ({"headers": {"X-A": "a\r\nX-B: {email}"}}, "printable ASCII"),
    "a header of ours": ({"headers": {"Host": "{email}"}}, "no header that can be set"),
    "a bad header": ({"headers": {"X A": "{email}"}}, "no header that can be set"),
    "no path": ({"outputs": {"tier": "people[0"}}, "must be a JSONPath"),
    "an empty path": ({"outputs": {"tier": ""}}, "must be a JSONPath"),
    "two paths": ({"outputs": {"tier": "$.a | $.b"}}, "must be a JSONPath"),
    "no outputs": ({"outputs": {}}, "at least 1 item"),
    "an output's name": ({"outputs": {"A b": "$.a"}}, "pattern"),
    "a type": ({"outputs": {"tier": {"path": "$.a", "type": "date"}}}, "'any', 'text'"),
    "a scale": ({"score": {"path": "$.a", "scale": 0}}, "greater than 0"),
    "a record": ({"record": "$["}, "must be a JSONPath"),
    "a status": ({"statuses": {"403": "nice"}}, "'answer', 'miss'"),
    "a misspelling": ({"header": {}}, "not permitted"),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_a_fault_in_the_settings_is_refused(change: tuple[dict[str, Any], str]) -> None:
    with pytest.raises(ValidationError, match=change[1]):
        HttpSettings.model_validate({**BY_EMAIL, **change[0]})


def test_a_refused_header_is_not_told() -> None:
    with pytest.raises(ValidationError) as refusal:
        HttpSettings.model_validate(BY_EMAIL | {"headers": {"Authorization": "Bearer a{b"}})

    said = "; ".join(str(error["msg"]) for error in refusal.value.errors())
    assert "Authorization has a brace without its other half" in said
    assert "Bearer" not in said
