"""Progressive profiling > Questions: the list, the form, and bad input to both."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text
from tests.doors.portal.questions import LIST, NEW, OPEN, READ_ONLY, ask, save

from burnish.profiles.document import Document
from burnish.questions.choose import Context, choose
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions import store
from burnish_server.questions.models import Moment, Question, Report
from burnish_server.segments.models import Segment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _attributes(attribute: Callable[..., CustomAttribute]) -> None:
    for name, kind in (("city", "string"), ("seats", "integer"), ("team", "string")):
        attribute(name, kind, id=name, access=OPEN)
    attribute("tools", "string_list", id="tools", access=OPEN)
    attribute("score", "integer", id="score", access=READ_ONLY)


def keys() -> list[str]:
    return [one.key for one in store.asked().questions]


def one(key: str) -> Any:
    return store.asked().find(key)


def test_the_list_shows_what_is_asked_and_what_came_of_it(portal: Client) -> None:
    ask("city", required=True, sign_up=True)
    ask("score", enabled=False)
    for name, acts in (("u1", ("asked", "answered")), ("u2", ("asked", "skipped"))):
        user = User.objects.create(email=f"{name}@people.example")
        for act in acts:
            Moment.objects.create(question="city", user=user, act=act, door="login")

    page = text(portal.get(LIST))

    assert "What is your city? city City Enabled Required Sign-up 2 50 %" in page
    assert "Score its person may not write it Off - -" in page


def test_the_order_is_saved_by_its_numbers(portal: Client) -> None:
    for key in ("city", "seats", "team"):
        ask(key)

    response = portal.post(LIST, {"order-city": "3", "order-seats": "2", "order-team": "1"})

    assert response["Location"] == LIST
    assert keys() == ["team", "seats", "city"]
    assert Entry.objects.get(action="reordered").detail == {"after": ["team", "seats", "city"]}
    portal.post(LIST, {"order-team": "1", "order-seats": "2", "order-city": "3"})
    assert Entry.objects.filter(action="reordered").count() == 1


@pytest.mark.parametrize("number", ["", "0", "-1", "first", "1.5", "9" * 30, "٣"])
def test_an_order_that_is_no_number_is_refused_beside_it(portal: Client, number: str) -> None:
    ask("city")
    ask("seats")

    response = portal.post(LIST, {"order-city": number, "order-seats": "1"})

    assert response.context["faults"] == {"city": "Write a whole number from 1 on."}
    assert keys() == ["city", "seats"]


def test_a_report_is_shown_and_dismissed(portal: Client) -> None:
    ask("city")
    report = Report.objects.create(question="city", reason="nobody defined town", times=3)

    assert "city because nobody defined town 3 times" in text(portal.get(LIST))
    assert portal.get(f"/portal/questions/report/{report.pk}/dismiss/").status_code == 405
    portal.post(f"/portal/questions/report/{report.pk}/dismiss/")

    assert not Report.objects.exists()
    assert Entry.objects.get(action="dismissed").subject == "city"
    assert portal.post(f"/portal/questions/report/{report.pk}/dismiss/").status_code == 404


def test_a_question_is_added_with_all_there_is_to_say(portal: Client) -> None:
    Segment.objects.create(name="big", rule=[{"attribute": "seats", "is": 50}])

    response = save(
        portal,
        key="work",
        about=["team", "seats"],
        required="on",
        sign_up="on",
        priority="300",
        weight="2.5",
        words__0__title="Where do you work?",
        words__0__why="For your plan.",
        words__1__language="fr",
        words__1__title="Où travaillez-vous ?",
        conditions__0__attribute="seats",
        conditions__0__test="one_of",
        conditions__0__value="5, 50",
        conditions__1__attribute="city",
        conditions__1__test="is",
        conditions__1__value="Lyon, France",
        segments=["big"],
        logins="2",
        days="3",
        clients="web, app",
        locales="fr, en-GB",
        variants__0__name="b",
        variants__0__priority="900",
        variants__0__words__0__title="Tell us where you work.",
    )

    assert response.status_code == 302, text(response)
    question = one("work")
    assert question.attributes == ("team", "seats")
    assert (question.required, question.sign_up, question.enabled) == (True, True, True)
    assert (question.priority, question.weight) == (300, 2.5)
    assert question.words["fr"].title == "Où travaillez-vous ?"
    assert question.words["en"].why == "For your plan."
    assert [one.as_entry() for one in question.when.attributes] == [
        {"attribute": "seats", "one_of": [5, 50]},
        {"attribute": "city", "is": "Lyon, France"},
    ]
    assert question.when.segments == ("big",)
    assert (question.when.logins, question.when.days) == (2, 3)
    assert (question.when.clients, question.when.locales) == (("web", "app"), ("fr", "en-GB"))
    assert question.variants[0].words["en"].title == "Tell us where you work."
    entry = Entry.objects.get(subject_kind="question")
    assert (entry.action, entry.door, entry.detail["after"]["priority"]) == ("added", "portal", 300)

    before = Question.objects.get().entry
    assert save(portal, f"{LIST}work/").status_code == 302
    assert Question.objects.get().entry == before


def test_texts_are_taken_for_values_of_the_attribute_s_type(portal: Client) -> None:
    save(
        portal,
        key="it",
        about=["team"],
        words__0__title="It?",
        conditions__0__attribute="tools",
        conditions__0__test="one_of",
        conditions__0__value='awl, "saw, big"',
        conditions__1__attribute="seats",
        conditions__1__test="unknown",
    )

    tools, seats = one("it").when.attributes
    assert tools.one_of == ("awl", "saw, big")
    assert seats.known is False
    assert 'value="awl, &quot;saw, big&quot;"' in portal.get(f"{LIST}it/").content.decode()


GOOD = {"key": "work", "about": ["team"], "words__0__title": "Where?"}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"key": ""}, "This field is required"),
        ({"key": "Big Team"}, "Use small letters, digits and underscores"),
        ({"key": "a\0b"}, "Null characters are not allowed"),
        ({"key": "city"}, "There is a question of this key already"),
        ({"about": None}, "This field is required"),
        ({"about": ["shoe_size"]}, "is not one of the available choices"),
        ({"about": ["email"]}, "is not one of the available choices"),
        ({"about": ["score"]}, "Score may not be written by its person"),
        ({"about": ["city", "team"], "confirm": "on"}, "One guess is confirmed at a time"),
        ({"words__0__title": ""}, "Write the question."),
        ({"words__0__title": "a" * 201}, "at most 200 characters"),
        ({"words__0__language": ""}, "Say which language this is."),
        ({"words__0__language": "English!"}, "Write a language tag such as en"),
        (
            {"words__1__language": "en", "words__1__title": "Again?"},
            "This language stands above already",
        ),
        ({"priority": "-1"}, "greater than or equal to 0"),
        ({"priority": "soon"}, "whole number"),
        ({"priority": "9" * 40}, "less than or equal to 1000"),
        ({"weight": "NaN"}, "Enter a number"),
        ({"weight": "1e9"}, "less than or equal to 1000"),
        ({"purpose": "spying"}, "Select a valid choice"),
        ({"segments": ["gone"]}, "Select a valid choice"),
        ({"logins": "-1"}, "greater than or equal to 0"),
        ({"days": ""}, "This field is required"),
        ({"conditions__0__attribute": "shoe_size"}, "Nobody defined the attribute shoe_size."),
        ({"conditions__0__value": "50"}, "Choose an attribute."),
        ({"conditions__0__attribute": "seats", "conditions__0__test": "is"}, "Say what it is."),
        (
            {
                "conditions__0__attribute": "seats",
                "conditions__0__test": "one_of",
                "conditions__0__value": ", ,",
            },
            "Say what it is.",
        ),
        (
            {
                "conditions__0__attribute": "seats",
                "conditions__0__test": "is",
                "conditions__0__value": "many",
            },
            "Seats must be a number.",
        ),
        ({"conditions__0__attribute": "city", "conditions__0__test": "near"}, "valid choice"),
        ({"variants__0__name": "a", "variants__0__priority": "1"}, "needs a name of its own"),
        ({"variants__0__name": "b"}, "Write other words, or another priority."),
        ({"variants__0__priority": "7"}, "Give the variant a name."),
        ({"variants__0__name": "b", "variants__0__priority": "-7"}, "greater than or equal to 0"),
        ({"variants__0__name": "B!", "variants__0__priority": "7"}, "Use small letters"),
        ({"variants__0__words__0__why": "x", "variants__0__name": "b"}, "Write the question."),
        ({"words-rows": ""}, "arrived incomplete"),
        ({"conditions-rows": "-1"}, "arrived incomplete"),
        ({"variants-rows": "many"}, "arrived incomplete"),
        ({"words-rows": "0"}, "Write the question."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    portal: Client, bad: dict[str, Any], words: str
) -> None:
    ask("city")

    page = text(save(portal, **{**GOOD, **bad}))

    assert words in page
    assert keys() == ["city"]


def test_many_faults_are_shown_at_once_and_what_was_typed_stays(portal: Client) -> None:
    response = save(portal, key="No!", about=["score"], words__0__title="", priority="5000")
    page = text(response)

    for words in ("Use small letters", "Write the question", "less than or equal to 1000"):
        assert words in page
    assert response.context["forms"].form["key"].value() == "No!"


def test_a_condition_on_a_purged_attribute_is_refused_when_saved(portal: Client) -> None:
    unmet = {"attributes": [{"attribute": "seats", "known": True}]}
    ask("city", when=unmet)
    CustomAttribute.objects.get(pk="seats").delete()

    opened = portal.get(f"{LIST}city/")
    response = save(portal, f"{LIST}city/", priority="7")

    assert "seats (nobody defined it)" in text(opened)
    assert "Nobody defined the attribute seats." in text(response)
    assert one("city").priority == 100


def test_where_it_happens_anyway_the_question_is_left_and_reported(portal: Client) -> None:
    ask("city", when={"attributes": [{"attribute": "seats", "known": False}]})
    ask("team")
    CustomAttribute.objects.get(pk="seats").delete()
    now = timezone.now()

    context = Context("u", "now", 1, now)
    asked = store.asked()
    chosen = choose(asked.questions, Document(), profiles.schema(), {}, context, now)
    store.report(chosen.reports)

    assert [asking.question.key for asking in chosen.askings] == ["team"]
    assert "city because nobody defined seats 1 time" in text(portal.get(LIST))


def test_a_saved_question_has_no_reports(portal: Client) -> None:
    ask("city")
    Report.objects.create(question="city", reason="nobody defined town")

    save(portal, f"{LIST}city/", priority="7")

    assert not Report.objects.exists()
    assert (one("city").priority, keys()) == (7, ["city"])
    assert Entry.objects.filter(subject_kind="question").latest("at").detail["before"] != {}


def test_a_question_that_cannot_be_read_is_shown_as_that_and_can_be_written_anew(
    portal: Client,
) -> None:
    Question.objects.create(key="city", entry={"attributes": ["city"], "words": {}})

    assert "Not usable" in text(portal.get(LIST))
    assert "cannot be read any more" in text(portal.get(f"{LIST}city/"))
    save(portal, f"{LIST}city/", words__0__title="Where?")
    assert one("city").words["en"].title == "Where?"


def test_a_question_is_removed_once_that_is_confirmed(portal: Client) -> None:
    ask("city")

    assert "Answers stay in the profiles" in text(portal.get(f"{LIST}city/remove/"))
    assert keys() == ["city"]
    portal.post(f"{LIST}city/remove/")

    assert keys() == []
    assert Entry.objects.get(action="removed").detail["before"]["attributes"] == ["city"]


def test_words_are_shown_as_words(portal: Client) -> None:
    ask("city", words={"en": {"title": "<script>alert(1)</script>"}})

    for page in (LIST, f"{LIST}city/", f"{LIST}city/figures/", f"{LIST}city/preview/"):
        assert b"<script>alert" not in portal.get(page).content
    assert b"<script>alert" not in portal.get(f"{LIST}city/page/").content


@pytest.mark.parametrize("page", ["", "remove/", "figures/", "preview/", "page/"])
@pytest.mark.parametrize("key", ["nothing", "a%00b", ".."])
def test_questions_there_are_not_have_no_pages(portal: Client, key: str, page: str) -> None:
    assert portal.get(f"{LIST}{key}/{page}").status_code == 404


def test_a_key_may_be_any_word(portal: Client) -> None:
    for key in ("new", "add", "figures", "remove"):
        ask(key, "city")
        assert "Attributes" in text(portal.get(f"{LIST}{key}/"))


def test_who_is_no_administrator_has_no_business_here(client: Client) -> None:
    ask("city")
    client.force_login(User.objects.create(email="ada@people.example"))

    pages = ["", "city/", "city/remove/", "city/figures/", "city/preview/", "city/page/"]
    for page in [*(f"{LIST}{page}" for page in pages), NEW]:
        assert client.get(page, follow=True).status_code == 403
    client.force_login(User.objects.create(email="help@staff.example", is_staff=True))
    for page in [*(f"{LIST}{page}" for page in pages), NEW]:
        assert client.get(page).status_code == 403
