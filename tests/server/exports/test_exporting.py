"""Everything of every user in one file, in pieces that survive a killed worker."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.server.imports.conftest import ACTOR, take

from burnish_server.exports import store, work
from burnish_server.exports.models import Chunk, Run
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.roles.models import Group, Role

__all__ = ["take"]

Take = Callable[..., Any]


def finish(run: Run) -> Run:
    while work.go_on(run.pk, seconds=60):
        pass
    run.refresh_from_db()
    return run


def read(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(store.content(run)).splitlines()]


def table(run: Run) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(store.content(run)).decode(), newline="")))


def test_a_record_has_all_there_is_and_nothing_that_is_empty(take: Take) -> None:
    CustomAttribute.objects.create(pointer="/city", id="c1", type="string")
    Role.objects.create(key="editor")
    Group.objects.create(key="staff")
    take(
        [
            {
                "email": "ada@people.example",
                "email_verified": True,
                "phone_number": "+46701740605",
                "preferred_username": "Ada",
                "given_name": "Ada",
                "custom_attributes": {"city": "Lyon"},
                "roles": ["editor"],
                "groups": ["staff"],
                "mfa": {"totp": {"secret": "JBSWY3DPEHPK3PXP"}},
            }
        ]
    )

    run = finish(store.create("ndjson", None, ACTOR, secrets=Run.Secrets.ALL, work=False))

    [record] = read(run)
    user = User.objects.get()
    assert record.pop("created_at").endswith("Z")
    [totp] = record.pop("mfa")["totps"]
    assert totp["secret"] == "JBSWY3DPEHPK3PXP"
    assert totp["uri"].startswith("otpauth://totp/")
    assert [(one["type"], one["login_id"]["key"]) for one in record.pop("identities")] == [
        ("login_id", "email"),
        ("login_id", "phone"),
        ("login_id", "username"),
    ]
    assert record == {
        "sub": str(user.pk),
        "email": "ada@people.example",
        "email_verified": True,
        "phone_number": "+46701740605",
        "phone_number_verified": False,
        "preferred_username": "ada",
        "given_name": "Ada",
        "custom_attributes": {"city": "Lyon"},
        "roles": ["editor"],
        "groups": ["staff"],
        "disabled": False,
        "is_anonymized": False,
        "biometric_count": 0,
        "passkey_count": 0,
    }


SECRET = "JBSWY3DPEHPK3PXP"
WITH_APP = {"mfa": {"totp": {"secret": SECRET}}}


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        (Run.Secrets.NONE, set()),
        (Run.Secrets.PEOPLE, {"ada@people.example"}),
        (Run.Secrets.ALL, {"ada@people.example", "root@people.example"}),
    ],
)
@pytest.mark.parametrize("format", ["ndjson", "csv"])
def test_secrets_are_of_whom_they_were_asked(
    take: Take, format: str, whose: Run.Secrets, told: set[str]
) -> None:
    take([{"email": f"{name}@people.example", **WITH_APP} for name in ("ada", "root")])
    User.objects.filter(email__startswith="root").update(is_staff=True)

    run = finish(store.create(format, None, ACTOR, secrets=whose, work=False))

    rows = b"".join(store.content(run)).decode().splitlines()
    having = [row for row in rows if SECRET in row]
    assert len(having) == len(told)
    assert all(any(one in row for row in having) for one in told)


@pytest.mark.parametrize("pointer", ["/mfa", "/mfa/totps", "/mfa/totps/0/secret"])
def test_a_column_of_secrets_is_refused_unless_they_are_asked_for(db: None, pointer: str) -> None:
    with pytest.raises(store.columns.NotRevealed, match="holds secrets"):
        store.create("csv", [(pointer, None)], ACTOR, work=False)


def test_a_csv_file_has_the_contract_s_columns_then_the_custom_ones(take: Take) -> None:
    CustomAttribute.objects.create(pointer="/tags", id="c1", type="string_list")
    take([{"email": "ada@people.example", "custom_attributes": {"tags": ["a", "b"]}}])

    head, row = table(finish(store.create("csv", None, ACTOR, work=False)))

    assert head[:4] == ["sub", "preferred_username", "email", "phone_number"]
    assert head[17:19] == ["address.formatted", "address.street_address"]
    assert head[-2:] == ["passkey_count", "custom_attributes.tags"]
    assert "family_name" not in head
    told = dict(zip(head, row, strict=True))
    assert told["email"] == "ada@people.example"
    assert told["custom_attributes.tags"] == '["a", "b"]'
    assert (told["disabled"], told["phone_number"]) == ("false", "")


def test_columns_can_be_chosen_and_named(take: Take) -> None:
    take([{"email": "ada@people.example", "address": {"country": "UK"}, "family_name": "Byron"}])
    fields = [("/family_name", None), ("/address/country", "land"), ("/identities/0/type", None)]

    rows = table(finish(store.create("csv", fields, ACTOR, work=False)))

    assert rows == [["family_name", "land", "identities.0.type"], ["Byron", "UK", "login_id"]]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([("/email", None), ("/name", "email")], "Two columns are named email"),
        ([("email", None)], "is no JSON pointer"),
        ([], "Ask for 1 to 500 columns"),
    ],
)
def test_columns_that_cannot_be_are_refused(db: None, fields: list[Any], sentence: str) -> None:
    with pytest.raises(store.columns.Unfit, match=sentence):
        store.create("csv", fields, ACTOR)


def test_an_export_goes_on_where_a_killed_worker_left_it(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 10)
    take([{"email": f"{number}@people.example"} for number in range(25)])
    run = store.create("ndjson", None, ACTOR, work=False)
    work._piece(Run.objects.get(pk=run.pk))
    stale = Run.objects.get(pk=run.pk)

    finish(run)

    # A worker that was only thought dead writes its piece no second time.
    assert not work.go_on(stale.pk, seconds=60)
    assert run.users == 25
    assert len({record["sub"] for record in read(run)}) == 25


def test_what_lies_in_the_database_is_sealed(take: Take) -> None:
    take([{"email": "ada@people.example"}])

    finish(store.create("ndjson", None, ACTOR, work=False))

    assert b"ada@people.example" not in bytes(Chunk.objects.get().sealed)


def test_a_signed_address_is_good_for_a_minute_and_for_one_export(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finish(store.create("ndjson", None, ACTOR, work=False))
    text = store.sign(run)

    assert store.signed(text) == run
    assert store.signed(text[:-1] + ("a" if text[-1] != "a" else "b")) is None
    monkeypatch.setattr(store, "SIGNED_SECONDS", -1)
    assert store.signed(text) is None


def test_what_was_exported_can_be_imported(take: Take) -> None:
    take([{"email": "ada@people.example", "given_name": "Ada", "address": {"country": "UK"}}])
    exported = b"".join(store.content(finish(store.create("csv", None, ACTOR, work=False))))
    User.objects.all().delete()

    run = take(exported, format="csv")

    assert (run.inserted, run.failed) == (1, 0)
    [record] = read(finish(store.create("ndjson", None, ACTOR, work=False)))
    assert (record["given_name"], record["address"]) == ("Ada", {"country": "UK"})


def test_no_cell_is_a_formula_and_an_import_reads_what_was_there(take: Take) -> None:
    CustomAttribute.objects.create(pointer="/note", id="c1", type="string")
    formula = "=1+cmd|' /C calc'!A0"
    record = {
        "email": "ada@people.example",
        "phone_number": "+46701740605",
        "given_name": formula,
        "nickname": "-2+3",
        "middle_name": "@x",
        "custom_attributes": {"note": "\t=1"},
    }
    take([record])
    named = [
        ("/email", None),
        ("/phone_number", None),
        ("/given_name", None),
        ("/nickname", None),
        ("/middle_name", None),
        ("/custom_attributes/note", None),
        ("/email", "=HYPERLINK(A1)"),
    ]

    run = finish(store.create("csv", named, ACTOR, work=False))

    head, row = table(run)
    assert head[-1] == "'=HYPERLINK(A1)"
    assert row[1:6] == ["+46701740605", f"'{formula}", "'-2+3", "'@x", "'\t=1"]
    User.objects.all().delete()
    csv_of = finish(store.create("csv", named[:-1], ACTOR, work=False))
    assert len(table(csv_of)) == 1
    content = b"".join(store.content(run)).replace(b"'=HYPERLINK(A1)", b"sub")
    take(content, "csv")
    [again] = read(finish(store.create("ndjson", None, ACTOR, work=False)))
    assert {name: again[name] for name in record} == record
