"""`burnish users import` and `burnish users export`."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from tests.server.cli.conftest import Ended

from burnish_server.audit.models import Entry
from burnish_server.exports.models import Run as Export
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]


def test_a_file_is_imported_and_what_failed_is_told(burnish: Burnish, tmp_path: Path) -> None:
    file, told = tmp_path / "users.csv", tmp_path / "told.ndjson"
    file.write_text("email,given_name\nada@people.example,Ada\nnobody,Bob\n")

    ended = burnish("users", "import", file, "--outcomes", told)

    assert (ended.status, ended.out) == (1, "1 inserted, 0 updated, 0 skipped, 1 failed\n")
    assert "line 3: email: must be an e-mail address" in ended.err
    rows = [json.loads(line) for line in told.read_text().splitlines()]
    assert [row["outcome"] for row in rows] == ["inserted", "failed"]
    assert User.objects.get().email == "ada@people.example"
    assert Entry.objects.get(subject_kind="import").door == "cli"


def test_a_poisoned_line_fails_alone(burnish: Burnish, tmp_path: Path) -> None:
    file = tmp_path / "users.ndjson"
    file.write_text('{"email": "a@people.example"}\n{"x": 1e999}\n{"email": "b@people.example"}\n')

    ended = burnish("users", "import", file)

    assert (ended.status, ended.out) == (1, "2 inserted, 0 updated, 0 skipped, 1 failed\n")
    assert "line 2: x: must hold numbers that fit 64 bits" in ended.err


def test_a_trial_run_writes_nothing(burnish: Burnish, tmp_path: Path) -> None:
    file = tmp_path / "users.ndjson"
    file.write_text('{"email": "ada@people.example"}\n')

    ended = burnish("users", "import", file, "--dry-run", "--upsert", "--identifier", "email")

    would = "1 would be inserted, 0 would be updated, 0 skipped, 0 failed\n"
    assert (ended.status, ended.out) == (0, would)
    assert not User.objects.exists()


def test_a_file_that_cannot_be_meant_is_refused(burnish: Burnish, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("emial\nada@people.example\n")

    ended = burnish("users", "import", file)
    missing = burnish("users", "import", tmp_path / "none.csv")

    assert (ended.status, missing.status) == (1, 2)
    assert "The column 'emial' means nothing here" in ended.err
    assert "cannot be read" in missing.err


@pytest.mark.parametrize(("option", "told"), [((), False), (("--with-secrets",), True)])
def test_an_export_has_secrets_only_where_the_command_names_them(
    burnish: Burnish, tmp_path: Path, option: tuple[str, ...], told: bool
) -> None:
    user = User.objects.create(email="ada@people.example", is_staff=True)
    TOTP.activate(user, "GEZDGNBVGY3TQOJQ")
    file = tmp_path / "users.ndjson"

    burnish("users", "export", file, *option)

    assert ("GEZDGNBVGY3TQOJQ" in file.read_text()) is told


def test_an_export_is_for_its_owner_s_eyes(burnish: Burnish, tmp_path: Path) -> None:
    User.objects.create(email="ada@people.example")
    file = tmp_path / "users.csv"

    ended = burnish("users", "export", file, "--columns", "/sub,/disabled")

    assert (ended.status, ended.err.splitlines()[-1]) == (0, "1 users exported")
    assert file.read_text().splitlines()[1].endswith(",false")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not Export.objects.exists()


def test_an_exported_table_has_no_formulas(
    burnish: Burnish, say: Callable[..., User], tmp_path: Path
) -> None:
    note = CustomAttribute.objects.create(pointer="/note", id="c1", type="string")
    say(note, "=1+1")
    file = tmp_path / "users.csv"

    ended = burnish("users", "export", file, "--columns", "/custom_attributes/note")

    assert ended.status == 0
    assert file.read_text().splitlines()[1] == "'=1+1"
