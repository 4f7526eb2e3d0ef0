"""Records become users: as the contract has it, row by row, each with its outcome."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import bcrypt
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests.server.imports.conftest import ACTOR, finish, lines, outcomes

from burnish.profiles.fact import Fact
from burnish_server.hooks.models import Event
from burnish_server.identity.models import User
from burnish_server.imports import store, work
from burnish_server.imports.models import Batch, Run
from burnish_server.imports.store import Wish
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute, Profile
from burnish_server.roles import store as roles
from burnish_server.roles.models import Group, Role

Take = Callable[..., Run]
ADA = {"email": "ada@people.example", "given_name": "Ada"}


def profile(email: str) -> Profile:
    return profiles.of(User.objects.get(email=email).pk)


def by_line(run: Run) -> dict[int, tuple[str, ...]]:
    return {
        row.line: (row.outcome, *(error["message"] for error in row.errors))
        for row in outcomes(run)
    }


def test_a_record_becomes_a_user_with_profile_and_identity(take: Take) -> None:
    CustomAttribute.objects.create(pointer="/city", id="c1", type="string")

    run = take(
        [
            {
                **ADA,
                "email": " Ada@People.example",
                "email_verified": True,
                "custom_attributes": {"city": "Lyon"},
                "address": {"locality": "Lyon"},
            }
        ]
    )

    assert (run.state, run.rows, run.inserted) == ("completed", 1, 1)
    address = EmailAddress.objects.get(email="ada@people.example")
    assert (address.verified, address.primary) == (True, True)
    held = profile("ada@people.example")
    assert held.standard == {
        "email": "ada@people.example",
        "given_name": "Ada",
        "address": {"locality": "Lyon"},
    }
    assert held.custom == {"c1": "Lyon"}
    assert list(held.facts["custom"]["c1"]) == [f"import:{run.pk}"]
    assert not Event.objects.exists()


def test_who_exists_is_skipped_unless_told_otherwise(take: Take) -> None:
    take([ADA])

    run = take([{**ADA, "given_name": "Adele"}])

    [row] = outcomes(run)
    assert (row.outcome, row.user_id) == ("skipped", User.objects.get().pk)
    assert row.warnings == ["skipping because upsert = false and user exists"]
    assert profile(ADA["email"]).standard["given_name"] == "Ada"


def test_an_update_merges_by_name_and_null_deletes(take: Take) -> None:
    take([{**ADA, "family_name": "Byron", "nickname": "Countess", "address": {"country": "UK"}}])

    run = take(
        [
            {
                "email": ADA["email"],
                "family_name": "Lovelace",
                "nickname": None,
                "address": {"locality": "London"},
            }
        ],
        upsert=True,
    )

    assert [row.outcome for row in outcomes(run)] == ["updated"]
    assert profile(ADA["email"]).standard == {
        **ADA,
        "family_name": "Lovelace",
        "address": {"locality": "London"},
    }


def test_an_update_leaves_password_and_second_step_alone(take: Take) -> None:
    take([ADA])
    before = User.objects.get().password
    made = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()

    take(
        [
            {
                **ADA,
                "password": {"type": "bcrypt", "password_hash": made},
                "mfa": {"totp": {"secret": "JBSWY3DPEHPK3PXP"}},
            }
        ],
        upsert=True,
    )

    assert User.objects.get().password == before
    assert not Authenticator.objects.exists()


def test_verified_and_disabled_change_only_where_the_record_says_so(take: Take) -> None:
    take([{**ADA, "email_verified": True, "disabled": True}])

    take([{**ADA, "nickname": "A"}], upsert=True)
    as_before = EmailAddress.objects.get().verified, User.objects.get().is_active
    take([{**ADA, "email_verified": False, "disabled": False}], upsert=True)

    assert as_before == (True, False)
    assert (EmailAddress.objects.get().verified, User.objects.get().is_active) == (False, True)


def test_what_has_no_effect_is_said(take: Take) -> None:
    run = take([{**ADA, "email_verified": False, "disabled": False}])

    assert outcomes(run)[0].warnings == [
        "email_verified = false has no effect in insert.",
        "disabled = false has no effect in insert.",
    ]


def test_passwords_and_authenticator_apps_come_along_and_are_never_shown_again(take: Take) -> None:
    made = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()
    record = {
        **ADA,
        "password": {"type": "bcrypt", "password_hash": made},
        "mfa": {"totp": {"secret": "JBSWY3DPEHPK3PXP"}},
    }

    run = finish(store.take_records([record], Wish(), ACTOR))

    user = User.objects.get()
    assert user.check_password("correct horse")
    assert Authenticator.objects.get(user=user, type="totp").data["secret"]
    [row] = outcomes(run)
    assert row.record["password"] == {"type": "bcrypt", "password_hash": "REDACTED"}
    assert row.record["mfa"] == {"totp": {"secret": "REDACTED"}}


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"given_name": "Ada"}, "email: must be given, for users are found by it"),
        ({**ADA, "email": "nobody"}, "email: must be an e-mail address"),
        ({**ADA, "shoe": 43}, "shoe: there is no such member"),
        ({**ADA, "given_name": 3}, "given_name: input should be a valid string"),
        ({**ADA, "custom_attributes": {"shoe": 1}}, "custom_attributes.shoe: nobody defined"),
        ({**ADA, "birthdate": "tomorrow"}, "birthdate: must"),
        ({**ADA, "given_name": "A\0"}, "given_name: must not contain a null character"),
        ({**ADA, "password": {"type": "md5", "password_hash": "x"}}, "password: input tag 'md5'"),
        (
            {**ADA, "password": {"type": "bcrypt", "password_hash": "x"}},
            "password: the hash is no bcrypt hash",
        ),
        (
            {
                **ADA,
                "account_valid_from": "2026-02-01T00:00:00Z",
                "account_valid_until": "2026-01-01T00:00:00Z",
            },
            "account_valid_until: must be after account_valid_from",
        ),
    ],
)
def test_a_bad_record_fails_with_a_sentence_and_the_rest_goes_on(
    take: Take, record: dict[str, Any], sentence: str
) -> None:
    run = take([record, {"email": "bob@people.example"}])

    failed, good = outcomes(run)
    assert (failed.outcome, good.outcome) == ("failed", "inserted")
    assert failed.errors[0]["message"].startswith(sentence)
    assert User.objects.count() == 1


def test_lines_that_cannot_be_read_are_told_by_number_and_the_rest_goes_on(take: Take) -> None:
    good = b'{"email": "%d@people.example"}'
    content = b"\n".join(
        [
            b"\xef\xbb\xbf" + good % 1,
            b'{"email": "' + b"\xff" + b'"}',
            b"[1]",
            b"",
            b'{"email": "' + b"x" * (1 << 20) + b'"}',
            good % 6,
            b'{"email": "cut@peo',
        ],
    )

    run = take(content)

    told = by_line(run)
    assert told[1] == told[6] == ("inserted",)
    assert told[2][1] == (
        "Line 2 cannot be read: it is not text in UTF-8: byte 12 of it begins no letter."
    )
    assert told[3][1] == "Line 3 cannot be read: it is no JSON object."
    assert told[5][1] == "Line 5 cannot be read: it is longer than 1 MiB."
    assert told[7][1].startswith("Line 7 cannot be read: it is not JSON (EOF while parsing")


def test_a_csv_file_is_read_by_its_columns(take: Take) -> None:
    CustomAttribute.objects.create(pointer="/age", id="c1", type="integer")
    CustomAttribute.objects.create(pointer="/tags", id="c2", type="string_list")
    content = (
        "\ufeffemail;email_verified;name;address.locality;custom_attributes.age;"
        "custom_attributes.tags;sub\r\n"
        'ada@people.example;true;"Lovelace; Ada\nCountess ""A""";London;36;"a, b";x\r\n'
        "bob@people.example;;;;;;\r\n"
    ).encode()

    run = take(content, format="csv")

    assert (run.rows, run.inserted) == (2, 2)
    held = profile("ada@people.example")
    assert held.standard == {
        "email": "ada@people.example",
        "name": 'Lovelace; Ada\nCountess "A"',
        "address": {"locality": "London"},
    }
    assert held.custom == {"c1": 36, "c2": ["a", "b"]}
    assert [row.line for row in outcomes(run)] == [2, 4]


def test_csv_rows_with_slips_are_told_by_line_and_the_rest_goes_on(take: Take) -> None:
    content = (
        b"email,name\n"
        b'one@people.example,"open\n'
        b"two@people.example,Two\n"
        b'three@people.example,"a"b\n'
        b"four@people.example\n"
        b"five@people.example,\xff\n"
        b"six@people.example,Six\n"
    )

    run = take(content, format="csv")

    told = by_line(run)
    assert [told[line][0] for line in (2, 3, 4, 5, 6, 7)] == [
        "failed",
        "inserted",
        "failed",
        "failed",
        "failed",
        "inserted",
    ]
    assert told[2][1] == "Line 2 cannot be read: a quotation mark is opened and never closed."
    assert "not well-formed CSV" in told[4][1]
    assert "it has 1 cells, and there are 2 columns" in told[5][1]
    assert "not text in UTF-8" in told[6][1]
    assert not [row for row in outcomes(run) if row.record]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must name the columns"),
        (b"\xff\xfe", "must name the columns"),
        (b"emial,name\nx,y\n", "The column 'emial' means nothing here"),
        (b"name\nAda\n", "There is no column email"),
        (b"email,name,name\n", "two columns named name"),
        (b"email\n", "There are no rows"),
    ],
)
def test_a_csv_file_that_cannot_be_meant_is_refused_whole(
    db: None, content: bytes, sentence: str
) -> None:
    with pytest.raises(store.Unfit, match=sentence):
        store.take("csv", [content], Wish(), ACTOR)

    assert not Run.objects.exists()


def test_a_user_that_stands_twice_is_taken_in_turn_and_told(take: Take) -> None:
    bob = {"email": "bob@people.example"}

    run = take(
        [ADA, bob, {**ADA, "given_name": "Adele"}, {**ADA, "given_name": "Adela"}], upsert=True
    )

    assert [row.outcome for row in outcomes(run)] == ["inserted", "inserted", "updated", "updated"]
    assert outcomes(run)[2].warnings == ["Line 1 has the same email."]
    assert profile(ADA["email"]).standard["given_name"] == "Adela"


def test_a_person_s_own_word_outweighs_an_import_s(take: Take) -> None:
    take([ADA])
    user = User.objects.get()
    at = datetime.now(UTC)
    profiles.say(
        user.pk, [Fact("standard", "given_name", "Countess", "user", at)], at, profiles.schema()
    )

    run = take([{**ADA, "given_name": "Adele"}], upsert=True)

    assert profile(ADA["email"]).standard["given_name"] == "Countess"
    assert outcomes(run)[0].warnings == ["given_name: was taken down, but a weightier word holds."]


def test_a_trial_run_says_the_same_and_writes_nothing(take: Take) -> None:
    take([ADA])

    run = take(
        [ADA, {"email": "bob@people.example"}, {"email": "x"}, {"email": "bob@people.example"}],
        dry_run=True,
    )

    assert [row.outcome for row in outcomes(run)] == ["skipped", "inserted", "failed", "skipped"]
    assert outcomes(run)[3].warnings[-1] == "Line 2 has the same email."
    assert User.objects.count() == 1


def test_an_import_goes_on_where_a_killed_worker_left_it_no_row_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROWS", 10)
    records = [{"email": f"{number}@people.example"} for number in range(35)]
    run = store.take("ndjson", [lines(records)], Wish(upsert=True), ACTOR, work=False)

    first = Batch.objects.get(run=run, number=0)

    assert work.go_on(run.pk, uuid4(), seconds=0)
    # The worker ends between writing a batch and taking it from the pile.
    Batch.objects.create(run=run, number=0, sealed=first.sealed)
    finish(run)

    run.refresh_from_db()
    assert (run.state, run.inserted, run.updated, run.failed) == ("completed", 35, 0, 0)
    assert User.objects.count() == 35
    assert not Batch.objects.exists()


def test_two_workers_never_work_on_one_import(db: None) -> None:
    run = store.take("ndjson", [lines([ADA])], Wish(), ACTOR, work=False)
    assert work._claim(run.pk, uuid4())

    assert not work.go_on(run.pk, uuid4(), seconds=60)

    run.refresh_from_db()
    assert (run.state, run.done) == ("pending", 0)


def test_a_cancelled_import_keeps_what_is_written(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ROWS", 10)
    records = [{"email": f"{number}@people.example"} for number in range(35)]
    run = store.take("ndjson", [lines(records)], Wish(), ACTOR, work=False)
    work.go_on(run.pk, uuid4(), seconds=0)

    assert store.cancel(run, ACTOR)
    finish(run)

    assert (run.state, run.done, User.objects.count()) == ("cancelled", 10, 10)
    assert not Batch.objects.exists()
    assert not store.cancel(run, ACTOR)


def test_users_are_found_by_phone_number_or_username_too(take: Take) -> None:
    ada = {"phone_number": "+46 70-174 06 05", "preferred_username": "Ada", "name": "Ada"}

    take([ada], identifier="phone_number")
    run = take(
        [{"preferred_username": "ADA", "phone_number_verified": True, "name": "Adele"}],
        identifier="preferred_username",
        upsert=True,
    )

    user = User.objects.get()
    assert [row.outcome for row in outcomes(run)] == ["updated"]
    assert (user.phone_number, user.username) == ("+46701740605", "ada")
    assert (user.phone_number_verified, user.email) == (True, None)
    assert profiles.of(user.pk).standard == {
        "phone_number": "+46701740605",
        "preferred_username": "ada",
        "name": "Adele",
    }


def test_what_somebody_else_signs_in_with_is_refused(take: Take) -> None:
    take([{**ADA, "phone_number": "+46701740605"}])

    run = take(
        [
            {"email": "bob@people.example", "phone_number": "+46701740605"},
            {"email": "eve@people.example", "preferred_username": "eve"},
            {"email": "eva@people.example", "preferred_username": "Eve"},
        ]
    )

    assert [row.outcome for row in outcomes(run)] == ["failed", "inserted", "failed"]
    assert outcomes(run)[0].errors == [
        {"reason": "DuplicatedIdentity", "message": "phone_number: another user signs in with it"}
    ]


def test_an_update_moves_an_address_and_null_takes_a_number_away(take: Take) -> None:
    take([{"preferred_username": "ada", **ADA, "phone_number": "+46701740605"}])

    take(
        [{"preferred_username": "ada", "email": "new@people.example", "phone_number": None}],
        identifier="preferred_username",
        upsert=True,
    )

    user = User.objects.get()
    assert (user.email, user.phone_number) == ("new@people.example", None)
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@people.example"]
    assert profiles.of(user.pk).standard["email"] == "new@people.example"


def test_an_address_the_person_typed_goes_with_the_identity(take: Take) -> None:
    take([{"preferred_username": "ada", **ADA}])
    user, at = User.objects.get(), timezone.now()
    typed = Fact("standard", "email", ADA["email"], "user", at)
    profiles.say(user.pk, [typed], at, profiles.schema())

    take(
        [{"preferred_username": "ada", "email": "new@people.example"}],
        identifier="preferred_username",
        upsert=True,
    )

    assert profiles.of(user.pk).standard["email"] == "new@people.example"


def test_roles_and_groups_become_exactly_the_list(take: Take) -> None:
    for key in ("reader", "editor"):
        Role.objects.create(key=key)
    Group.objects.create(key="staff")
    take([{**ADA, "roles": ["reader"], "groups": ["staff"]}])

    take([{**ADA, "roles": ["editor"]}], upsert=True)
    run = take([{**ADA, "roles": ["owner"]}], upsert=True)

    held = roles.of(User.objects.get().pk)
    assert (held.roles, held.groups) == (("editor",), ("staff",))
    assert outcomes(run)[0].errors == [
        {"reason": "RoleUnknownKeys", "message": "roles: there is no role owner; make it first"}
    ]
