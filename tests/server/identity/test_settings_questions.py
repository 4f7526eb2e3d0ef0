"""In their settings people see every open question, and answer when they feel like it."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import PROFILE, effective, text

from burnish.attributes.access import OPEN, Access
from burnish.profiles.fact import NOTHING
from burnish_server.hooks.models import Hook
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Manners, Moment, Progress, Question

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]
Say = Callable[..., None]


def page_of(key: str) -> str:
    return f"/settings/questions/{key}/"


def press(person: Client, key: str, act: str, **answers: str) -> HttpResponse:
    """Press a button of a question's page as it is now."""
    page = person.get(page_of(key)).content.decode()
    hidden = dict(re.findall(r'name="(about|guess)" value="(\w+)"', page))
    said = {f"answer-{name}": value for name, value in answers.items()}
    return person.post(page_of(key), {**hidden, "act": act, **said})


def test_all_open_questions_stand_there_whatever_manners_say(
    person: Client, user: User, attribute: Define, question: Ask, say: Say
) -> None:
    for name in ("city", "team", "size", "plan"):
        attribute(name, access=OPEN.model_dump())
        question(name)
    Manners(per_login=1, first_logins=50).save()
    say(CustomAttribute.objects.get(pointer="/plan"), "pro", "user")
    press(person, "size", "refuse")

    page = text(person.get(PROFILE))

    assert "Questions for you What about city? Why we ask: Because of city." in page
    assert "What about team?" in page
    assert "What about plan?" not in page
    assert "What about size?" not in page


def test_one_is_answered_there_even_soon_after_another(
    person: Client, user: User, attribute: Define, question: Ask
) -> None:
    for name in ("city", "team"):
        attribute(name, access=OPEN.model_dump())
        question(name)

    for name in ("city", "team"):
        assert press(person, name, "answer", **{name: "x"})["Location"] == PROFILE

    assert Progress.objects.filter(answered_at=None).count() == 0
    acts = Moment.objects.order_by("pk").values_list("act", "door")
    assert list(acts) == [("asked", "settings"), ("answered", "settings")] * 2
    assert "Your answer is saved." in text(person.get(PROFILE))


def test_a_guess_is_turned_down_and_the_field_opens(
    person: Client, user: User, city: CustomAttribute, question: Ask, say: Say
) -> None:
    say(city, "Lyon", "provider:acme")
    question("city", confirm=True)

    assert press(person, "city", "no")["Location"] == page_of("city")
    assert effective(user, city) is NOTHING
    assert press(person, "city", "answer", city="Malmö")["Location"] == PROFILE
    assert effective(user, city) == "Malmö"


def test_what_a_hook_refuses_is_said_and_what_was_typed_stays(
    person: Client, user: User, city: CustomAttribute, question: Ask, hook: Callable[..., Hook]
) -> None:
    verdict = "{is_allowed: false, title: 'No', reason: 'not that one'}"
    hook("no", f"export default () => ({verdict});", events=["user.profile.pre_update"])
    question("city")

    page = press(person, "city", "answer", city="Lyon")

    assert "not that one" in text(page)
    assert 'value="Lyon"' in page.content.decode()
    assert effective(user, city) is NOTHING


def test_a_required_one_is_not_skipped(
    person: Client, city: CustomAttribute, question: Ask
) -> None:
    question("city", required=True)

    for act in ("skip", "later", "refuse"):
        assert press(person, "city", act).status_code == 200

    assert set(Moment.objects.values_list("act", flat=True)) == {"asked"}


def test_what_is_answered_gone_or_of_another_is_not_answered(
    person: Client, user: User, city: CustomAttribute, question: Ask
) -> None:
    question("city")
    press(person, "city", "answer", city="Lyon")

    assert person.post(page_of("city"), {"act": "answer", "answer-city": "Nice"}).status_code == 302
    assert "nothing left to answer" in text(person.get(PROFILE))
    assert effective(user, city) == "Lyon"
    assert person.get(page_of("shoes")).status_code == 404
    assert person.get("/settings/questions/%00/").status_code == 404
    question("team", "city", when={"segments": ["big"]})
    assert person.get(page_of("team"))["Location"] == PROFILE
    assert Client().get(page_of("city"))["Location"].startswith("/login/")


def test_a_form_of_another_person_answers_nothing(
    person: Client, user: User, city: CustomAttribute, question: Ask
) -> None:
    question("city")

    page = person.post(page_of("city"), {"about": "0" * 24, "answer-city": "Lyon"})

    assert page.status_code == 200
    assert effective(user, city) is NOTHING


def test_a_bar_says_how_much_is_filled_in(
    person: Client, attribute: Define, say: Say, user: User
) -> None:
    def told() -> tuple[int, int]:
        found = re.search(r"(\d+) of (\d+) filled in", text(person.get(PROFILE)))
        assert found
        return int(found[1]), int(found[2])

    filled, of = told()
    city = attribute("city", access=OPEN.model_dump())
    read_only = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite")
    plan = attribute("plan", access=read_only.model_dump())
    say(plan, "pro", "admin")
    assert told() == (filled, of + 1)
    say(city, "Lyon", "hook:geo")

    assert told() == (filled + 1, of + 1)
    assert f'<progress value="{filled + 1}" max="{of + 1}"' in person.get(PROFILE).content.decode()
