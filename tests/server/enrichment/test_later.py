"""Vendors that answer later: asked again when they say so, or heard at an address of ours."""

import json
import re
from collections.abc import Callable

import httpx
import pytest
from django.test import Client
from tests.server.enrichment.test_sign_up import custom, sign_up

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.enrichment.cache import key_of
from burnish.enrichment.inputs import CALLBACK
from burnish_server.enrichment import asking, store
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.identity.flows import enrich_rest

pytestmark = pytest.mark.django_db(transaction=True)

PERSON = {"fullName": "Ada Kvist", "title": "Data Engineer"}


@pytest.fixture
def waiting(
    client: Client, provider: Callable[..., Provider], waterfall: Callable[..., Definition]
) -> str:
    """Somebody about whom FullContact still looks; the address it may send its answer to."""
    provider("fullcontact_person", api_key="pending-99")
    waterfall("job_title", "fullcontact_person")
    sign_up(client)
    assert custom() == {}
    run = Run.objects.get()
    assert run.state == "waiting"
    made = store.setup().providers["fullcontact_person"]
    key = key_of(made, {"email": "ada@nordlake.example"}, asking.pepper())
    assert run.waiting_for == [key]
    address = asking.callback_address(made, key)
    return re.sub(r"^https?://[^/]+", "", address)


def test_a_vendor_that_still_looks_is_asked_again_when_it_says_so(waiting: str) -> None:
    run = Run.objects.get()

    assert run.due_at is not None
    assert 60 < (run.due_at - run.started_at).total_seconds() < 200
    assert [one.outcome for one in Lookup.objects.all()] == ["pending"]


def test_an_answer_that_comes_by_itself_is_written(waiting: str, client: Client) -> None:
    page = client.post(waiting, json.dumps(PERSON), content_type="application/json")
    enrich_rest.resume(Run.objects.get().pk)

    assert page.status_code == 204
    assert custom() == {"job_title": "Data Engineer"}
    assert Run.objects.get().state == "done"
    again = client.post(waiting, json.dumps(PERSON), content_type="application/json")
    assert again.status_code == 204


@pytest.mark.parametrize("body", ["", "{", "[]", '{"fullName": 7}', "\0", '"x"'])
def test_an_answer_that_is_none_is_refused_and_changes_nothing(
    waiting: str, client: Client, body: str
) -> None:
    page = client.post(waiting, body, content_type="application/json")

    assert page.status_code == 400
    assert custom() == {}
    assert Run.objects.get().state == "waiting"


def test_nobody_can_make_an_address(waiting: str, client: Client) -> None:
    forged = waiting[:-3] + ("aa/" if waiting[-3:] != "aa/" else "bb/")

    assert (
        client.post(forged, json.dumps(PERSON), content_type="application/json").status_code == 404
    )
    assert client.get(waiting).status_code == 405
    assert custom() == {}


def test_the_address_is_given_to_vendors_who_call_back_and_is_part_of_no_key(
    waiting: str,
) -> None:
    made = store.setup().providers["fullcontact_person"]
    known = {"email": "ada@nordlake.example"}

    request: httpx.Request = made.ask({**known, CALLBACK: "https://us.example/c/1/"})

    assert json.loads(request.content)["webhookUrl"] == "https://us.example/c/1/"
    pepper = asking.pepper()
    assert key_of(made, known, pepper) == key_of(made, {**known, CALLBACK: "x"}, pepper)
