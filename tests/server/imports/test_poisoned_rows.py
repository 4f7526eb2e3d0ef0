"""A row that cannot be kept, read or written fails alone, and says why; the others go in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.server.imports.conftest import ACTOR, finish, outcomes

import burnish
from burnish.hooks import plugin
from burnish_server.hooks import plugins
from burnish_server.identity.models import User
from burnish_server.imports import store
from burnish_server.imports.models import Run
from burnish_server.imports.store import Wish
from burnish_server.profiles.models import CustomAttribute

Take = Callable[..., Run]

POISONED = {
    "a number too large": ('"x": 1e999', "x: must hold numbers that fit 64 bits"),
    "a known number too large": ('"email_verified": 1e999', "email_verified: must hold numbers"),
    "a name": ('"a\\u0000b": 1', "a\ufffdb: its name must not contain a null character"),
    "a name in the address": ('"address": {"a\\u0000": "x"}', "address.a\ufffd: its name"),
    "a name among the attributes": (
        '"custom_attributes": {"\\u0000": 1}',
        "custom_attributes.\ufffd",
    ),
    "a name far inside": ('"address": {"x": [{"\\u0000": 1}]}', "address.x.0.\ufffd: its name"),
    "a value far inside": ('"x": [[["\\u0000"]]]', "x.0.0.0: must not contain a null character"),
    "too many levels": ('"x": ' + "[" * 60 + "]" * 60, "must not be nested more than 50"),
    "half a character": ('"x": "\\ud83d"', "Line 2 cannot be read: it is not JSON"),
    "no number": ('"x": NaN', "Line 2 cannot be read: it is not JSON"),
}


@pytest.mark.parametrize("what", POISONED)
def test_a_line_of_json(take: Take, what: str) -> None:
    member, sentence = POISONED[what]
    good = '{"email": "good%d@people.example"}'
    content = "\n".join([good % 1, f'{{"email": "bad@people.example", {member}}}', good % 2])

    run = take(content.encode())

    assert (run.state, run.inserted, run.failed) == ("completed", 2, 1)
    failed = outcomes(run)[1]
    assert sentence in failed.errors[0]["message"]
    json.dumps([failed.record, failed.errors], ensure_ascii=False).encode()
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "cell",
    ["9" * 5000, "1e999", "NaN", '"[' + "[" * 5000 + '"', "\0", "-Infinity"],
    ids=["digits", "too large", "no number", "levels", "a NUL", "infinite"],
)
@pytest.mark.parametrize("column", ["password.iterations", "custom_attributes.age", "roles"])
def test_a_row_of_cells(take: Take, column: str, cell: str) -> None:
    CustomAttribute.objects.create(pointer="/age", id="c1", type="number")
    content = f"email,{column}\na@people.example,\nb@people.example,{cell}\nc@people.example,\n"

    run = take(content.encode(), "csv")

    assert (run.state, run.inserted, run.failed) == ("completed", 2, 1)
    assert outcomes(run)[1].errors


def test_a_record_of_a_request(db: None) -> None:
    records: list[Any] = [
        {"email": "a@people.example"},
        {"email": "b@people.example", "address": {"x\0": float("inf")}},
        {"email": "c@people.example", "x": "\ud83d"},
        {"email": "d@people.example"},
    ]

    run = finish(store.take_records(records, Wish(), ACTOR))

    assert (run.state, run.inserted, run.failed) == ("completed", 2, 2)


@pytest.fixture
def ledger(transactional_db: None) -> Iterator[None]:
    """A plugin that is called inside the transaction, and fails for one person."""

    @burnish.hook("user.created", in_transaction=True)
    def ledger(event: dict[str, Any], ctx: Any) -> None:
        if event["payload"]["user"]["standard_attributes"]["email"].startswith("bad"):
            raise RuntimeError("the ledger is closed")

    plugins.sync()
    yield
    plugin._registered.pop("ledger")


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_writing_fails_for_a_reason_that_stays(ledger: None) -> None:
    names = ("good1", "bad", "good2")
    content = "\n".join(json.dumps({"email": f"{one}@people.example"}) for one in names)

    run = finish(store.take("ndjson", [content.encode()], Wish(hooks=True), ACTOR, work=False))

    assert (run.state, run.inserted, run.failed) == ("completed", 2, 1)
    assert outcomes(run)[1].errors[0]["reason"] == "UnexpectedError"
