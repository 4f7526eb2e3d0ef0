"""Someone who is signed in, and what is said of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from burnish.attributes.access import OPEN
from burnish.profiles.fact import NOTHING, Fact
from burnish_server.hooks.models import Event
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Moment, Progress, Question

PROFILE = "/settings/profile/"


def text(response: HttpResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def effective(user: User, attribute: CustomAttribute) -> Any:
    """Return the value that holds, or `NOTHING`."""
    return store.of(user.pk).custom.get(attribute.pk, NOTHING)


def sources(user: User, attribute: CustomAttribute) -> dict[str, Any]:
    """Return what is stored of each source."""
    facts: dict[str, Any] = store.of(user.pk).facts["custom"].get(attribute.pk, {})
    return facts


def said(user: User, attribute: CustomAttribute, value: Any, source: str, **more: Any) -> None:
    """Say something of somebody, as a source does."""
    fact = Fact("custom", attribute.pk, value, source, timezone.now(), **more)
    store.say(user.pk, [fact], fact.observed_at, store.schema())


def acts() -> list[str]:
    """Return what was done with questions, in order."""
    return list(Moment.objects.order_by("pk").values_list("act", flat=True))


def asked_events() -> list[str]:
    """Return what was told of questions, in order."""
    kinds = Event.objects.filter(type__startswith="question.").order_by("created_at")
    return list(kinds.values_list("type", flat=True))


@pytest.fixture
def user(db: None) -> User:
    """Somebody with a verified address."""
    user = User.objects.create(email="dana@shop.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def person(client: Client, user: User) -> Client:
    """The browser they are signed in with."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def say(user: User) -> Callable[..., None]:
    """Say something of them: `say(city, "Lyon", "hook:geo")`, `say("gender", "x", "admin")`."""

    def said(about: CustomAttribute | str, value: Any, source: str, **more: Any) -> None:
        place = ("standard", about) if isinstance(about, str) else ("custom", about.pk)
        fact = Fact(*place, value, source, timezone.now(), **more)  # type: ignore[arg-type]
        store.say(user.pk, [fact], fact.observed_at, store.schema())

    return said


@pytest.fixture
def define(attribute: Callable[..., CustomAttribute]) -> Callable[..., CustomAttribute]:
    """Define attributes that everybody may see and edit: `define("team")`."""

    def open_one(name: str, type: str = "string", **options: Any) -> CustomAttribute:
        return attribute(name, type, **{"access": OPEN.model_dump(), **options})

    return open_one


@pytest.fixture
def city(attribute: Callable[..., CustomAttribute]) -> CustomAttribute:
    """A custom attribute people may edit."""
    return attribute("city", access=OPEN.model_dump())


@pytest.fixture
def post(person: Client, user: User) -> Callable[..., HttpResponse]:
    """Send a form as the page of this moment has it: `post("edit", "city", value="Paris")`."""

    def send(act: str, name: str, *, version: int | None = None, **fields: Any) -> HttpResponse:
        seen = store.of(user.pk).version if version is None else version
        address = f"{PROFILE}{act}/{name}/"
        return person.post(address, {"version": seen, **fields})

    return send


class Ada:
    """Somebody with a password, and the browser they come with."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()

    def sign_in(self, query: str = "") -> HttpResponse:
        """Give the password, and return what comes of it."""
        said = {"login": "ada@nordlake.example", "password": "correct horse battery"}
        self.client.get(f"/login/{query}")
        return self.client.post("/login/", said)

    @property
    def is_in(self) -> bool:
        """Whether there is a session of theirs."""
        return "_auth_user_id" in self.client.session

    def page(self) -> HttpResponse:
        """Return the question before them."""
        return self.client.get(QUESTIONS)

    def say(self, act: str = "answer", **answers: Any) -> HttpResponse:
        """Press a button of the question before them: `say("answer", city="Lyon")`."""
        page = self.page()
        return self.post(page, act, **answers)

    def post(self, page: HttpResponse, act: str = "answer", **answers: Any) -> HttpResponse:
        """Press a button of a page, new or old."""
        hidden = re.findall(r'name="(about|guess)" value="(\w+)"', page.content.decode())
        answers = {f"answer-{name}": value for name, value in answers.items()}
        return self.client.post(QUESTIONS, {**dict(hidden), "act": act, **answers})

    def leave(self) -> None:
        """Sign out."""
        self.client.post("/logout/")

    def rest(self, days: float) -> None:
        """Let days go by."""
        times = ("asked_at", "answered_at", "skipped_at", "refused_at", "next_at")
        ago = timedelta(days=days)
        Progress.objects.update(**{name: F(name) - ago for name in times})


QUESTIONS = "/login/questions/"


@pytest.fixture
def ada(transactional_db: None) -> Ada:
    """Ada, who has an account."""
    administrator.create("ada@nordlake.example", "correct horse battery")
    return Ada(User.objects.get())


@pytest.fixture
def question(transactional_db: None) -> Callable[..., Question]:
    """Configure questions: `question("city", required=True)`."""

    def configure(key: str, *attributes: str, **entry: Any) -> Question:
        words = {"en": {"title": f"What about {key}?", "why": f"Because of {key}."}}
        entry = {"attributes": attributes or (key,), "words": words, **entry}
        position = Question.objects.count()
        return Question.objects.create(key=key, entry=entry, position=position)

    return configure
