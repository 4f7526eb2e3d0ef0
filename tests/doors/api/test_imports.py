"""Users in and out over HTTP: as our own API has it, and as Authgear's has it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import bcrypt
import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from tests.doors.api.conftest import Program
from tests.server.exports.test_exporting import finish as write_out
from tests.server.imports.conftest import finish, lines

from burnish_server.admin_keys import store as admin_keys
from burnish_server.api_keys.models import ApiKey
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.exports import store as exports
from burnish_server.exports import tasks as export_tasks
from burnish_server.exports.models import Run as Export
from burnish_server.identity.flows import disabling
from burnish_server.identity.models import User
from burnish_server.imports import store as imports
from burnish_server.imports import tasks
from burnish_server.imports.models import Run

IMPORT = "/_api/admin/users/import"
EXPORT = "/_api/admin/users/export"
ADA = {"email": "ada@people.example", "given_name": "Ada"}


@pytest.fixture
def key(key: Callable[..., tuple[ApiKey, str]]) -> Callable[..., tuple[ApiKey, str]]:
    return lambda *_: key("mover", "users:import", "users:export")


class Mover:
    """Calls with a key and bodies of any kind; what it begins is worked off at once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.client = Client(raise_request_exception=False, headers=program.headers)

    def send(self, content: bytes, kind: str = "application/x-ndjson", **how: Any) -> HttpResponse:
        query = "&".join(f"{name}={value}" for name, value in how.items())
        return self.client.post(f"/api/v1/imports?{query}", content, content_type=kind)

    def contract(self, place: str, body: Any) -> HttpResponse:
        return self.client.post(place, json.dumps(body), content_type="application/json")

    def import_(self, *records: dict[str, Any], **how: Any) -> dict[str, Any]:
        body = {"identifier": "email", "records": list(records), **how}
        begun = self.contract(IMPORT, body).json()["result"]
        run = imports.find(begun["id"])
        assert run is not None
        finish(run)
        result: dict[str, Any] = self.client.get(f"{IMPORT}/{begun['id']}").json()["result"]
        return result


@pytest.fixture
def mover(program: Program) -> Mover:
    return Mover(program)


def test_a_stream_is_taken_in_and_its_rows_told_page_by_page(mover: Mover) -> None:
    content = lines([ADA, {"email": "nobody"}, {"email": "bob@people.example"}])

    begun = mover.send(content)
    run = imports.find(begun.json()["id"])
    assert run is not None
    finish(run)

    assert begun.status_code == 202
    assert begun["Location"] == f"/api/v1/imports/{run.pk}"
    told = mover.client.get(begun["Location"]).json()
    assert (told["state"], told["rows"], told["done"]) == ("completed", 3, 3)
    assert (told["inserted"], told["failed"]) == (2, 1)
    page = mover.client.get(f"{begun['Location']}/outcomes?limit=2")
    rows = [json.loads(line) for line in page.content.splitlines()]
    assert [(row["line"], row["outcome"]) for row in rows] == [(1, "inserted"), (2, "failed")]
    assert rows[1]["record"] == {"email": "nobody"}
    onward = page["Link"].partition(">")[0].removeprefix("<")
    [last] = mover.client.get(onward).content.splitlines()
    assert json.loads(last)["line"] == 3
    [failed] = mover.client.get(f"{begun['Location']}/outcomes?outcome=failed").content.splitlines()
    assert json.loads(failed)["errors"][0]["message"].startswith("email: must be")


@pytest.mark.parametrize("member", [b'"x":1e999', b'"a\\u0000b":1', b'"address":{"\\u0000":[1]}'])
def test_a_poisoned_line_fails_alone(mover: Mover, member: bytes) -> None:
    content = b'{"email":"a@people.example"}\n{%s}\n{"email":"b@people.example"}' % member

    begun = mover.send(content)
    run = imports.find(begun.json()["id"])
    assert run is not None
    finish(run)

    told = mover.client.get(begun["Location"]).json()
    assert (told["state"], told["inserted"], told["failed"]) == ("completed", 2, 1)
    page = mover.client.get(f"{begun['Location']}/outcomes?outcome=failed")
    assert json.loads(page.content)["line"] == 2


def test_a_poisoned_record_fails_alone(mover: Mover) -> None:
    bob = {"email": "bob@people.example", "address": {"\0": "\ud83d"}}

    told = mover.import_(ADA, bob)

    assert told["summary"]["inserted"] == told["summary"]["failed"] == 1


def test_csv_is_taken_in_and_can_be_tried_first(mover: Mover) -> None:
    content = b"email,given_name\nada@people.example,Ada\n"

    begun = mover.send(content, "text/csv", dry_run="true").json()

    run = imports.find(begun["id"])
    assert run is not None
    assert (finish(run).inserted, User.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"[]", "application/json", 415, "unsupported_media_type"),
        (b"\n", "application/x-ndjson", 422, "unfit_import"),
        (b"emial\nx\n", "text/csv", 422, "unfit_import"),
    ],
)
def test_what_cannot_be_imported_is_refused_as_a_problem(
    mover: Mover, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = mover.send(content, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Run.objects.exists()


@pytest.mark.parametrize("kind", ["imports", "exports"])
def test_what_is_kept_is_listed_the_latest_first(mover: Mover, kind: str) -> None:
    for _ in range(2):
        if kind == "imports":
            mover.send(lines([ADA]))
        else:
            mover.contract("/api/v1/exports", {})

    first = mover.client.get(f"/api/v1/{kind}?limit=1").json()
    second = mover.client.get(first["next"]).json()

    times = [page["items"][0]["created_at"] for page in (first, second)]
    assert times == sorted(times, reverse=True)
    assert second["next"] is None


def test_an_import_is_cancelled_once(mover: Mover) -> None:
    begun = mover.send(lines([ADA]))

    cancelled = mover.client.post(f"{begun['Location']}/cancel")
    again = mover.client.post(f"{begun['Location']}/cancel")

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (again.status_code, again.json()["code"]) == (409, "import_over")


def test_what_a_program_moved_is_in_the_audit_log_once(mover: Mover) -> None:
    mover.send(lines([ADA]))

    [entry] = Entry.objects.filter(subject_kind__in=["import", "request"])
    assert (entry.action, entry.actor, entry.detail["rows"]) == ("began", "mover", 1)


def test_an_export_is_downloaded_by_key(mover: Mover) -> None:
    User.objects.create(email="ada@people.example")

    begun = mover.client.post("/api/v1/exports", "{}", content_type="application/json")
    early = mover.client.get(f"{begun['Location']}/file")
    run = exports.find(begun.json()["id"])
    assert run is not None
    write_out(run)
    file = mover.client.get(f"{begun['Location']}/file")

    assert (begun.status_code, early.status_code) == (202, 409)
    assert b'"disabled":false' in b"".join(file.streaming_content)
    assert file["Content-Disposition"].startswith('attachment; filename="users-')


def test_a_table_for_a_program_has_no_formulas(mover: Mover) -> None:
    User.objects.create(email="ada@people.example")
    columns = [{"pointer": "/email", "name": "@mail"}]
    body = json.dumps({"format": "csv", "columns": columns})

    begun = mover.client.post("/api/v1/exports", body, content_type="application/json")
    run = exports.find(begun.json()["id"])
    assert run is not None
    write_out(run)
    file = mover.client.get(f"{begun['Location']}/file")

    assert b"".join(file.streaming_content).startswith(b"'@mail\r\n")


def test_columns_that_cannot_be_are_refused_as_a_problem(mover: Mover) -> None:
    body = {"format": "csv", "columns": [{"pointer": "email"}]}

    answer = mover.contract("/api/v1/exports", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "unfit_export")


# --- As Authgear's Admin API has it (user_import/test.yaml, and 9.5 and 9.6 of its contract) ------


def test_insert(mover: Mover) -> None:
    made = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()
    record = {**ADA, "password": {"type": "bcrypt", "password_hash": made}}

    result = mover.import_(record, {"email": "bob@people.example", "email_verified": False})

    user = User.objects.get(email="ada@people.example")
    assert result["id"].startswith("userimport_")
    assert result["status"] == "completed"
    assert result["created_at"] <= result["completed_at"]
    assert result["summary"] == {
        "total": 2,
        "inserted": 2,
        "updated": 0,
        "skipped": 0,
        "failed": 0,
    }
    first, second = result["details"]
    redacted = {**ADA, "password": {"type": "bcrypt", "password_hash": "REDACTED"}}
    assert first == {
        "index": 0,
        "record": redacted,
        "outcome": "inserted",
        "user_id": str(user.pk),
    }
    assert second["warnings"] == [{"message": "email_verified = false has no effect in insert."}]
    assert user.check_password("correct horse")


def test_disabled(mover: Mover) -> None:
    mover.import_({**ADA, "disabled": True})

    assert not User.objects.get().is_active


def test_upsert_disabled(mover: Mover) -> None:
    mover.import_(ADA)

    result = mover.import_({**ADA, "disabled": True})

    assert [one["outcome"] for one in result["details"]] == ["skipped"]
    assert User.objects.get().is_active


def test_an_upsert_disables_and_enables(mover: Mover) -> None:
    mover.import_(ADA)

    mover.import_({**ADA, "disabled": True}, upsert=True)
    closed = User.objects.get().is_active
    mover.import_({**ADA, "disabled": False}, upsert=True)

    assert (closed, User.objects.get().is_active) == (False, True)


@pytest.mark.parametrize(
    ("days", "is_open", "later"),
    [
        ({"account_valid_from": -1}, True, True),
        ({"account_valid_from": 1}, False, True),
        ({"account_valid_until": 1}, True, False),
        ({"account_valid_until": -1}, False, False),
        ({"account_valid_from": -1, "account_valid_until": 1}, True, False),
    ],
)
@pytest.mark.parametrize("exists", [False, True])
def test_an_account_is_closed_while_it_is_not_valid(
    mover: Mover, days: dict[str, int], is_open: bool, later: bool, exists: bool
) -> None:
    if exists:
        mover.import_(ADA)
    now = timezone.now()
    period = {name: (now + timedelta(days=ahead)).isoformat() for name, ahead in days.items()}

    mover.import_({**ADA, **period}, upsert=True)
    at_first = User.objects.get().is_active
    disabling.keep_time(now + timedelta(days=2))

    assert (at_first, User.objects.get().is_active) == (is_open, later)


def test_an_invalid_record_fails_with_an_error_as_the_api_has_it(mover: Mover) -> None:
    since, until = "2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"

    result = mover.import_({**ADA, "account_valid_from": since, "account_valid_until": until})

    assert result["summary"]["failed"] == 1
    [error] = result["details"][0]["errors"]
    assert (error["name"], error["reason"], error["code"]) == ("Invalid", "ValidationFailed", 400)
    assert error["message"] == "account_valid_until: must be after account_valid_from"


@pytest.mark.parametrize(
    ("identifier", "given", "kept"),
    [
        ("email", "FOO@People.Example", "foo@people.example"),
        ("preferred_username", "FooBar", "foobar"),
    ],
)
def test_what_is_typed_in_capitals_is_the_same(
    mover: Mover, identifier: str, given: str, kept: str
) -> None:
    mover.import_({identifier: given}, identifier=identifier)

    result = mover.import_({identifier: kept}, identifier=identifier)

    assert result["details"][0]["outcome"] == "skipped"
    assert User.objects.filter(**{"email" if "@" in kept else "username": kept}).count() == 1


def test_an_import_is_pending_until_a_worker_was_there(mover: Mover) -> None:
    begun = mover.contract(IMPORT, {"identifier": "email", "records": [ADA]}).json()["result"]

    assert begun.keys() == {"id", "created_at", "status"}
    assert begun["status"] == "pending"


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        ({"identifier": "email", "records": []}, 400, "ValidationFailed"),
        ({"identifier": "name", "records": [ADA]}, 400, "ValidationFailed"),
        ({"identifier": "email", "records": [ADA], "dry_run": True}, 400, "ValidationFailed"),
        (
            {"identifier": "email", "records": [{"name": "x" * 500_000}]},
            413,
            "RequestEntityTooLarge",
        ),
        ([], 400, "ValidationFailed"),
    ],
)
def test_a_body_that_is_no_import_is_refused(
    mover: Mover, body: Any, code: int, reason: str
) -> None:
    answer = mover.contract(IMPORT, body)

    assert answer.status_code == code
    assert (answer.json()["error"]["reason"], answer.json()["error"]["code"]) == (reason, code)


def test_what_is_not_json_is_refused(mover: Mover) -> None:
    answer = mover.client.post(IMPORT, b"{", content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["reason"]) == (400, "InvalidJSON")


@pytest.mark.parametrize("place", [f"{IMPORT}/userimport_0", f"{EXPORT}/userexport_0"])
def test_a_task_nobody_knows_is_not_found(mover: Mover, place: str) -> None:
    answer = mover.client.get(place)

    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "TaskNotFound")


def test_whoever_has_no_key_is_forbidden(db: None) -> None:
    answer = Client().post(IMPORT, "{}", content_type="application/json")

    assert (answer.status_code, answer.content) == (403, b"Forbidden")


def test_an_export_has_an_address_for_a_minute(mover: Mover) -> None:
    mover.import_({**ADA, "email_verified": True})

    asked = {"format": "csv", "csv": {"fields": [{"pointer": "/email", "field_name": "mail"}]}}
    begun = mover.contract(EXPORT, asked).json()["result"]
    run = exports.find(begun["id"])
    assert run is not None
    write_out(run)
    result = mover.client.get(f"{EXPORT}/{begun['id']}").json()["result"]

    assert begun["id"].startswith("userexport_")
    assert (begun["status"], begun["request"]) == ("pending", asked)
    assert (result["status"], "completed_at" in result) == ("completed", True)
    file = Client().get(result["download_url"].removeprefix("http://testserver"))
    assert b"".join(file.streaming_content) == b"mail\r\nada@people.example\r\n"
    forged = Client().get(f"{EXPORT}/file/{run.pk}:x:y")
    assert forged.status_code == 403


def test_columns_of_one_name_are_refused(mover: Mover) -> None:
    fields = [{"pointer": "/email"}, {"pointer": "/name", "field_name": "email"}]

    answer = mover.contract(EXPORT, {"format": "csv", "csv": {"fields": fields}})

    error = answer.json()["error"]
    assert error["reason"] == "UserExportNonUniqueFieldNames"
    assert error["info"] == {"field_names": ["email"]}


def test_after_a_day_nothing_is_kept(mover: Mover) -> None:
    mover.import_(ADA)
    mover.contract(EXPORT, {"format": "ndjson"})
    long_ago = timezone.now() - timedelta(hours=25)
    Run.objects.update(completed_at=long_ago)
    Export.objects.update(created_at=long_ago)

    tasks.forget(0)
    export_tasks.forget(0)

    assert not Run.objects.exists()
    assert not Export.objects.exists()
    assert User.objects.exists()


def test_a_script_comes_with_the_token_it_signed_itself(db: None) -> None:
    key, pem = admin_keys.create("mover", Actor.at_command_line())
    claims = {"aud": "burnish", "exp": timezone.now() + timedelta(minutes=5)}
    token = jwt.encode(claims, pem, "RS256", headers={"kid": key.key_id})
    stale = jwt.encode({**claims, "exp": 1}, pem, "RS256", headers={"kid": key.key_id})
    body = {"identifier": "email", "records": [ADA]}

    def send(text: str) -> int:
        headers = {"Authorization": f"Bearer {text}"}
        return Client(headers=headers).post(IMPORT, body, "application/json").status_code

    assert (send(token), send(stale)) == (200, 403)
    assert Entry.objects.get(subject_kind="import").actor == "admin key mover"


def test_a_key_that_asks_too_often_waits(mover: Mover, settings: Settings) -> None:
    limited = settings.BURNISH.model_copy(
        update={"api": settings.BURNISH.api.model_copy(update={"requests_per_minute": 1})}
    )
    settings.BURNISH = limited

    first, second = (mover.client.get(f"{IMPORT}/userimport_0") for _ in range(2))

    assert (first.status_code, second.status_code) == (404, 429)
    assert second.json()["error"]["name"] == "TooManyRequest"
