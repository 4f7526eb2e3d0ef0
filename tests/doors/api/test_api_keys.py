"""/api-keys: programs make keys for others, and come to nothing more by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.doors.api.conftest import Answer, Program

from burnish_server.api_keys.models import Answer as Kept
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.models import Entry

pytestmark = pytest.mark.django_db

Make = Callable[..., tuple[ApiKey, str]]

AT = "/api/v1/api-keys"


@pytest.fixture
def maker(key: Make) -> Program:
    """A program that may make keys, and read users."""
    return Program(key("maker", "keys:write", "users:read")[1])


def make(program: Program, name: str = "crm", **more: Any) -> Answer:
    return program.post(AT, {"name": name, "scopes": ["users:read"], **more})


def test_a_key_is_made_shown_once_and_good_at_once(maker: Program) -> None:
    made = make(maker)

    text = made.body["key"]
    assert made.status == 201
    assert made.response["Cache-Control"] == "no-store"
    assert Program(text).get("/api/v1/users").status == 200
    listed = maker.get(AT)
    assert [one["name"] for one in listed.body["items"]] == ["maker", "crm"]
    assert listed.body["items"][1]["prefix"] == text[:11]
    assert text[-20:] not in listed.response.content.decode()
    entry = Entry.objects.get(action="added", subject="crm")
    assert (entry.door, entry.actor) == ("api", "maker")


def test_an_answer_with_a_key_in_it_is_kept_nowhere(maker: Program) -> None:
    maker.headers["Idempotency-Key"] = "one"

    first, second = make(maker), make(maker)

    assert first.status == 201
    assert second.problem[:2] == (409, "answer_not_kept")
    assert "was done" in second.problem[2]
    assert bytes(Kept.objects.get().body) == b""


def test_no_key_gives_what_it_has_not(maker: Program) -> None:
    answer = make(maker, scopes=["users:read", "users:delete", "config:write"])

    assert answer.problem == (
        403,
        "insufficient_scope",
        "This API key lacks users:delete, config:write, and gives what it has itself only.",
    )
    assert ApiKey.objects.count() == 1


def test_no_key_makes_one_that_outlives_it(maker: Program) -> None:
    soon = timezone.now() + timedelta(hours=1)
    ApiKey.objects.update(expires_at=soon)

    refused = [make(maker), make(maker, expires_at=(soon + timedelta(minutes=1)).isoformat())]
    made = make(maker, expires_at=soon.isoformat())

    assert [answer.problem[:2] for answer in refused] == [(422, "unfit_api_key")] * 2
    assert made.status == 201


def test_a_key_that_has_expired_does_not_come_in(maker: Program) -> None:
    soon = timezone.now() + timedelta(hours=1)
    program = Program(make(maker, expires_at=soon.isoformat()).body["key"])
    before = program.get("/api/v1/users").status

    ApiKey.objects.filter(name="crm").update(expires_at=timezone.now())

    assert before == 200
    assert program.get("/api/v1/users").problem[:2] == (401, "unauthorized")


def test_a_revoked_key_is_no_good_and_stays_in_the_list(maker: Program) -> None:
    made = make(maker).body

    gone = maker.delete(f"{AT}/{made['id']}")
    again = maker.delete(f"{AT}/{made['id']}")

    assert gone.status == 204
    assert again.problem[:2] == (404, "api_key_not_found")
    assert Program(made["key"]).get("/api/v1/users").status == 401
    assert maker.get(AT).body["items"][1]["revoked_at"] is not None


def test_no_key_revokes_one_that_may_do_more(maker: Program, key: Make) -> None:
    mighty, _ = key("deploy", "users:read", "config:write")
    equal, _ = key("twin", "keys:write", "users:read")

    refused = maker.delete(f"{AT}/{mighty.pk}")

    assert refused.problem == (
        403,
        "insufficient_scope",
        "This API key lacks config:write, which deploy has.",
    )
    assert maker.delete(f"{AT}/{equal.pk}").status == 204
    mine = ApiKey.objects.get(name="maker")
    assert maker.delete(f"{AT}/{mine.pk}").status == 204
    assert list(ApiKey.objects.filter(revoked_at=None)) == [mighty]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"scopes": ["users:fly"]}, "There is no scope users:fly"),
        ({"scopes": []}, "scopes"),
        ({"name": "a/b"}, "Name the key"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "Let the key expire in the future"),
    ],
)
def test_what_is_no_key_is_refused_in_words(
    maker: Program, more: dict[str, Any], words: str
) -> None:
    status, _, sentence = make(maker, **more).problem

    assert status == 422
    assert words in sentence


def test_only_who_may_make_keys_sees_which_there_are(key: Make) -> None:
    everything_else = Program(key("reader", "audit:read", "config:write", "users:write")[1])

    assert everything_else.get(AT).problem[:2] == (403, "insufficient_scope")
