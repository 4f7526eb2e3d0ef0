"""Somebody signs up and signs in with a username, alone or beside an e-mail address."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.server.identity.conftest import text
from tests.server.identity.ways import PASSWORD, turn_on

from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"username": "Ada.Brand", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def _by_username(settings: Any) -> None:
    turn_on(settings, methods=("username", "email"))


def in_now(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_username_and_a_password_are_enough_whatever_its_case(client: Client) -> None:
    client.post("/signup/", ADA)
    assert in_now(client)
    user = User.objects.get()

    other = Client()
    other.post("/login/", {"login": "ADA.brand", "password": PASSWORD})

    assert in_now(other)
    assert (user.username, user.email) == ("ada.brand", None)
    assert store.of(user.pk).standard == {"preferred_username": "ada.brand"}


def test_hooks_hear_of_the_username_as_typed_and_as_kept(
    client: Client, hook: Callable[..., Hook]
) -> None:
    hook(
        "who",
        "export default (e) => { const of = e.payload.identities[0].claims;"
        " console.log(of.preferred_username,"
        " of['https://authgear.com/claims/login_id/original_value']);"
        " return {is_allowed: true}; }",
    )

    client.post("/signup/", ADA)

    assert Run.objects.get().console.strip() == "ada.brand Ada.Brand"


def test_a_hook_hears_at_login_who_somebody_says_they_are(
    client: Client, hook: Callable[..., Hook]
) -> None:
    Client().post("/signup/", ADA)
    hook(
        "who",
        "export default (e) => { console.log(e.payload.identification.identification,"
        " e.payload.identification.identity.claims.preferred_username);"
        " return {is_allowed: true}; }",
        events=["authentication.post_identified"],
    )

    client.post("/login/", {"login": "ada.brand", "password": PASSWORD})

    assert Run.objects.get().console.strip() == "username ada.brand"


@pytest.mark.parametrize("name", ["ad", "ada brand", "ada@nordlake", ".ada", "admin", "a" * 41])
def test_a_username_that_will_not_do_is_refused(client: Client, name: str) -> None:
    page = client.post("/signup/", ADA | {"username": name})

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert not User.objects.exists()


def test_nobody_gets_a_name_that_differs_only_in_case(client: Client) -> None:
    Client().post("/signup/", ADA)

    page = client.post("/signup/", ADA | {"username": "ADA.BRAND"})

    assert "already exists" in text(page)
    assert User.objects.count() == 1


def test_an_unknown_name_and_a_wrong_password_read_the_same(client: Client) -> None:
    Client().post("/signup/", ADA)

    unknown = client.post("/login/", {"login": "nobody", "password": "nothing of the kind"})
    wrong = client.post("/login/", {"login": "ada.brand", "password": "nothing of the kind"})

    assert text(unknown) == text(wrong)


def test_one_way_to_sign_up_may_ask_for_both(client: Client, settings: Any) -> None:
    turn_on(settings, methods=("username", "email"), sign_up=("username+email",))

    page = client.post("/signup/", ADA)
    assert "This field is required" in text(page)
    client.post("/signup/", ADA | {"email": "ada@nordlake.example"})

    user = User.objects.get()
    assert (user.username, user.email) == ("ada.brand", "ada@nordlake.example")
    assert store.of(user.pk).standard == {
        "email": "ada@nordlake.example",
        "preferred_username": "ada.brand",
    }
    assert not in_now(client)


def test_a_username_is_changed_and_told_of_once_somebody_proved_who_they_are(
    client: Client,
) -> None:
    client.post("/signup/", ADA)
    asked = client.post("/username/change/", {"username": "lovelace"})
    assert asked["Location"].startswith("/reauthenticate/")

    client.post("/reauthenticate/", {"password": PASSWORD})
    client.post("/username/change/", {"username": "Lovelace"})

    user = User.objects.get()
    assert user.username == "lovelace"
    assert store.of(user.pk).standard == {"preferred_username": "lovelace"}
    (event,) = Event.objects.filter(type="identity.username.updated")
    claims = event.payload["old_identity"]["claims"]
    assert claims["preferred_username"] == "ada.brand"
    assert Event.objects.filter(type="user.reauthenticated").exists()


def test_the_only_name_stays_and_the_only_address_too(client: Client) -> None:
    client.post("/signup/", ADA)
    client.post("/reauthenticate/", {"password": PASSWORD})
    assert "add an email address first" in text(client.post("/username/remove/"))
    user = User.objects.get()
    user.email = "ada@nordlake.example"
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    client.post("/username/remove/")
    client.post("/email/", {"action_remove": "", "email": user.email})

    user.refresh_from_db()
    assert (user.username, user.email) == (None, "ada@nordlake.example")
    assert EmailAddress.objects.exists()
