"""Facts that arrive after sign-up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store, view
from burnish_server.profiles.models import CustomAttribute, Profile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return User.objects.create(email="ada@nordlake.example")


def about(attribute: CustomAttribute, value: str, source: str, minutes: int = 0) -> Fact:
    at = timezone.now() + timedelta(minutes=minutes)
    return Fact("custom", attribute.id, value, source, at)


def test_a_guess_never_takes_the_place_of_a_person_s_word(
    user: User, attribute: Callable[..., CustomAttribute]
) -> None:
    city = attribute("city")

    store.say(user.pk, [about(city, "Paris", "user")], timezone.now(), store.schema())
    written = store.say(
        user.pk, [about(city, "Lyon", "provider:acme", 5)], timezone.now(), store.schema()
    )

    assert written.changes == ()
    assert written.profile.custom == {city.id: "Paris"}
    explanation = view.explain(written.profile, store.schema(), "city")
    assert explanation
    assert explanation.winner.source == "user"
    assert [(lost.fact.value, lost.rule) for lost in explanation.losers] == [("Lyon", "standing")]


def test_fifty_writers_at_once_lose_nothing(
    user: User, attribute: Callable[..., CustomAttribute]
) -> None:
    attributes = [attribute(f"a{number}") for number in range(50)]

    def write(attribute: CustomAttribute) -> None:
        store.say(
            user.pk,
            [about(attribute, attribute.name, "provider:acme")],
            timezone.now(),
            store.schema(),
        )
        connection.close()

    with ThreadPoolExecutor(50) as writers:
        list(writers.map(write, attributes))

    profile = Profile.objects.get(pk=user.pk)
    assert profile.custom == {attribute.id: attribute.name for attribute in attributes}


def test_a_changed_address_is_in_the_profile_at_once(client: Client, user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    new = "ada@elsewhere.example"
    EmailAddress.objects.create(user=user, email=new, primary=False, verified=True)
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    client.post("/email/", {"action_primary": "", "email": new})

    user.refresh_from_db()
    assert user.email == new
    assert Profile.objects.get(pk=user.pk).standard == {"email": new}
