"""What people may not write, or somebody else wrote meanwhile, stays as it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.server.identity.conftest import PROFILE, effective, text

from burnish.attributes.access import Access
from burnish_server.identity import owned
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit, edit
from burnish_server.profiles.models import CustomAttribute, Profile

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]
Say = Callable[..., None]
Post = Callable[..., HttpResponse]
SEEN = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite").model_dump()


def administrator_says(user: User, value: str) -> None:
    wish = Edit({"city": value}, party="portal_ui", source="admin")
    edit(user.pk, wish, owned.of(user), store.schema(), timezone.now())


def test_who_comes_second_sees_the_new_value_and_keeps_what_they_typed(
    person: Client, user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    administrator_says(user, "Nice")

    page = post("edit", "city", value="Paris", version=seen)

    assert "Somebody else changed City meanwhile. It is now “ Nice ”." in text(page)
    assert 'value="Paris"' in page.content.decode()
    assert f'name="version" value="{store.of(user.pk).version}"' in page.content.decode()
    assert effective(user, city) == "Nice"


def test_a_deletion_of_what_changed_meanwhile_asks_again(
    user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    administrator_says(user, "Nice")

    page = post("delete", "city", version=seen)

    assert "It is now “ Nice ”." in text(page)
    assert effective(user, city) == "Nice"


def test_a_change_elsewhere_in_the_profile_is_in_nobodys_way(
    user: User, city: CustomAttribute, post: Post, say: Say
) -> None:
    say(city, "Lyon", "hook:geo")
    seen = store.of(user.pk).version
    say("gender", "female", "hook:geo")

    post("edit", "city", value="Paris", version=seen)

    assert effective(user, city) == "Paris"


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 5000, "\u0661"])
def test_a_version_nobody_was_shown_counts_as_having_seen_nothing(
    user: User, city: CustomAttribute, post: Post, say: Say, version: Any
) -> None:
    say(city, "Lyon", "hook:geo")

    page = post("edit", "city", value="Paris", version=version)

    assert "Somebody else changed City meanwhile." in text(page)
    assert effective(user, city) == "Lyon"


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
@pytest.mark.parametrize("access", [SEEN, None], ids=["read only", "hidden"])
def test_a_forged_form_changes_nothing(
    user: User,
    attribute: Define,
    say: Say,
    post: Post,
    act: str,
    access: dict[str, str] | None,
) -> None:
    plan = attribute("plan", **({"access": access} if access else {}))
    say(plan, "free", "hook:crm")
    before = Profile.objects.values().get()

    response = post(act, "plan", value="gold", source="hook:crm")

    # What somebody does not see is not told from what there is not.
    assert response.status_code == (403 if access else 404)
    assert "free" not in text(response)
    assert Profile.objects.values().get() == before


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
@pytest.mark.parametrize("name", ["town", "email_verified", "updated_at", "na%00me", "%ED%A0%80"])
def test_an_attribute_nobody_defined_is_not_found(post: Post, act: str, name: str) -> None:
    assert post(act, name, value="x").status_code == 404


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
def test_what_an_administrator_locked_stays(
    person: Client, user: User, city: CustomAttribute, say: Say, post: Post, act: str
) -> None:
    say(city, "Lyon", "admin", locked=True)

    post(act, "city", value="Paris", source="admin")

    assert effective(user, city) == "Lyon"
    assert "An administrator locked this." in text(person.get(PROFILE))


@pytest.mark.parametrize("act", ["edit", "confirm", "delete"])
def test_the_address_people_sign_in_with_is_changed_on_its_own_page(
    user: User, say: Say, post: Post, act: str
) -> None:
    say("email", user.email, "admin")

    response = post(act, "email", value="other@shop.example", source="admin")

    assert response["Location"] == "/email/"
    assert store.of(user.pk).standard == {"email": user.email}


def test_a_write_by_a_link_is_refused(person: Client, city: CustomAttribute, say: Say) -> None:
    say(city, "Lyon", "hook:geo")

    assert person.get(f"{PROFILE}confirm/city/").status_code == 405
