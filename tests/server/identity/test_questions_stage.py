"""Questions at login: one a page, never in the way, never twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from tests.server.identity.conftest import QUESTIONS, Ada, effective, sources, text

from burnish.attributes.access import OPEN, Access
from burnish.profiles.fact import NOTHING, Fact
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.adapter import Adapter
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Manners, Moment, Progress, Question, Report

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]
Configure = Callable[..., Hook]

READ_ONLY = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite").model_dump()
LET = "({is_allowed: true})"
DENY = "({is_allowed: false, title: 'No', reason: 'not that one'})"


def answering(verdict: str) -> str:
    return f"export default (e) => {verdict};"


def custom(values: str) -> str:
    return f"({{is_allowed: true, mutations: {{user: {{custom_attributes: {values}}}}}}})"


@pytest.fixture
def define(attribute: Define) -> Define:
    def open_one(name: str, type: str = "string", **options: Any) -> CustomAttribute:
        return attribute(name, type, **{"access": OPEN.model_dump(), **options})

    return open_one


@pytest.fixture
def city(define: Define) -> CustomAttribute:
    return define("city")


@pytest.fixture
def on_update(hook: Configure) -> Callable[[str], Hook]:
    """Have a hook answer to every edit: `on_update(DENY)`."""
    return lambda verdict: hook("edits", answering(verdict), events=["user.profile.pre_update"])


def said(user: User, attribute: CustomAttribute, value: Any, source: str, **more: Any) -> None:
    fact = Fact("custom", attribute.pk, value, source, timezone.now(), **more)
    store.say(user.pk, [fact], fact.observed_at, store.schema())


def acts() -> list[str]:
    return list(Moment.objects.order_by("pk").values_list("act", flat=True))


def events() -> list[str]:
    kinds = Event.objects.filter(type__startswith="question.").order_by("created_at")
    return list(kinds.values_list("type", flat=True))


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
    assert events() == ["question.asked", "question.answered"]
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


def test_a_hook_that_fails_on_an_optional_answer_lets_them_go_on(
    ada: Ada, city: CustomAttribute, question: Ask, on_update: Callable[[str], Hook]
) -> None:
    on_update("{ throw new Error('k3y'); }")
    question("city")
    ada.sign_in()

    page = ada.say("answer", city="Lyon")

    assert "could not be checked" in text(page)
    assert "k3y" not in text(page)
    assert 'value="Lyon"' in page.content.decode()
    assert ada.say("skip")["Location"] == "/settings/"


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [(DENY, "not that one"), ("{ throw new Error(''); }", "could not be checked")],
)
def test_a_hook_that_refuses_a_required_answer_says_why_and_keeps_nobody(
    ada: Ada,
    city: CustomAttribute,
    question: Ask,
    on_update: Callable[[str], Hook],
    verdict: str,
    sentence: str,
) -> None:
    on_update(verdict)
    question("city", required=True)
    ada.sign_in()

    assert "Go on" not in text(ada.page())
    page = text(ada.say("answer", city="Lyon"))
    assert sentence in page
    assert "Go on" in page
    assert "Go on" in text(ada.page())
    assert ada.say("skip")["Location"] == "/settings/"
    ada.leave()

    assert ada.sign_in()["Location"] == QUESTIONS
    assert "Go on" not in text(ada.page())


@pytest.mark.parametrize("values", ["{}", "{city: 'Nowhere'}"])
@pytest.mark.parametrize("required", [True, False])
def test_a_hook_that_changes_or_removes_an_answer_makes_no_loop(
    ada: Ada,
    city: CustomAttribute,
    question: Ask,
    on_update: Callable[[str], Hook],
    values: str,
    required: bool,
) -> None:
    on_update(custom(values))
    question("city", required=required)
    ada.sign_in()

    assert ada.say("answer", city="Lyon")["Location"] == "/settings/"
    assert ada.is_in


def test_a_hook_that_refuses_to_have_a_guess_turned_down_stops_nobody(
    ada: Ada, city: CustomAttribute, question: Ask, on_update: Callable[[str], Hook]
) -> None:
    on_update(DENY)
    said(ada.user, city, "Lyon", "provider:acme")
    question("city", confirm=True, required=True)
    ada.sign_in()

    page = text(ada.say("no"))
    assert "not that one" in page
    assert "Go on" in page
    assert ada.say("skip")["Location"] == "/settings/"


def test_a_required_question_nobody_may_answer_is_left_and_reported(
    ada: Ada, define: Define, question: Ask
) -> None:
    define("city", access=READ_ONLY)
    question("city", required=True)

    assert ada.sign_in()["Location"] == "/settings/"
    assert Report.objects.get().question == "city"


def test_a_locked_value_is_not_asked_for(ada: Ada, city: CustomAttribute, question: Ask) -> None:
    said(ada.user, city, NOTHING, "admin", locked=True)
    question("city", required=True)

    assert ada.sign_in()["Location"] == "/settings/"
    assert Report.objects.get().question == "city"


def test_a_value_a_later_rule_refuses_locks_nobody_out(
    ada: Ada, define: Define, question: Ask
) -> None:
    size = define("size", "integer")
    said(ada.user, size, 500, "user")
    question("size", required=True)
    assert ada.sign_in()["Location"] == "/settings/"
    ada.leave()
    CustomAttribute.objects.filter(pk=size.pk).update(maximum=100)

    assert ada.sign_in()["Location"] == QUESTIONS
    assert 'value="500"' in ada.page().content.decode()
    assert ada.say("answer", size="100")["Location"] == "/settings/"


def test_a_question_that_cannot_be_read_stops_nobody(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    Question.objects.create(key="bad", entry={"attributes": "?"})

    assert ada.sign_in()["Location"] == QUESTIONS


def test_trouble_in_choosing_lets_them_go_on(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city", required=True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE questions_progress RENAME TO gone")
    try:
        assert ada.sign_in()["Location"] == "/settings/"
        assert ada.is_in
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO questions_progress")


@pytest.mark.parametrize("act", ["", "answer", "skip", "later"])
def test_trouble_on_the_page_of_an_optional_question_lets_them_go_on(
    ada: Ada, city: CustomAttribute, question: Ask, act: str
) -> None:
    question("city")
    ada.sign_in()
    page = ada.page()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE questions_moment RENAME TO gone")
    try:
        Progress.objects.all().delete()
        response = ada.post(page, act, city="Lyon") if act else ada.page()
        if not ada.is_in:
            assert "could not be kept" in text(response)
            response = ada.post(page, "skip")
        assert response["Location"] == "/settings/"
        assert ada.is_in
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO questions_moment")


def test_trouble_with_a_required_answer_keeps_nobody(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city", required=True)
    ada.sign_in()
    page = ada.page()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE questions_moment RENAME TO gone")
    try:
        shown = text(ada.post(page, "answer", city="Lyon"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO questions_moment")

    assert "could not be kept" in shown
    assert not ada.is_in
    assert ada.post(page, "skip")["Location"] == "/settings/"


def test_a_page_loaded_again_asks_nothing_anew(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    ada.sign_in()

    for _ in range(3):
        assert "What about city?" in text(ada.page())

    assert Progress.objects.get().asked == 1
    assert events() == ["question.asked"]


def test_two_tabs_answer_once(ada: Ada, city: CustomAttribute, question: Ask) -> None:
    question("city", required=True)
    ada.sign_in()
    first, second = ada.page(), ada.page()

    ada.post(first, "answer", city="Lyon")
    late = ada.post(second, "answer", city="Nice")

    assert late["Location"] == "/settings/"
    assert effective(ada.user, city) == "Lyon"
    assert acts() == ["asked", "answered"]


def test_a_tab_that_was_left_behind_still_answers_an_open_question(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    ada.sign_in()
    page = ada.page()
    ada.say("skip")

    assert ada.post(page, "answer", city="Lyon")["Location"] == "/settings/"
    assert effective(ada.user, city) == "Lyon"


def test_an_abandoned_page_asks_again_only_after_a_rest(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    ada.sign_in()
    page = ada.page()
    ada.client = Client()

    assert ada.post(page, "answer", city="Lyon")["Location"] == "/login/"
    assert ada.sign_in()["Location"] == "/settings/"
    assert effective(ada.user, city) is NOTHING


def test_a_question_never_asked_or_retired_meanwhile_is_not_answered(
    ada: Ada, define: Define, question: Ask
) -> None:
    city, _, plan = define("city"), define("team"), define("plan")
    Manners(per_login=1).save()
    question("city", priority=200)
    question("plan", when={"logins": 99})
    ada.sign_in()
    page = ada.page()
    forged = ada.client.post(
        QUESTIONS, {"about": "plan", "act": "answer", "answer-plan": "pro", "answer-city": "x"}
    )
    assert forged["Location"] == QUESTIONS
    assert effective(ada.user, plan) is NOTHING
    Question.objects.filter(key="city").delete()

    assert ada.post(page, "answer", city="Lyon")["Location"] == "/settings/"
    assert effective(ada.user, city) is NOTHING


def test_nothing_but_what_was_asked_is_written(ada: Ada, define: Define, question: Ask) -> None:
    define("city")
    plan = define("plan")
    question("city")
    ada.sign_in()

    ada.say("answer", city="Lyon", plan="pro")

    assert effective(ada.user, plan) is NOTHING


def test_a_page_of_one_person_answers_for_nobody_else(
    ada: Ada, city: CustomAttribute, question: Ask, user: User
) -> None:
    question("city")
    ada.sign_in()
    page = ada.page()
    ada.client = Client()
    ada.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    ada.post(page, "answer", city="Lyon")

    assert effective(user, city) is NOTHING
    assert effective(ada.user, city) is NOTHING


def test_an_app_may_wish_that_nothing_optional_is_asked(
    ada: Ada, define: Define, question: Ask
) -> None:
    define("city")
    question("city")

    assert ada.sign_in("?questions=none")["Location"] == "/settings/"
    ada.leave()
    define("team")
    question("team", required=True)
    ada.sign_in("?questions=none")
    assert "What about team?" in text(ada.page())
    assert ada.say("answer", team="Red")["Location"] == "/settings/"
    ada.leave()
    ada.rest(8)

    assert ada.sign_in()["Location"] == QUESTIONS


class Unasking(Adapter):
    """Our adapter without the stage."""

    def get_login_stages(self) -> list[str]:
        return super().get_login_stages()[:-1]


@pytest.mark.parametrize("segments", [(), ("big",)])
def test_a_login_with_nothing_to_ask_pays_for_two_queries(
    ada: Ada, city: CustomAttribute, question: Ask, settings: Settings, segments: Any
) -> None:
    question("city", when={"logins": 1000, "segments": segments})
    ada.sign_in()
    ada.leave()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response: HttpResponse = ada.sign_in()
        assert response["Location"] == "/settings/"
        count = len(captured)
        ada.leave()
        return count

    asked = queries()
    settings.ACCOUNT_ADAPTER = f"{__name__}.Unasking"

    assert asked - queries() == 2
