"""Whether there is an account shows neither in what a sign-up does nor in when it answers."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.server.identity.ways import NUMBER, turn_on

from burnish_server.hooks import ask
from burnish_server.hooks.durations import KEPT, RecentDurations
from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity import even_answers
from burnish_server.identity.flows import administrator, filling
from burnish_server.identity.models import User
from burnish_server.questions.models import Question

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS, PASSWORD = "ada@nordlake.example", "correct horse battery"
ALLOW = "export default () => ({ is_allowed: true });"
STEPS = ["user.pre_create", "authentication.post_identified"]

Configure = Callable[..., Hook]
Waits = list[str]


@pytest.fixture
def evened(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """The paths of requests whose answers were to take evenly long."""
    paths: Waits = []
    even = even_answers.even

    def noted(request: HttpRequest) -> None:
        paths.append(request.path)
        even(request)

    monkeypatch.setattr(even_answers, "even", noted)
    return paths


@pytest.fixture(autouse=True)
def _ada() -> None:
    administrator.create(ADDRESS, PASSWORD)
    User.objects.update(phone_number=NUMBER, phone_number_verified=True)


def by_page(who: dict[str, str], **more: str) -> HttpResponse:
    way = "phone" if "phone" in who else "email"
    return Client().post(f"/signup/?with={way}", {**who, "password1": PASSWORD, **more})


def by_json(who: dict[str, str], **more: str) -> HttpResponse:
    said = {**who, "password": PASSWORD}
    if more:
        said["answers"] = {"team": "four"}  # type: ignore[assignment]
    place = "/_allauth/app/v1/auth/signup"
    return Client().post(place, json.dumps(said), content_type="application/json")


SIGN_UP = [by_page, by_json]
KNOWN: list[dict[str, str]] = [{"email": ADDRESS}, {"phone": NUMBER}]
UNKNOWN: list[dict[str, str]] = [{"email": "bo@nordlake.example"}, {"phone": "+46701740699"}]


def written(act: Callable[[], HttpResponse]) -> tuple[Counter[str], HttpResponse]:
    """Return into which tables a request wrote how often, rolled back or not."""
    with CaptureQueriesContext(connection) as asked:
        response = act()
    found = (re.findall(r'(?:INSERT INTO|UPDATE) "?(\w+)', one["sql"]) for one in asked)
    return Counter(table for tables in found for table in tables), response


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("sign_up", SIGN_UP)
def test_a_sign_up_writes_as_much_for_who_has_an_account(
    sign_up: Callable[..., HttpResponse],
    number: int,
    settings: Any,
    question: Callable[..., Question],
    attribute: Callable[..., Any],
) -> None:
    turn_on(settings, methods=("email", "phone"))
    attribute("team")
    question("team", sign_up=True)
    answers = {"answer-team": "four"}

    known, first = written(lambda: sign_up(KNOWN[number], **answers))
    unknown, second = written(lambda: sign_up(UNKNOWN[number], **answers))

    assert first.status_code == second.status_code
    assert known == unknown
    assert known["identity_user"] == 1
    assert User.objects.count() == 2
    created = Event.objects.filter(type="user.created").order_by("seq").values_list("user_id")
    assert {pk for (pk,) in created} == set(User.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("sign_up", SIGN_UP)
def test_no_hook_is_asked_about_who_has_an_account(
    sign_up: Callable[..., HttpResponse], hook: Configure
) -> None:
    for number, step in enumerate(STEPS):
        hook(f"step-{number}", ALLOW, events=[step])

    sign_up(KNOWN[0])
    assert not Run.objects.exists()

    sign_up(UNKNOWN[0])
    assert set(Run.objects.values_list("event_type", flat=True)) == set(STEPS)


def lasting(kind: str, *seconds: float) -> RecentDurations:
    """Return durations of one kind."""
    made = RecentDurations()
    for one in seconds:
        made.note(kind, one)
    return made


def test_a_pretended_run_varies_as_real_ones_did_lately() -> None:
    recent = lasting("user.pre_create", *range(100))

    drawn = {recent.draw("user.pre_create") for _ in range(2000)}

    assert drawn == set(range(100 - KEPT, 100))
    assert recent.draw("sign_up") is None


def test_a_pretended_run_takes_no_time_where_nobody_would_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(filling, "recent", lasting("sign_up", 30.0))
    monkeypatch.setattr(filling.time, "sleep", waited.append)

    by_page(KNOWN[0])

    assert 30.0 not in waited


@pytest.mark.parametrize("listening", [True, False])
def test_who_has_an_account_waits_as_long_as_the_last_asking_took_in_all(
    hook: Configure, monkeypatch: pytest.MonkeyPatch, listening: bool
) -> None:
    hooks = [hook("slow", ALLOW, events=["user.pre_create"]).pk] if listening else []
    kind = f"user.pre_create {hooks}"
    by_page(UNKNOWN[0])
    assert (ask.recent.draw(kind) is not None) is listening
    waited: list[float] = []
    monkeypatch.setattr(ask, "recent", lasting(kind, 30.0))
    monkeypatch.setattr(ask.time, "sleep", waited.append)

    by_page(KNOWN[0])

    assert (30.0 in waited) is listening


@pytest.mark.parametrize(
    ("taken", "wait"),
    [
        (0.0, 0.1),
        (0.05, 0.05),
        (0.1, 0.0),
        (0.101, 0.049),
        (0.15, 0.0),
        (0.999, 0.001),
        (7.02, 0.03),
    ],
)
def test_an_answer_leaves_at_the_floor_or_the_next_step(taken: float, wait: float) -> None:
    assert even_answers.remaining(taken) == pytest.approx(wait, abs=1e-9)


def login(who: str) -> HttpResponse:
    return Client().post("/login/", {"login": who, "password": "wrong"})


def login_by_json(who: str) -> HttpResponse:
    said = {"email": who, "password": "wrong"}
    place = "/_allauth/app/v1/auth/login"
    return Client().post(place, json.dumps(said), content_type="application/json")


def code(who: str) -> HttpResponse:
    return Client().post("/login/code/", {"email": who})


def code_by_json(who: str) -> HttpResponse:
    place = "/_allauth/app/v1/auth/code/request"
    return Client().post(place, json.dumps({"email": who}), content_type="application/json")


def reset(who: str) -> HttpResponse:
    return Client().post("/password/reset/", {"email": who})


def reset_by_json(who: str) -> HttpResponse:
    place = "/_allauth/app/v1/auth/password/request"
    return Client().post(place, json.dumps({"email": who}), content_type="application/json")


def sign_up_page(who: str) -> HttpResponse:
    return by_page({"email": who})


def sign_up_by_json(who: str) -> HttpResponse:
    return by_json({"email": who})


@pytest.mark.parametrize(
    "door",
    [
        login,
        login_by_json,
        code,
        code_by_json,
        reset,
        reset_by_json,
        sign_up_page,
        sign_up_by_json,
    ],
)
def test_answers_take_evenly_long_with_an_account_and_without(
    door: Callable[[str], HttpResponse], evened: Waits
) -> None:
    known = door(ADDRESS)
    assert evened
    evened.clear()

    unknown = door("nobody@nordlake.example")

    assert evened
    assert known.status_code == unknown.status_code


def test_a_right_password_is_not_kept_waiting(evened: Waits) -> None:
    Client().post("/login/", {"login": ADDRESS, "password": PASSWORD})

    assert not evened


def test_a_reset_by_phone_is_evened(evened: Waits, settings: Any) -> None:
    turn_on(settings, methods=("email", "phone"))

    for number in (NUMBER, "+46701740699"):
        Client().post("/password/reset/phone/", {"phone": number})

    assert len(evened) == 2
