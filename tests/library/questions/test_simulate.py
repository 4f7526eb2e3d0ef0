"""The next logins, imagined: nothing is written, and the rules are those of the real ones."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from tests.library.questions.test_choose import NOW, SCHEMA, attribute, context, question, said

from burnish.attributes.access import OPEN
from burnish.attributes.custom import TYPES
from burnish.attributes.schema import Schema
from burnish.attributes.standard import RULES, StandardAttribute
from burnish.profiles.document import Document
from burnish.questions.question import Question
from burnish.questions.simulate import Deed, Login, Plan, simulate
from burnish.questions.state import Manners, State


def logins(*questions: Question, deed: Deed = "answer", **how: Any) -> list[Login]:
    return list(
        simulate(
            questions,
            how.pop("document", Document()),
            how.pop("schema", SCHEMA),
            how.pop("history", {}),
            how.pop("context", context(logins=0)),
            NOW,
            how.pop("manners", Manners()),
            Plan(deed, how.pop("count", 5), timedelta(days=how.pop("apart", 7))),
            **how,
        )
    )


def keys(found: list[Login]) -> list[list[str]]:
    return [[asking.question.key for asking, _ in login.asked] for login in found]


def test_who_answers_is_asked_the_next_ones_later_and_nothing_twice() -> None:
    asks = [question("city", priority=900), question("team"), question("size", "size", "plan")]

    found = logins(*asks)

    assert keys(found) == [["city", "size"], ["team"], [], [], []]
    assert [login.number for login in found] == [1, 2, 3, 4, 5]
    assert found[1].at == NOW + timedelta(days=7)
    assert found[0].left == {"team": "others_first"}
    assert found[2].left == {"city": "answered", "size": "answered", "team": "answered"}


def test_who_comes_back_soon_rests() -> None:
    found = logins(question("city"), question("team"), question("size"), apart=3)

    assert keys(found) == [["city", "size"], [], [], ["team"], []]
    assert found[1].left["team"] == "resting"


def test_who_skips_is_asked_again_a_few_times_and_who_refuses_never() -> None:
    assert keys(logins(question("city"), deed="skip")) == [["city"], ["city"], ["city"], [], []]
    assert keys(logins(question("city"), deed="refuse")) == [["city"], [], [], [], []]
    assert logins(question("city"), deed="skip")[3].left == {"city": "asked_often"}


def test_who_leaves_meets_a_required_question_again_and_cannot_skip_it() -> None:
    must = question("city", required=True)

    left = logins(must, question("team"), deed="leave", apart=1)
    assert keys(left)[:2] == [["city"], ["city"]]
    assert left[0].left == {"team": "left"}
    assert [deed for _, deed in logins(must, deed="skip")[0].asked] == ["answer"]


def test_what_came_before_counts_and_is_not_changed() -> None:
    history = {"city": State(3, NOW - timedelta(days=30), "before")}
    before = dict(history)

    assert keys(logins(question("city"), history=history)) == [[]] * 5
    assert history == before


def test_an_answer_opens_what_waits_for_it_and_moves_them_into_a_segment() -> None:
    after = question("team", when={"attributes": [{"attribute": "city", "known": True}]})
    inside = question("size", when={"segments": ["known"]})

    def segments(values: Any) -> frozenset[str]:
        return frozenset({"known"} if "team" in values else ())

    found = logins(question("city"), after, inside, apart=8, segments=segments)

    assert keys(found) == [["city", "team"], ["size"], [], [], []]
    assert keys(logins(after, document=said(("city", "Lyon", "user")), count=1)) == [["team"]]


def test_what_cannot_be_asked_is_reported() -> None:
    (login,) = logins(question("town"), count=1)

    assert [report.reason for report in login.reports] == ["nobody defined town"]


@pytest.mark.parametrize("type", TYPES)
def test_every_type_has_an_answer_that_ends_the_asking(type: str) -> None:
    more: dict[str, Any] = {"enum": ["small", "big"]} if type == "enum" else {}
    if type in ("number", "integer"):
        more = {"minimum": 1000}
    schema = Schema((attribute("city", type, **more),))

    assert keys(logins(question("city"), schema=schema)) == [["city"], [], [], [], []]


def test_standard_attributes_have_one_too() -> None:
    for name in {*RULES} - {"email", "phone_number", "preferred_username"}:
        schema = Schema((), {name: StandardAttribute(name, OPEN)})
        must = question("it", name, required=True)
        assert keys(logins(must, schema=schema, count=2)) == [["it"], []], name


def test_no_login_is_without_end() -> None:
    for deed in get_args(Deed):
        found = logins(
            *(question(f"q{n}", "city", required=True) for n in range(30)),
            deed=deed,
            manners=Manners(per_login=10),
        )
        assert all(len(login.asked) <= 10 for login in found)
