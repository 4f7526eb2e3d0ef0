"""An administrator sees how a user comes in, changes it, and signs them out."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event
from burnish_server.identity.flows import administrator as accounts
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db

NUMBER, PASSWORD = "+46701740605", "correct horse battery"


@pytest.fixture
def ada() -> User:
    accounts.create("ada@nordlake.example", PASSWORD)
    return User.objects.get(email="ada@nordlake.example")


def page(user: User) -> str:
    return f"/portal/identity/user/{user.pk}/ways-in/"


def test_a_number_and_a_username_are_given_and_taken_away(portal: Client, ada: User) -> None:
    fields = {"act": "change", "phone": "+46 70 174 06 05", "username": "Ada"}
    portal.post(page(ada), fields | {"phone_verified": "on"})

    ada.refresh_from_db()
    assert (ada.phone_number, ada.phone_number_verified, ada.username) == (NUMBER, True, "ada")
    shown = portal.get(page(ada)).content.decode()
    assert all(word in shown for word in (NUMBER, "ada@nordlake.example", "Code by text message"))
    assert store.of(ada.pk).standard["preferred_username"] == "ada"

    portal.post(page(ada), {"act": "change", "phone": "", "username": ""})

    ada.refresh_from_db()
    assert (ada.phone_number, ada.username) == (None, None)
    kinds = set(Event.objects.values_list("type", flat=True))
    assert {"identity.phone.added", "identity.phone.removed"} <= kinds
    assert Entry.objects.filter(subject_kind="identities", action="changed").count() == 2


def test_what_belongs_to_somebody_else_is_refused(portal: Client, ada: User) -> None:
    User.objects.create(phone_number=NUMBER)

    answer = portal.post(page(ada), {"act": "change", "phone": NUMBER, "username": ""})

    assert "it can belong to one account only" in answer.content.decode()


def test_the_last_way_in_stays(portal: Client) -> None:
    bob = User.objects.create(username="bob")

    answer = portal.post(page(bob), {"act": "change", "phone": "", "username": ""})

    assert "add another one first" in answer.content.decode()


def test_only_who_may_do_all_changes_how_administrators_come_in(client: Client) -> None:
    boss = User.objects.create(email="boss@staff.example", is_staff=True, is_superuser=True)
    helper = User.objects.create(email="helper@staff.example", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_user"]))
    client.force_login(helper)

    answer = client.post(page(boss), {"act": "change", "phone": NUMBER, "username": ""})

    assert answer.status_code == 403


def test_a_user_is_signed_out_everywhere(portal: Client, ada: User) -> None:
    own = Client(headers={"user-agent": "Firefox on Linux"})
    own.post("/login/", {"login": ada.email, "password": PASSWORD})
    assert "Firefox on Linux" in portal.get(page(ada)).content.decode()

    portal.post(page(ada), {"act": "sign_out", "end": "others"})

    assert own.get("/settings/").status_code == 302
    assert Entry.objects.filter(action="user.session.terminated").exists()
