"""Questions of the sign-up form: beside what people sign in with, and known from the start."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import effective, sources, text

from burnish.attributes.access import OPEN
from burnish.profiles.fact import NOTHING
from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute
from burnish_server.questions.models import Moment, Progress, Question

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
Ask = Callable[..., Question]
ADA = {"email": "ada@nordlake.example", "password1": "correct horse battery"}


def sign_up(client: Client, **answers: Any) -> HttpResponse:
    said = {f"answer-{name}": value for name, value in answers.items()}
    return client.post("/signup/", {**ADA, **said})


def test_the_form_asks_in_its_order_with_the_questions_words(
    client: Client, define: Define, question: Ask
) -> None:
    for name in ("city", "team", "size", "plan"):
        define(name)
    question("plan")
    question("city", sign_up=True, required=True)
    question("work", "team", "size", "city", sign_up=True)

    page = client.get("/signup/").content.decode()

    names = ["answer-city", "answer-team", "answer-size"]
    assert sorted(names, key=lambda name: page.index(f'name="{name}"')) == names
    assert page.count('name="answer-city"') == 1
    assert "answer-plan" not in page
    assert page.index("password1") < page.index("answer-city")
    said = text(client.get("/signup/"))
    assert "What about city? Why we ask" in said
    assert "What about work? Team (optional) Size (optional)" in said


def test_an_answer_is_a_fact_of_the_question_and_hooks_see_it(
    client: Client, define: Define, question: Ask, hook: Callable[..., Hook]
) -> None:
    city, size = define("city"), define("size", "integer")
    question("city", sign_up=True)
    question("size", sign_up=True)
    hook(
        "sees",
        "export default (e) => { console.log(JSON.stringify(e.payload.user.custom_attributes));"
        " return {is_allowed: true}; };",
    )

    assert sign_up(client, city=" Lyon ", size="12").status_code == 302

    user = User.objects.get()
    assert effective(user, city) == "Lyon"
    assert effective(user, size) == 12
    assert list(sources(user, city)) == ["question:city"]
    assert '{"city":"Lyon","size":12}' in Run.objects.get().console


def test_what_was_asked_there_is_asked_and_answered(
    client: Client, define: Define, question: Ask
) -> None:
    define("city")
    define("team")
    question("city", sign_up=True)
    question("team", sign_up=True)

    sign_up(client, city="Lyon")

    states = {row.question: row.as_state() for row in Progress.objects.all()}
    assert states["city"].answered_at
    assert states["team"].asked == 1
    assert states["team"].answered_at is None
    moments = Moment.objects.order_by("pk").values_list("question", "act", "door")
    assert list(moments) == [
        ("city", "asked", "sign_up"),
        ("city", "answered", "sign_up"),
        ("team", "asked", "sign_up"),
    ]
    assert Event.objects.filter(type="question.answered").count() == 1


WRONG = [
    {},
    {"city": ""},
    {"city": "Lyon", "size": "many"},
    {"city": "x\x00"},
    {"city": "x", "size": "11"},
]


@pytest.mark.parametrize("answers", WRONG, ids=repr)
@pytest.mark.parametrize("known", [False, True])
def test_what_is_wrong_is_said_beside_its_field_and_no_hook_is_asked(
    client: Client,
    define: Define,
    question: Ask,
    hook: Callable[..., Hook],
    answers: dict[str, str],
    known: bool,
) -> None:
    define("city")
    define("size", "integer", maximum=10)
    question("city", sign_up=True, required=True)
    question("size", sign_up=True)
    hook("sees", "export default () => ({is_allowed: true});")
    if known:
        User.objects.create(email=ADA["email"])

    page = sign_up(client, **answers)

    assert page.status_code == 200
    assert 'class="errorlist"' in page.content.decode()
    assert User.objects.count() == known
    assert not Run.objects.exists()


def test_an_address_that_has_an_account_looks_the_same_and_is_told_nothing(
    client: Client, define: Define, question: Ask
) -> None:
    city = define("city")
    question("city", sign_up=True)
    sign_up(client, city="Lyon")
    first = User.objects.get()

    again = sign_up(Client(), city="Nice")

    assert again.status_code == 302
    assert effective(first, city) == "Lyon"
    assert Moment.objects.count() == 2


def test_a_hook_has_the_last_word_on_an_answer(
    client: Client, define: Define, question: Ask, hook: Callable[..., Hook]
) -> None:
    city = define("city")
    question("city", sign_up=True, required=True)
    hook(
        "drops",
        "export default () => ({is_allowed: true, mutations: {user: {custom_attributes: {}}}});",
    )

    assert sign_up(client, city="Lyon").status_code == 302
    assert effective(User.objects.get(), city) is NOTHING


@pytest.mark.parametrize(
    "entry", [{"attributes": "?"}, {"attributes": ["gone"]}, {"enabled": False}]
)
def test_a_question_that_cannot_be_asked_stops_nobody(
    client: Client, define: Define, question: Ask, entry: dict[str, Any]
) -> None:
    define("city")
    question("city", sign_up=True, required=True, **entry)

    assert sign_up(client).status_code == 302


def test_of_a_required_address_no_part_is_needed_by_itself(client: Client, question: Ask) -> None:
    StandardAttribute.objects.update_or_create(
        name="address", defaults={"access": OPEN.model_dump()}
    )
    question("address", sign_up=True, required=True)

    page = client.get("/signup/").content.decode()
    parts = re.findall(r'<(?:input|textarea)[^>]*name="answer-address-[^>]*>', page)
    assert len(parts) == 6
    assert not any("required" in part for part in parts)
    assert "Fill this in." in text(client.post("/signup/", ADA))
    said = {**ADA, "answer-address-locality": "Lyon"}
    assert client.post("/signup/", said).status_code == 302
    assert store.of(User.objects.get().pk).standard["address"] == {"locality": "Lyon"}
