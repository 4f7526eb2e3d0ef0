"""A page of questions loaded again, opened twice or left: it asks and answers once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.server.identity.conftest import (
    QUESTIONS,
    Ada,
    acts,
    asked_events,
    effective,
    text,
)

from burnish.profiles.fact import NOTHING
from burnish_server.identity.adapter import Adapter
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Manners, Progress, Question

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]


def test_a_page_loaded_again_asks_nothing_anew(
    ada: Ada, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    ada.sign_in()

    for _ in range(3):
        assert "What about city?" in text(ada.page())

    assert Progress.objects.get().asked == 1
    assert asked_events() == ["question.asked"]


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
def test_a_login_with_nothing_to_ask_pays_for_one_query(
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

    assert asked - queries() == 1
