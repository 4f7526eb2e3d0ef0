"""Hooks that refuse an answer, and trouble of all kinds, keep nobody out."""

from collections.abc import Callable

import pytest
from django.db import connection
from tests.server.identity.conftest import QUESTIONS, Ada, said, text

from burnish.attributes.access import Access
from burnish.profiles.fact import NOTHING
from burnish_server.hooks.models import Hook
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Progress, Question, Report

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]
Configure = Callable[..., Hook]

READ_ONLY = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite").model_dump()
DENY = "({is_allowed: false, title: 'No', reason: 'not that one'})"


def answering(verdict: str) -> str:
    return f"export default (e) => {verdict};"


def custom(values: str) -> str:
    return f"({{is_allowed: true, mutations: {{user: {{custom_attributes: {values}}}}}}})"


@pytest.fixture
def on_update(hook: Configure) -> Callable[[str], Hook]:
    """Have a hook answer to every edit: `on_update(DENY)`."""
    return lambda verdict: hook("edits", answering(verdict), events=["user.profile.pre_update"])


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
