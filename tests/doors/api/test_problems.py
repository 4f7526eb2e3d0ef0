"""Whatever goes wrong is a problem with a code and a sentence, and never a page or a traceback."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.doors.api.conftest import Program

from burnish_server.api.problems import Problems
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = "2f8f7a4e-3c11-4b7c-9a55-6a1f0c2b7d11"


@pytest.fixture
def path() -> str:
    return f"/api/v1/users/{User.objects.create(email='ada@nordlake.example').pk}/enrich"


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        (b"{", 400, "not_json", "not JSON"),
        (b"\xff", 400, "not_json", "UTF-8"),
        (b'{"want": ["a"], "want": ["b"]}', 400, "not_json", "stands twice"),
        (b'{"within_ms": NaN}', 400, "not_json", "no number of JSON"),
        (b"[" * 60_000, 400, "not_json", "nested too deeply"),
        (b'{"want": ["' + b"x" * 70_000 + b'"]}', 413, "too_large", "64 KiB"),
        (b"x" * 3_000_000, 413, "too_large", "too large"),
        (b"[]", 422, "invalid_request", "JSON object"),
        (b'"want"', 422, "invalid_request", "JSON object"),
        (b'{"want": "city"}', 422, "invalid_request", "want: "),
        (b'{"want": [7]}', 422, "invalid_request", "want/0: "),
        (b'{"want": ["' + b"x" * 101 + b'"]}', 422, "invalid_request", "at most 100 characters"),
        (b'{"within_ms": "100"}', 422, "invalid_request", "within_ms: "),
        (b'{"within_ms": 1.5}', 422, "invalid_request", "within_ms: "),
        (b'{"within_ms": true}', 422, "invalid_request", "within_ms: "),
        (b'{"within_ms": -1}', 422, "invalid_request", "within_ms: "),
        (b'{"within_ms": 30001}', 422, "invalid_request", "within_ms: "),
        (b'{"within": 1}', 422, "invalid_request", "within: unknown name"),
        (b'{"want": ["city"]}', 422, "unknown_attribute", "There is no attribute city."),
        (b'{"want": ["\\u0000"]}', 422, "invalid_request", "want/0: must not contain a null"),
    ],
)
def test_a_body_that_cannot_be_used(
    program: Program, path: str, body: bytes, status: int, code: str, words: str
) -> None:
    answer = program.post(path, body)

    assert answer.problem[:2] == (status, code)
    assert words in answer.problem[2]
    assert "Traceback" not in answer.response.content.decode()


def test_what_is_wrong_is_named_by_a_pointer(program: Program, path: str) -> None:
    answer = program.post(path, {"want": ["email", "citty"], "within_ms": 5})

    assert answer.body["errors"] == [
        {"pointer": "/want/1", "detail": "there is no attribute citty"}
    ]


@pytest.mark.parametrize("user_id", [NOBODY, "ada@nordlake.example", "7", "x" * 5000])
def test_an_id_nobody_has(program: Program, user_id: str) -> None:
    answer = program.post(f"/api/v1/users/{user_id}/enrich")

    assert answer.problem == (404, "user_not_found", "There is no user with this id.")


@pytest.mark.parametrize(
    "place",
    [
        "/api/v1/nothing",
        "/api/v2/users",
        "/api/",
        "/api/v1/users//enrich",
        "/api/v1/users/%00/enrich",
    ],
)
def test_an_address_that_leads_nowhere(program: Program, place: str) -> None:
    assert program.get(place).problem == (
        404,
        "not_found",
        "There is nothing at this address.",
    )


def test_a_method_the_address_does_not_know(path: str) -> None:
    response = Client().delete(path)

    assert response.status_code == 405
    assert json.loads(response.content)["code"] == "method_not_allowed"
    assert {one.strip() for one in response["Allow"].split(",")} == {"GET", "POST"}


def test_a_fault_of_ours_is_a_problem_that_gives_nothing_away() -> None:
    broken = Problems(lambda _: HttpResponse("<pre>Traceback: secret</pre>", status=500))

    response = broken(RequestFactory().get("/api/v1/users"))

    assert json.loads(response.content)["code"] == "internal_error"
    assert "secret" not in response.content.decode()


def test_pages_keep_their_own_errors(client: Client) -> None:
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


def test_the_description_is_there(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    post = described["paths"]["/api/v1/users/{user_id}/enrich"]["post"]
    assert post["security"] == [{"Key": []}]
    assert "application/problem+json" in post["responses"]["4XX"]["content"]
