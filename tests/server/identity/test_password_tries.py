"""Passwords can be tried only so often, at all interfaces together; strangers lock no owner out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import text
from tests.server.identity.ways import NUMBER, turn_on

from burnish_server.identity import known_browsers
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import Limit, User

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD, WRONG = "ada@nordlake.example", "correct horse battery", "wrong horse battery"
NEW = "sunken-lantern-7"
LIMIT = 5
TOO_MANY = "too_many_login_attempts"

Try = Callable[[Client, str], HttpResponse]


@pytest.fixture(autouse=True)
def ada() -> User:
    administrator.create(ADDRESS, PASSWORD)
    return User.objects.get()


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def login(client: Client, password: str, **more: Any) -> HttpResponse:
    return client.post("/login/", {"login": ADDRESS, "password": password}, **more)


def post(client: Client, path: str, body: dict[str, Any], **more: Any) -> HttpResponse:
    return client.post(path, json.dumps(body), content_type="application/json", **more)


def login_by_json(client: Client, password: str) -> HttpResponse:
    said = {"email": ADDRESS, "password": password}
    return post(client, "/_allauth/browser/v1/auth/login", said)


def login_of_an_app(client: Client, password: str) -> HttpResponse:
    said = {"email": ADDRESS, "password": password}
    return post(client, "/_allauth/app/v1/auth/login", said)


def reauthenticate(client: Client, password: str) -> HttpResponse:
    return client.post("/reauthenticate/", {"password": password})


def reauthenticate_by_json(client: Client, password: str) -> HttpResponse:
    return post(client, "/_allauth/browser/v1/auth/reauthenticate", {"password": password})


def change(client: Client, password: str) -> HttpResponse:
    said = {"oldpassword": password, "password1": NEW, "password2": NEW}
    return client.post("/password/change/", said)


def change_by_json(client: Client, password: str) -> HttpResponse:
    said = {"current_password": password, "new_password": NEW}
    return post(client, "/_allauth/browser/v1/account/password/change", said)


def delete(client: Client, password: str) -> HttpResponse:
    return client.post("/settings/delete/", {"password": password})


FROM_OUTSIDE = [login, login_by_json, login_of_an_app]
FROM_INSIDE = [reauthenticate, reauthenticate_by_json, change, change_by_json, delete]


def is_refused(response: HttpResponse) -> bool:
    return "Too many failed login attempts" in text(response)


def minutes_pass(minutes: float) -> None:
    """Make all that was counted so much older."""
    for one in Limit.objects.all():
        one.hits = [hit - minutes * 60 for hit in one.hits]
        one.save()


@pytest.mark.parametrize("door", FROM_OUTSIDE)
def test_strangers_have_five_tries_at_all_interfaces_together(door: Try) -> None:
    for number in range(LIMIT):
        assert not is_refused(FROM_OUTSIDE[number % 3](Client(), WRONG))

    assert is_refused(door(Client(), PASSWORD))


@pytest.mark.parametrize("door", FROM_OUTSIDE)
def test_the_fifth_try_may_be_right(door: Try) -> None:
    for _ in range(LIMIT - 1):
        login(Client(), WRONG)

    assert not is_refused(door(Client(), PASSWORD))


def test_tries_are_over_after_five_minutes() -> None:
    for _ in range(LIMIT):
        login(Client(), WRONG)
    minutes_pass(4.9)
    assert is_refused(login(Client(), PASSWORD))
    minutes_pass(0.2)

    stranger = Client()
    login(stranger, PASSWORD)

    assert inside(stranger)


def test_another_host_name_or_spelling_gives_no_more_tries() -> None:
    for number in range(LIMIT):
        spelled = ADDRESS.upper() if number % 2 else f" {ADDRESS} "
        said = {"login": spelled, "password": WRONG}
        Client().post("/login/", said, HTTP_HOST=f"host{number}.localhost:{8000 + number}")

    assert is_refused(login(Client(), PASSWORD, HTTP_HOST="another.localhost"))


def test_a_browser_in_which_the_owner_signed_in_before_comes_in_while_strangers_try() -> None:
    own = Client()
    login(own, PASSWORD)
    own.post("/logout/")
    for _ in range(LIMIT + 1):
        login(Client(), WRONG)
    assert is_refused(login(Client(), PASSWORD))

    login(own, PASSWORD)

    assert inside(own)


def test_the_owner_comes_in_by_json_while_strangers_try() -> None:
    own = Client()
    login_by_json(own, PASSWORD)
    own.delete("/_allauth/browser/v1/auth/session")
    for _ in range(LIMIT + 1):
        login(Client(), WRONG)

    login_by_json(own, PASSWORD)

    assert inside(own)


def test_a_known_browser_has_five_tries_of_its_own_and_then_those_of_strangers() -> None:
    own = Client()
    login(own, PASSWORD)
    own.post("/logout/")

    for _ in range(LIMIT):
        assert not is_refused(login(own, WRONG))
    login(Client(), WRONG)
    for _ in range(LIMIT - 1):
        assert not is_refused(login(own, WRONG))

    assert is_refused(login(own, PASSWORD))


def test_a_browser_is_known_for_its_own_account_alone() -> None:
    administrator.create("eve@nordlake.example", PASSWORD)
    eve = Client()
    eve.post("/login/", {"login": "eve@nordlake.example", "password": PASSWORD})
    eve.post("/logout/")
    for _ in range(LIMIT):
        login(eve, WRONG)

    assert is_refused(login(eve, PASSWORD))
    assert is_refused(login(Client(), PASSWORD))


@pytest.mark.parametrize("forged", ["", "x", "x:y:z", "e30:1tG4xx:AAAA"])
def test_a_forged_cookie_makes_no_browser_known(forged: str) -> None:
    for _ in range(LIMIT):
        login(Client(), WRONG)
    stranger = Client()
    stranger.cookies[known_browsers.COOKIE] = forged

    assert is_refused(login(stranger, PASSWORD))


def test_the_cookie_says_nothing_of_the_account_and_is_kept_from_scripts(ada: User) -> None:
    own = Client()
    login(own, PASSWORD)

    cookie = own.cookies[known_browsers.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == known_browsers.AGE
    assert str(ada.pk) not in cookie.value
    assert not inside_with(cookie.value)


def inside_with(value: str) -> bool:
    browser = Client()
    browser.cookies[known_browsers.COOKIE] = value
    return browser.get("/settings/").status_code == 200


@pytest.mark.parametrize("door", FROM_INSIDE)
def test_somebody_inside_has_five_tries_at_all_interfaces_together(door: Try) -> None:
    first, second = Client(), Client()
    login(first, PASSWORD)
    login(second, PASSWORD)
    wrong = [reauthenticate, reauthenticate_by_json, delete, change, change_by_json]

    for number in range(LIMIT):
        assert not is_refused(wrong[number]((first, second)[number % 2], WRONG))

    assert is_refused(door(second, PASSWORD))
    assert User.objects.get().check_password(PASSWORD)
    assert User.objects.get().delete_at is None


@pytest.mark.parametrize("door", FROM_INSIDE)
def test_strangers_do_not_keep_somebody_inside_from_proving_their_password(door: Try) -> None:
    own = Client()
    login(own, PASSWORD)
    for _ in range(LIMIT + 1):
        login(Client(), WRONG)

    assert not is_refused(door(own, PASSWORD))


def test_right_passwords_are_not_counted() -> None:
    own = Client()
    login(own, PASSWORD)

    for _ in range(LIMIT + 2):
        assert not is_refused(reauthenticate(own, PASSWORD))


def test_a_phone_number_is_counted_however_it_is_written(settings: Any) -> None:
    turn_on(settings, methods=("phone",))
    User.objects.update(phone_number=NUMBER, phone_number_verified=True)
    spellings = [NUMBER, "+46 70 174 06 05", "+46-70-1740605"]

    for number in range(LIMIT):
        Client().post("/login/", {"login": spellings[number % 3], "password": WRONG})

    last = Client().post("/login/", {"login": NUMBER, "password": PASSWORD})
    assert is_refused(last)


def test_a_username_is_counted_however_it_is_written(settings: Any) -> None:
    turn_on(settings, methods=("username",))
    User.objects.update(username="ada.brand")
    spellings = ["ada.brand", "\uff21da.Brand", "ada.bra\uff4e\uff44", " ADA.BRAND "]

    for number in range(LIMIT):
        Client().post("/login/", {"login": spellings[number % 4], "password": WRONG})

    last = Client().post("/login/", {"login": "ada.brand", "password": PASSWORD})
    assert is_refused(last)


@pytest.mark.parametrize("written", [NUMBER, "+46 70-174 06 05", " +46701740605 "])
def test_a_number_is_taken_by_json_as_people_write_it(settings: Any, written: str) -> None:
    turn_on(settings, methods=("email", "phone"))
    User.objects.update(phone_number=NUMBER, phone_number_verified=True)
    browser = Client()

    said = {"phone": written, "password": PASSWORD}
    post(browser, "/_allauth/browser/v1/auth/login", said)

    assert inside(browser)
