"""User management > Import, and > Export."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.doors.portal.conftest import text
from tests.server.exports.test_exporting import finish as write_out
from tests.server.imports.conftest import finish

from burnish_server.audit.models import Entry
from burnish_server.exports.models import Run as Export
from burnish_server.identity.models import User
from burnish_server.imports.models import Run

LIST = "/portal/imports/run/"
EXPORTS = "/portal/exports/run/"


def upload(portal: Client, content: bytes, name: str = "users.csv", **said: str) -> str:
    file = SimpleUploadedFile(name, content)
    answer = portal.post(LIST, {"file": file, "identifier": "email", **said}, follow=True)
    return text(answer)


def test_a_file_is_taken_in_and_its_page_tells_how_far_it_is(portal: Client) -> None:
    page = upload(portal, b"email,name\nada@people.example,Ada\nnobody,Bob\n")
    run = Run.objects.get()
    assert "0 of 2 rows, 0 %" in page

    finish(run)
    page = text(portal.get(f"{LIST}{run.pk}/"))

    assert "2 of 2 rows, 100 %" in page
    assert "3 email: must be an e-mail address" in page
    failed = portal.get(f"{LIST}{run.pk}/failed.ndjson")
    [row] = map(json.loads, b"".join(failed.streaming_content).splitlines())
    assert (row["line"], row["record"]) == (3, {"email": "nobody", "name": "Bob"})
    assert User.objects.filter(email="ada@people.example").exists()
    assert Entry.objects.get(subject_kind="import").actor == "root@staff.example"


def test_a_file_can_be_tried_first(portal: Client) -> None:
    upload(portal, b'{"email": "ada@people.example"}\n', "users.ndjson", dry_run="on")

    run = finish(Run.objects.get())

    assert "Would be new 1" in text(portal.get(f"{LIST}{run.pk}/"))
    assert not User.objects.filter(email="ada@people.example").exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"x", "users.xlsx", "Name the file with .csv, .ndjson or .jsonl at its end."),
        (b"emial\nx\n", "users.csv", "The column 'emial' means nothing here"),
        (b"", "users.csv", "The submitted file is empty."),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_beside_its_field(
    portal: Client, content: bytes, name: str, sentence: str
) -> None:
    page = upload(portal, content, name)

    assert "Nothing was imported" in page
    assert sentence in page
    assert not Run.objects.exists()


def test_an_import_can_be_cancelled(portal: Client) -> None:
    upload(portal, b"email\nada@people.example\n")
    run = Run.objects.get()

    page = text(portal.post(f"{LIST}{run.pk}/cancel/", follow=True))

    assert "The import was cancelled" in page
    assert Run.objects.get().state == "cancelled"


def test_a_file_with_secrets_is_not_downloaded_from_the_portal(portal: Client) -> None:
    portal.post(EXPORTS, {"format": "csv"})
    run = Export.objects.get()
    assert run.secrets == Export.Secrets.NONE
    write_out(run)
    Export.objects.update(secrets=Export.Secrets.PEOPLE)

    assert portal.get(f"{EXPORTS}{run.pk}/file/").status_code == 403


def test_all_users_can_be_downloaded_and_that_is_noted(portal: Client) -> None:
    upload(portal, b"email,given_name\nada@people.example,=1+1\n")
    finish(Run.objects.get())
    portal.post(EXPORTS, {"format": "csv"})
    run = Export.objects.get()
    early = text(portal.get(EXPORTS))
    write_out(run)

    page = portal.get(EXPORTS).content.decode()
    file = portal.get(f"{EXPORTS}{run.pk}/file/")

    assert "0 %" in early
    assert f"{EXPORTS}{run.pk}/file/" in page
    content = b"".join(file.streaming_content)
    assert content.startswith(b"sub,preferred_username,email,")
    assert b",'=1+1," in content
    assert Entry.objects.filter(subject_kind="export", action="downloaded").exists()


def test_whoever_is_no_administrator_gets_nothing(client: Client, db: None) -> None:
    user = User.objects.create(email="ada@people.example", is_staff=True)
    client.force_login(user)

    assert client.get(LIST).status_code == 403
    assert client.get(EXPORTS).status_code == 403
