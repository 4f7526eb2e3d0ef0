"""Questions at login: one a page, never in the way, never twice."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.server.identity.conftest import (
    QUESTIONS,
    Ada,
    acts,
    asked_events,
    effective,
    said,
    sources,
    text,
)

from burnish.profiles.fact import NOTHING
from burnish_server.hooks.models import Event
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Moment, Progress, Question

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]


def test_whoever_has_nothing_to_be_asked_is_let_in_at_once(ada: Ada, city: CustomAttribute) -> None:
    assert ada.sign_in()["Location"] == "/settings/"
    assert ada.is_in


def test_a_question_is_answered_in_one_request_and_the_login_goes_on(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")

    assert ada.sign_in()["Location"] == QUESTIONS
    assert not ada.is_in
    page = text(ada.page())
    assert "What about city?" in page
    assert "Why we ask: Because of city." in page
    assert "Question 1" not in page
    done = ada.say("answer", city=" Lyon ")

    assert done["Location"] == "/settings/"
    assert ada.is_in
    assert effective(ada.user, city) == "Lyon"
    assert list(sources(ada.user, city)) == ["question:city"]
    assert acts() == ["asked", "answered"]
    assert asked_events() == ["question.asked", "question.answered"]
    assert Event.objects.filter(type="user.profile.updated").exists()
    assert Moment.objects.filter(seconds__gt=0, act="answered", door="login").exists()


def test_two_questions_tell_how_far_somebody_has_come(
    ada: Ada, define: Define, question: Ask
) -> None:
    for name in ("city", "team", "plan"):
        define(name)
        question(name)
    ada.sign_in()

    assert "Question 1 of 2" in text(ada.page())
    assert ada.say("skip")["Location"] == QUESTIONS
    assert "Question 2 of 2" in text(ada.page())
    assert ada.say("answer", plan="pro")["Location"] == "/settings/"


def test_not_now_leaves_all_of_them_and_an_earlier_asking_gives_rest(
    ada: Ada, define: Define, question: Ask
) -> None:
    for name in ("city", "team"):
        define(name)
        question(name)
    ada.sign_in()

    assert ada.say("later")["Location"] == "/settings/"
    ada.leave()
    assert ada.sign_in()["Location"] == "/settings/"
    ada.leave()
    ada.rest(8)
    assert ada.sign_in()["Location"] == QUESTIONS
    assert Progress.objects.count() == 1


def test_what_somebody_never_wants_to_be_asked_is_not_asked_again(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    ada.sign_in()

    ada.say("refuse")
    ada.leave()
    ada.rest(100)

    assert ada.sign_in()["Location"] == "/settings/"
    assert acts() == ["asked", "refused"]


def test_nobody_is_signed_in_before_a_required_question_is_answered(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city", required=True)
    ada.sign_in()

    assert 'value="skip"' not in ada.page().content.decode()
    for act in ("skip", "later", "refuse", "no", "confirm", "nonsense"):
        assert ada.say(act).status_code in (200, 302)
        assert not ada.is_in
    assert "Fill this in." in text(ada.say("answer", city="  "))
    assert ada.client.get("/settings/").status_code == 302
    ada.say("answer", city="Lyon")

    assert ada.is_in


def test_whoever_will_not_answer_goes_back_to_the_start(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city", required=True)
    ada.sign_in()

    assert ada.say("cancel")["Location"] == "/login/"
    assert ada.client.get("/login/").status_code == 200
    assert not ada.is_in


BAD = ["", "Paris\x00", "x" * 100_000, "\ud800".encode("utf-8", "surrogatepass"), "<b>"]


@pytest.mark.parametrize("value", BAD, ids=repr)
@pytest.mark.parametrize("act", ["answer", "skip", "later", "refuse", "", "nonsense"])
def test_whatever_is_posted_an_optional_question_stops_nobody(
    ada: Ada, city: CustomAttribute, question: Ask, value: Any, act: str
) -> None:
    question("city")
    ada.sign_in()

    response = ada.say(act, city=value)

    assert response.status_code in (200, 302)
    if not ada.is_in:
        assert ada.say("later")["Location"] == "/settings/"
    assert ada.is_in


KINDS: list[tuple[str, Any, str]] = [
    ("integer", {}, "a lot"),
    ("integer", {"maximum": 10}, "11"),
    ("number", {}, "nan"),
    ("number", {}, "1e999"),
    ("enum", {"enum": ["pro", "free"]}, "gold"),
    ("boolean", {}, "maybe"),
    ("date", {}, "2026-02-30"),
    ("datetime", {}, "yesterday"),
    ("phone_number", {}, "0701740605"),
    ("email", {}, "ada"),
    ("url", {}, "javascript:alert(1)"),
    ("country_code", {}, "Atlantis"),
    ("string_list", {}, "\x00"),
]


@pytest.mark.parametrize(("kind", "options", "value"), KINDS, ids=lambda one: str(one)[:20])
def test_an_answer_of_the_wrong_kind_is_put_right_beside_its_field(
    ada: Ada, define: Define, question: Ask, kind: str, options: Any, value: str
) -> None:
    it = define("it", kind, **options)
    question("it", required=True)
    ada.sign_in()

    page = ada.say("answer", it=value)

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert "Error: " in text(page)
    assert effective(ada.user, it) is NOTHING
    assert not ada.is_in


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("country_code", "sweden", "SE"),
        ("country_code", "se", "SE"),
        ("country_code", "Türkiye", "TR"),
        ("phone_number", "0046 (0)70", None),
        ("phone_number", "0046 70-174 06 05", "+46701740605"),
        ("phone_number", "+46 70 174.06.05", "+46701740605"),
        ("boolean", "false", False),
        ("string_list", "Swedish\nFrench", ["Swedish", "French"]),
    ],
)
def test_answers_are_taken_as_people_write_them(
    ada: Ada, define: Define, question: Ask, kind: str, typed: str, kept: Any
) -> None:
    it = define("it", kind)
    question("it", required=True)
    ada.sign_in()

    ada.say("answer", it=typed)

    assert effective(ada.user, it) == (NOTHING if kept is None else kept)


def test_a_group_asks_all_that_is_open_and_shows_faults_beside_their_fields(
    ada: Ada, define: Define, question: Ask
) -> None:
    team, size, _ = define("team"), define("size", "integer"), define("plan")
    said(ada.user, team, "Red", "user")
    question("work", "team", "size", "plan", required=True)
    ada.sign_in()

    page = ada.page().content.decode()
    assert "answer-team" not in page
    wrong = text(ada.say("answer", size="many", plan=""))
    assert wrong.count("Fill this in.") == 1
    ada.say("answer", size="12", plan="pro")

    assert ada.is_in
    assert effective(ada.user, size) == 12
    assert effective(ada.user, team) == "Red"


def test_words_are_in_the_language_of_the_person(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city", words={"en": {"title": "Where?"}, "fr": {"title": "Où\N{NBSP}?"}})
    ada.sign_in()

    page = ada.client.get(QUESTIONS, headers={"Accept-Language": "fr-CA, en;q=0.5"})

    assert '<h1 lang="fr" dir="auto">Où' in page.content.decode()


def test_a_guess_is_confirmed_by_one_press(ada: Ada, city: CustomAttribute, question: Ask) -> None:
    said(ada.user, city, "Lyon", "provider:acme", confidence=0.6)
    question("city", confirm=True)
    ada.sign_in()

    page = text(ada.page())
    assert "Lyon" in page
    assert "Looked up at acme, 60 % sure" in page
    ada.say("confirm")

    assert ada.is_in
    assert set(sources(ada.user, city)) == {"provider:acme", "question:city"}
    assert effective(ada.user, city) == "Lyon"


def test_a_guess_that_is_wrong_is_remembered_and_the_field_opens(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    said(ada.user, city, "Lyon", "provider:acme")
    question("city", confirm=True)
    ada.sign_in()

    assert ada.say("no")["Location"] == QUESTIONS
    assert effective(ada.user, city) is NOTHING
    assert sources(ada.user, city)["provider:acme"]["refused"]
    assert "Lyon" not in text(ada.page())
    said(ada.user, city, "Lyon", "provider:acme")
    ada.say("answer", city="Malmö")

    assert ada.is_in
    assert effective(ada.user, city) == "Malmö"


def test_only_the_guess_somebody_saw_is_confirmed(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    said(ada.user, city, "Lyon", "provider:acme")
    question("city", confirm=True)
    ada.sign_in()
    page = ada.page()
    said(ada.user, city, "Nice", "provider:acme")

    again = ada.post(page, "confirm")

    assert "Nice" in text(again)
    assert "question:city" not in sources(ada.user, city)
