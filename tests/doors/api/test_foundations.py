"""What every operation has in common: limits, repeats, methods, media types, and a description."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema_rs import Draft202012Validator
from tests.doors.api.conftest import Program

from burnish_server.api import rate
from burnish_server.api.rate import Counter
from burnish_server.api_keys import answers
from burnish_server.api_keys.models import Answer, ApiKey
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

NAME = {"Idempotency-Key": "6d2c"}


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    yield
    rate.counter.clear()


@pytest.fixture
def path() -> str:
    return f"/api/v1/users/{User.objects.create(email='ada@nordlake.example').pk}/enrich"


# --- How often ---------------------------------------------------------------------------------


def test_a_window_is_full_again_a_minute_after_it_began() -> None:
    counter, key = Counter(), ApiKey().pk

    first, second = counter.take(key, 2, 100.0), counter.take(key, 2, 130.4)
    third, later = counter.take(key, 2, 159.0), counter.take(key, 2, 160.0)

    assert [(one.left, one.resets) for one in (first, second, third, later)] == [
        (1, 60),
        (0, 30),
        (-1, 1),
        (1, 60),
    ]
    assert (second.spent, third.spent) == (False, True)
    assert counter.take(ApiKey().pk, 2, 159.0).left == 1


def test_every_answer_tells_what_is_left_and_one_too_many_is_refused(
    program: Program, path: str, settings: object
) -> None:
    options = settings.BURNISH  # type: ignore[attr-defined]
    api = options.api.model_copy(update={"requests_per_minute": 2})
    settings.BURNISH = options.model_copy(update={"api": api})  # type: ignore[attr-defined]

    told = [program.get(path).response["RateLimit"] for _ in range(2)]
    refused = program.get(path)

    assert told == ['"key";r=1;t=60', '"key";r=0;t=60']
    assert refused.problem[:2] == (429, "too_many_requests")
    assert refused.response["RateLimit-Policy"] == '"key";q=2;w=60'
    assert 0 < int(refused.response["Retry-After"]) <= 60


# --- Sent twice --------------------------------------------------------------------------------


def test_a_named_request_is_done_once(program: Program, path: str) -> None:
    program.headers |= NAME

    first, again = program.post(path, {"want": []}), program.post(path, {"want": []})

    assert (again.status, again.response.content) == (200, first.response.content)
    assert again.response["Content-Type"] == first.response["Content-Type"]
    assert again.response["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.response
    assert Entry.objects.filter(door="api").count() == 1


def test_a_kept_answer_is_sealed_and_goes_with_who_it_is_about(
    key: Callable[..., tuple[ApiKey, str]],
) -> None:
    admin = Program(key("admin", "users:read", "users:write", "users:delete")[1])
    admin.headers |= NAME
    first = admin.post("/api/v1/users", {"email": "bo@nordlake.example"})
    assert b"bo@nordlake" not in bytes(Answer.objects.get().body)
    again = admin.post("/api/v1/users", {"email": "bo@nordlake.example"})
    assert again.response.content == first.response.content

    del admin.headers["Idempotency-Key"]
    admin.delete(f"/api/v1/users/{first.body['id']}")

    assert not Answer.objects.exists()


def test_a_name_is_one_request_s_and_one_key_s(
    program: Program, path: str, key: Callable[..., tuple[ApiKey, str]]
) -> None:
    other = Program(key("other")[1])
    program.headers |= NAME
    other.headers |= NAME
    program.post(path, {"want": []})

    assert program.post(path, {"within_ms": 9}).problem[:2] == (422, "idempotency_key_reused")
    assert other.post(path, {"within_ms": 9}).status == 200


def test_what_was_refused_can_be_mended_under_the_same_name(program: Program, path: str) -> None:
    program.headers |= NAME

    assert program.post(path, {"want": ["citty"]}).status == 422
    assert program.post(path, {"want": []}).status == 200


def test_a_request_that_is_being_worked_on_is_not_begun_again(program: Program, path: str) -> None:
    program.headers |= NAME
    program.post(path, {"want": []})
    Answer.objects.update(status=None)

    busy = program.post(path, {"want": []})

    assert busy.problem[:2] == (409, "request_in_progress")
    assert busy.response["Retry-After"] == "1"
    Answer.objects.update(began_at=timezone.now() - answers.STALLED)
    assert program.post(path, {"want": []}).status == 200


def test_an_answer_is_kept_for_a_day(program: Program, path: str) -> None:
    program.headers |= NAME
    program.post(path, {"want": []})
    Answer.objects.update(began_at=timezone.now() - timedelta(hours=24))

    assert "Idempotency-Replayed" not in program.post(path, {"within_ms": 9}).response
    assert answers.prune() == 0
    Answer.objects.update(began_at=timezone.now() - timedelta(hours=24))
    assert answers.prune() == 1


@pytest.mark.parametrize("name", ["", "x" * 256, "two words", "\x7f"])
def test_a_name_that_is_none(program: Program, path: str, name: str) -> None:
    program.headers |= {"Idempotency-Key": name}

    assert program.post(path).problem[:2] == (400, "invalid_idempotency_key")


# --- Methods, media types, addresses -----------------------------------------------------------


def test_head_is_get_without_the_body_and_options_says_what_there_is(
    program: Program, path: str
) -> None:
    head = program.client.head(path, headers=program.headers)
    options = program.client.options(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"].startswith("application/json")
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert Client().options("/api/v1/nothing").status_code == 404
    assert Client().head(path).status_code == 401


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "a"])
def test_a_body_declared_as_something_else(program: Program, path: str, kind: str) -> None:
    response = program.client.post(path, "{}", content_type=kind, headers=program.headers)

    assert (response.status_code, response["Accept"]) == (415, "application/json")
    assert json.loads(response.content)["code"] == "unsupported_media_type"


@pytest.mark.parametrize("query", ["want=%00", "want=%ff", "want=" + "9" * 5000, "want=%ed%a0%80"])
def test_a_query_of_odd_characters_is_no_fault_of_ours(
    program: Program, path: str, query: str
) -> None:
    assert 400 <= program.get(f"{path}?{query}").status < 500


def test_a_number_of_too_many_digits_is_refused(program: Program, path: str) -> None:
    answer = program.post(path, b'{"within_ms": ' + b"9" * 5000 + b"}")

    assert answer.problem[:2] == (400, "not_json")
    assert "too many digits" in answer.problem[2]


def test_what_nobody_wrote_down_is_in_the_audit_log_all_the_same(
    program: Program, path: str
) -> None:
    program.get(path)
    program.post(path, {"want": ["citty"]})
    program.post(path, {"want": []})

    entry = Entry.objects.get(door="api")
    assert (entry.actor, entry.action, entry.subject_kind) == ("crm-sync", "enrich_user", "request")
    assert (entry.actor_id, entry.subject) == (ApiKey.objects.get().pk, f"POST {path}")


# --- The description ---------------------------------------------------------------------------


def operations(client: Client) -> Iterator[tuple[str, dict]]:
    described = client.get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_each_operation_says_its_scope_its_problems_and_where_it_belongs(client: Client) -> None:
    for name, operation in operations(client):
        assert {"4XX", "5XX"} <= operation["responses"].keys(), name
        assert operation["tags"], name
        assert operation["description"], name
        if operation.get("security") == [{"Key": []}]:
            assert "The key needs the scope" in operation["description"], name


SHOWN = {
    "users",
    "profiles",
    "identities",
    "accounts",
    "sessions",
    "roles and groups",
    "enrichment",
}


def test_each_operation_on_users_has_examples_that_are_what_it_takes_and_gives(
    client: Client,
) -> None:
    described = client.get("/api/v1/openapi.json").json()
    for name, operation in operations(client):
        if not SHOWN & set(operation["tags"]):
            continue
        bodies = [operation.get("requestBody", {})]
        bodies += [one for status, one in operation["responses"].items() if status[0] == "2"]
        for media in (one for body in bodies for one in body.get("content", {}).values()):
            assert "example" in media, name
            schema = {**media["schema"], "components": described["components"]}
            Draft202012Validator(schema).validate(media["example"])
