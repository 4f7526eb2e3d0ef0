"""The log tells what happened and keeps secrets."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver

from burnish_server.project.logging import HIDDEN, hide_secrets
from burnish_server.project.requests import OPENING, RequestLog

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told_so_far(caplog: pytest.LogCaptureFixture) -> Iterator[Lines]:
    """Return what the request log has told since the test began."""
    with caplog.at_level("INFO", "burnish.web"):
        yield lambda: [record.msg for record in caplog.records if record.name == "burnish.web"]


def test_values_whose_name_says_they_are_secret_are_hidden() -> None:
    line = {"event": "signed in", "password": "p", "api_key": "k", "user": "42"}

    kept = hide_secrets(None, "info", line)

    assert kept == {"event": "signed in", "password": HIDDEN, "api_key": HIDDEN, "user": "42"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/password/reset/key/7-canary/", f"/password/reset/key/7-{HIDDEN}/"),
        ("/enrichment/callback/canary/", f"/enrichment/callback/{HIDDEN}/"),
        ("/_api/admin/users/export/file/canary", f"/_api/admin/users/export/file/{HIDDEN}"),
        ("/settings/questions/interests/", "/settings/questions/interests/"),
        ("/nowhere/", "/nowhere/"),
    ],
)
def test_what_opens_something_is_hidden_in_the_address(
    client: Client, told_so_far: Lines, address: str, told: str
) -> None:
    client.get(address)

    (line,) = (line for line in told_so_far() if line["event"] == "request")
    assert line["path"] == told


def test_the_addresses_that_hide_something_exist() -> None:
    assert OPENING.keys() <= get_resolver().reverse_dict.keys()


@pytest.mark.django_db
def test_what_is_answered_calmly_has_not_failed(client: Client, told_so_far: Lines) -> None:
    response = client.get("/social/github/login/")

    assert response.status_code == 404
    assert [line["event"] for line in told_so_far()] == ["request"]


def test_what_fails_is_told_with_its_place_in_the_code(told_so_far: Lines) -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        log.process_exception(request, ZeroDivisionError())
        return HttpResponse(status=500)

    log = RequestLog(fail)

    log(RequestFactory().get("/settings/"))

    lines = told_so_far()
    assert [line["event"] for line in lines] == ["request failed", "request"]
    assert isinstance(lines[0]["exc_info"], ZeroDivisionError)
