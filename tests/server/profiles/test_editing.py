"""Editing a profile by hand: by its person, or by an administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from burnish.attributes.access import OPEN, AccessControlViolated
from burnish.attributes.faults import InvalidValues
from burnish.profiles.fact import NOTHING, Fact
from burnish_server.identity.models import User
from burnish_server.profiles import edit, store
from burnish_server.profiles.models import CustomAttribute, History, Profile
from burnish_server.profiles.store import Conflict, Written

pytestmark = pytest.mark.django_db

Define = Callable[..., CustomAttribute]


@pytest.fixture
def user() -> User:
    return User.objects.create(email="ada@nordlake.example")


@pytest.fixture
def city(attribute: Define) -> CustomAttribute:
    return attribute("city", access=OPEN.model_dump())


def by_user(user: User, **values: Any) -> Written:
    return write(user, edit.Edit(values, "end_user", "user"))


def by_admin(user: User, lock: bool = False, **values: Any) -> Written:
    return write(user, edit.Edit(values, "portal_ui", "admin", lock=lock))


def write(user: User, given: edit.Edit, base_version: int | None = None) -> Written:
    owned = {"email": ["ada@nordlake.example"]}
    return edit.edit(user.pk, given, owned, store.schema(), timezone.now(), base_version)


def guess(user: User, city: CustomAttribute, value: str, source: str = "provider:acme") -> Written:
    at = timezone.now()
    return store.say(user.pk, [Fact("custom", city.id, value, source, at, 0.9)], at, store.schema())


def value(user: User, city: CustomAttribute) -> Any:
    return Profile.objects.get(pk=user.pk).custom.get(city.id)


def test_a_corrected_guess_is_the_person_s_own_word(user: User, city: CustomAttribute) -> None:
    guess(user, city, "Lyon")

    written = by_user(user, city="Paris")
    guess(user, city, "Lyon")

    assert [(change.old, change.new) for change in written.changes] == [("Lyon", "Paris")]
    assert value(user, city) == "Paris"


def test_a_deleted_guess_is_not_written_again_by_that_source(
    user: User, city: CustomAttribute
) -> None:
    guess(user, city, "Lyon")
    by_user(user, city=NOTHING)

    again = guess(user, city, "Lyon")

    assert value(user, city) is None
    assert [fact.source for fact in again.unheard] == ["provider:acme"]
    assert "Lyon" not in str(Profile.objects.get().facts)
    guess(user, city, "Paris", "provider:globex")
    assert value(user, city) == "Paris"


def test_a_person_may_say_again_what_they_deleted(user: User, city: CustomAttribute) -> None:
    by_user(user, city="Paris")
    by_user(user, city=NOTHING)
    assert value(user, city) is None

    by_user(user, city="Nice")

    assert value(user, city) == "Nice"
    acts = History.objects.order_by("version").values_list("act", flat=True)
    assert list(acts) == ["said", "withdrawn", "said"]


def test_an_administrator_s_edit_beats_guesses_and_stays_deleted(
    user: User, city: CustomAttribute
) -> None:
    guess(user, city, "Lyon")

    by_admin(user, city="Nice")
    assert value(user, city) == "Nice"
    by_admin(user, city=NOTHING)
    guess(user, city, "Lyon")

    assert value(user, city) is None


def test_an_administrator_beats_the_person_only_by_locking(
    user: User, city: CustomAttribute
) -> None:
    by_user(user, city="Paris")

    with pytest.raises(InvalidValues, match="unless you lock yours"):
        by_admin(user, city="Nice")
    assert value(user, city) == "Paris"

    by_admin(user, lock=True, city="Nice")
    with pytest.raises(InvalidValues, match="locked it"):
        by_user(user, city="Paris")
    assert value(user, city) == "Nice"


@pytest.mark.parametrize("name", ["website", "secret", "updated_at"])
def test_what_a_person_may_not_write_is_refused_whole(
    user: User, city: CustomAttribute, attribute: Define, name: str
) -> None:
    attribute("secret")

    with pytest.raises(AccessControlViolated) as refused:
        by_user(user, city="Paris", **{name: "https://nordlake.example/"})

    assert refused.value.info["subject"] == f"/{name}"
    assert refused.value.info["role"] == "end_user"
    assert not Profile.objects.exists()


def test_faults_come_together_and_nothing_is_half_written(
    user: User, city: CustomAttribute
) -> None:
    with pytest.raises(InvalidValues) as refused:
        by_user(user, city="Paris", birthdate="yesterday", email="not@hers.example")

    assert [fault.path for fault in refused.value.faults] == ["/birthdate", "/email"]
    assert value(user, city) is None


def test_an_unknown_attribute_is_named(user: User) -> None:
    with pytest.raises(InvalidValues, match="/town: there is no such attribute"):
        by_user(user, town="Paris")


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused(
    user: User, city: CustomAttribute
) -> None:
    base = by_user(user, city="Paris", given_name="Ada").profile.version
    by_user(user, city="Nice")

    with pytest.raises(Conflict):
        write(user, edit.Edit({"city": "Lyon"}, "end_user", "user"), base)
    write(user, edit.Edit({"given_name": "Ada B."}, "end_user", "user"), base)

    profile = Profile.objects.get(pk=user.pk)
    assert (profile.custom[city.id], profile.standard["given_name"]) == ("Nice", "Ada B.")
