"""`/api/v1/me/questions`: apps put questions to whoever is signed in, in pages of their own."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.doors.api.conftest import Answer, Program

from burnish.attributes.access import OPEN
from burnish.profiles.fact import Fact
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Moment, Progress
from burnish_server.questions.models import Question as Row

pytestmark = pytest.mark.django_db(transaction=True)

Define = Callable[..., CustomAttribute]
PATH = "/api/v1/me/questions"


class App(Program):
    """An app in the browser of somebody who is signed in."""

    def __init__(self, user: User | None, **how: Any) -> None:
        super().__init__(None)
        self.client = Client(raise_request_exception=False, **how)
        if user:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def asked(self, **query: Any) -> list[str]:
        """Return the keys of what there is to ask."""
        return [one["key"] for one in self.get(PATH, **query).body["questions"]]

    def say(self, key: str, act: str = "answer", **more: Any) -> Answer:
        return self.post(f"{PATH}/{key}", {"act": act, **more})


@pytest.fixture
def ada(transactional_db: None) -> User:
    return User.objects.create(email="ada@nordlake.example")


@pytest.fixture
def app(ada: User) -> App:
    return App(ada)


@pytest.fixture
def question(attribute: Define) -> Callable[..., None]:
    """Configure a question about attributes of its own: `question("city", type="enum")`."""

    def configure(key: str, *names: str, type: str = "string", **entry: Any) -> None:
        options = {name: entry.pop(name) for name in ("enum", "minimum") if name in entry}
        for name in names or (key,):
            if store.schema().find(name) is None:
                attribute(name, type, access=OPEN.model_dump(), **options)
        words = {"en": {"title": f"What about {key}?"}, "sv": {"title": "Vad?"}}
        entry = {"attributes": names or (key,), "words": words, **entry}
        Row.objects.create(key=key, entry=entry)

    return configure


def value(user: User, name: str) -> Any:
    place = store.schema().find(name)
    assert place
    return store.of(user.pk).custom.get(place[1])


def guess(user: User, name: str, value: Any) -> None:
    place, at = store.schema().find(name), user.created_at
    assert place
    store.say(user.pk, [Fact(*place, value, "provider:acme", at)], at, store.schema())


def test_what_to_ask_now_says_all_a_page_needs(app: App, question: Callable[..., None]) -> None:
    question("plan", type="enum", enum=["pro", "free"], required=True)

    status, said, _ = app.get(PATH)

    assert status == 200
    assert said == {
        "questions": [
            {
                "key": "plan",
                "title": "What about plan?",
                "help": "",
                "why": "",
                "language": "en",
                "required": True,
                "attributes": [
                    {
                        "name": "plan",
                        "label": "Plan",
                        "help": "",
                        "type": "enum",
                        "choices": ["pro", "free"],
                        "minimum": None,
                        "maximum": None,
                    }
                ],
                "guess": None,
            }
        ]
    }
    app.headers = {"Accept-Language": "sv-SE"}
    assert app.get(PATH).body["questions"][0]["title"] == "Vad?"


def test_manners_hold_and_asking_twice_asks_nothing_anew(
    app: App, ada: User, question: Callable[..., None]
) -> None:
    for name in ("city", "team", "size"):
        question(name)

    assert app.asked() == app.asked() == ["city", "size"]
    assert set(Progress.objects.values_list("asked", flat=True)) == {1}
    assert App(ada).asked() == []
    assert app.asked(open="true") == ["city", "size", "team"]


def test_an_answer_is_written_and_told(app: App, ada: User, question: Callable[..., None]) -> None:
    question("size", type="integer")

    status, said, _ = app.say("size", values={"size": 12})

    assert (status, said) == (200, {"key": "size", "act": "answer", "values": {"size": 12}})
    assert value(ada, "size") == 12
    assert Event.objects.filter(type="question.answered").exists()
    assert Moment.objects.get(act="answered").door == "api"
    assert app.say("size", values={"size": 13}).problem[:2] == (409, "question_closed")
    assert app.asked(open="true") == []


@pytest.mark.parametrize(("act", "noted"), [("skip", "skipped"), ("refuse", "refused")])
def test_a_question_may_be_left_but_not_a_required_one(
    app: App, question: Callable[..., None], act: str, noted: str
) -> None:
    question("city")
    question("team", required=True)

    assert app.say("city", act).status == 200
    assert app.say("team", act).problem[:2] == (422, "question_required")
    assert Moment.objects.get().act == noted
    assert app.asked() == ["team"]


def test_a_guess_is_confirmed_as_it_was_seen(
    app: App, ada: User, question: Callable[..., None]
) -> None:
    question("city", confirm=True)
    question("team", confirm=True)
    guess(ada, "city", "Lyon")

    assert app.say("team", "confirm").problem[:2] == (409, "nothing_to_confirm")
    assert app.say("city", "confirm", guess="Nice").problem[:2] == (409, "guess_changed")
    assert app.get(PATH).body["questions"][0]["guess"] == "Lyon"
    assert app.say("city", "confirm", guess="Lyon").body["values"] == {"city": "Lyon"}


BAD: list[tuple[Any, int, str]] = [
    ({"act": "answer"}, 422, "/values/city"),
    ({"act": "answer", "values": {"city": None}}, 422, "/values/city"),
    ({"act": "answer", "values": {"city": 12}}, 422, "/values/city"),
    ({"act": "answer", "values": {"city": "x\x00"}}, 422, "/values/city"),
    ({"act": "answer", "values": {"city": ["Lyon"]}}, 422, "/values/city"),
    ({"act": "answer", "values": {"city": "Lyon", "plan": "pro"}}, 422, "/values/plan"),
    ({"act": "answer", "values": "Lyon"}, 422, "/values"),
    ({"act": "fly"}, 422, "/act"),
    ({"values": {"city": "Lyon"}}, 422, "/act"),
    ({"act": "answer", "values": {"city": "Lyon"}, "force": True}, 422, "/force"),
    (b"{", 400, ""),
    (b"[]", 422, ""),
]


@pytest.mark.parametrize(("body", "status", "pointer"), BAD, ids=lambda one: str(one)[:40])
def test_answers_of_every_wrong_kind_are_refused_with_a_sentence(
    app: App, ada: User, question: Callable[..., None], body: Any, status: int, pointer: str
) -> None:
    question("city")

    answer = app.post(f"{PATH}/city", body)

    assert answer.problem[0] == status
    if pointer:
        assert pointer in [one["pointer"] for one in answer.body["errors"]]
    assert value(ada, "city") is None


def test_what_is_not_theirs_does_not_exist(app: App, question: Callable[..., None]) -> None:
    question("city", when={"segments": ["big"]})
    question("team", enabled=False)

    for key in ("city", "team", "shoes"):
        assert app.say(key, values={"city": "x"}).problem[:2] == (404, "question_not_found")


def test_a_hook_that_refuses_says_why(app: App, ada: User, question: Callable[..., None]) -> None:
    question("city")
    verdict = "{is_allowed: false, title: 'No', reason: 'not that one'}"
    script = f"export default () => ({verdict});"
    hook = Hook.objects.create(name="no", script=script, events=["user.profile.pre_update"])

    assert app.say("city", values={"city": "Lyon"}).problem == (
        403,
        "hook_disallowed",
        "No not that one",
    )
    hook.script = "export default () => { throw new Error('k3y'); };"
    hook.save()
    answer = app.say("city", values={"city": "Lyon"})
    assert answer.problem[:2] == (503, "hook_failed")
    assert "k3y" not in json.dumps(answer.body)
    assert value(ada, "city") is None


def test_only_somebody_signed_in_is_asked_and_only_by_their_own_pages(
    ada: User, question: Callable[..., None], program: Program
) -> None:
    question("city")

    assert App(None).get(PATH).problem[:2] == (401, "unauthorized")
    assert program.get(PATH).problem[:2] == (401, "unauthorized")
    strict = App(ada, enforce_csrf_checks=True)
    assert strict.say("city", values={"city": "Lyon"}).problem[0] == 403
    strict.client.get("/settings/profile/")
    strict.headers = {"X-CSRFToken": strict.client.cookies["csrftoken"].value}
    assert strict.say("city", values={"city": "Lyon"}).status == 200
