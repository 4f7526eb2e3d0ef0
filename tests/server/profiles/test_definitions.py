"""Changing what profiles may hold, when profiles hold something already."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from burnish.profiles.fact import Fact
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Hook
from burnish_server.identity.models import User
from burnish_server.profiles import definitions, store
from burnish_server.profiles.models import CustomAttribute, History, Profile

pytestmark = pytest.mark.django_db

ME = Actor("cli", "command line")


def say(attribute: CustomAttribute, *values: Any, source: str = "user") -> list[Profile]:
    """Give each value to a user of its own."""
    at, schema = timezone.now(), store.schema()
    users = [User.objects.create(email=f"u{place}@people.example") for place in range(len(values))]
    return [
        store.say(user.pk, [Fact("custom", attribute.id, value, source, at)], at, schema).profile
        for user, value in zip(users, values, strict=True)
    ]


def stored(attribute: CustomAttribute) -> list[Any]:
    attribute.refresh_from_db()
    profiles = Profile.objects.order_by("user__email")
    return [profile.custom.get(attribute.id) for profile in profiles]


def changed(attribute: CustomAttribute, **options: Any) -> definitions.Definition:
    return attribute.as_definition().model_copy(update=options)


def test_a_new_type_converts_the_values(attribute: Callable[..., CustomAttribute]) -> None:
    seats = attribute("seats")
    say(seats, "7", " 12 ")

    definitions.save(changed(seats, type="integer"), ME)

    assert stored(seats) == [7, 12]
    assert seats.type == "integer"
    assert set(History.objects.values_list("act", flat=True)) == {"said", "converted"}


def test_a_dry_run_counts_and_lists_what_does_not_convert_and_writes_nothing(
    attribute: Callable[..., CustomAttribute],
) -> None:
    seats = attribute("seats")
    _, dozen = say(seats, "7", "a dozen")

    trial = definitions.trial(changed(seats, type="integer"))

    assert (trial.users, trial.fit, trial.unfit_count) == (2, 1, 1)
    assert trial.unfit == (definitions.Unfit(dozen.pk, "a dozen", "must be a number"),)
    assert stored(seats) == ["7", "a dozen"]


@pytest.mark.parametrize(
    ("options", "before", "after"),
    [
        ({"type": "integer"}, ["7", "a dozen"], [7, None]),
        ({"type": "country_code"}, ["se", "Sweden"], ["SE", None]),
    ],
)
def test_values_that_do_not_fit_stop_a_change_unless_they_may_be_withdrawn(
    attribute: Callable[..., CustomAttribute],
    options: dict[str, Any],
    before: list[Any],
    after: list[Any],
) -> None:
    one = attribute("one")
    say(one, *before)

    with pytest.raises(definitions.Refused, match="1 user has a value") as refused:
        definitions.save(changed(one, **options), ME)

    assert refused.value.loses
    assert stored(one) == before
    assert one.type == "string"

    definitions.save(changed(one, **options), ME, allow_loss=True)

    assert stored(one) == after
    gone = History.objects.get(act="withdrawn")
    assert gone.fact["value"] == before[1]


def test_a_narrowed_range_is_refused_while_somebody_is_outside(
    attribute: Callable[..., CustomAttribute],
) -> None:
    seats = attribute("seats", type="integer")
    say(seats, 7, 70)

    with pytest.raises(definitions.Refused, match="it must be at most 50"):
        definitions.save(changed(seats, maximum=50), ME)

    assert stored(seats) == [7, 70]
    assert seats.maximum is None


def test_a_rename_keeps_the_values(attribute: Callable[..., CustomAttribute]) -> None:
    city = attribute("city")
    [profile] = say(city, "Lyon")

    definitions.save(changed(city, pointer="/town"), ME)

    assert stored(city) == ["Lyon"]
    assert store.schema().find("town") == ("custom", city.id)
    assert store.of(profile.pk).custom == {city.id: "Lyon"}


def test_a_retired_attribute_is_hidden_and_comes_back_with_its_values(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city")
    say(city, "Lyon")

    definitions.retire(city.id, ME)
    assert store.schema().find("city") is None
    assert not store.schema().may("admin_api", "read", "city")

    definitions.restore(city.id, ME)
    assert store.schema().find("city") == ("custom", city.id)
    assert stored(city) == ["Lyon"]


def test_the_name_of_a_retired_attribute_is_taken_until_it_is_purged(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city")
    definitions.retire(city.id, ME)

    with pytest.raises(definitions.Refused, match="a retired attribute has this name already"):
        definitions.save(changed(city, id="another", retired=False), ME)


def test_purging_erases_the_values_and_their_history(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city, country = attribute("city"), attribute("country")
    [profile] = say(city, "Lyon")
    store.say(
        profile.pk,
        [Fact("custom", country.id, "France", "user", timezone.now())],
        timezone.now(),
        store.schema(),
    )
    definitions.retire(city.id, ME)

    assert definitions.purge(city.id, ME) == 1

    left = Profile.objects.get()
    assert left.custom == {country.id: "France"}
    assert list(left.facts["custom"]) == [country.id]
    assert set(History.objects.values_list("key", flat=True)) == {country.id}
    assert not CustomAttribute.objects.filter(pk=city.id).exists()


def test_an_attribute_in_use_or_written_by_a_hook_is_not_purged(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city")
    say(city, "Lyon")

    with pytest.raises(definitions.Refused, match="retire it first"):
        definitions.purge(city.id, ME)
    definitions.retire(city.id, ME)
    geo = Hook.objects.create(name="geo", events=["user.pre_create"], script="({ city: 'Lyon' })")
    with pytest.raises(definitions.Refused, match="the hook geo writes it"):
        definitions.purge(city.id, ME)

    assert stored(city) == ["Lyon"]
    Hook.objects.filter(pk=geo.pk).update(enabled=False)
    assert definitions.purge(city.id, ME) == 1


def test_what_was_done_is_in_the_audit_log_without_values(
    attribute: Callable[..., CustomAttribute],
) -> None:
    city = attribute("city")
    say(city, "Lyon")
    definitions.save(changed(city, label="Town"), ME)
    definitions.retire(city.id, ME)
    definitions.purge(city.id, ME)
    definitions.populate("none", ME)

    entries = Entry.objects.order_by("id")
    assert [entry.action for entry in entries] == ["changed", "retired", "purged", "changed"]
    assert "Lyon" not in str([entry.detail for entry in entries])


def test_saving_what_is_so_already_does_nothing(attribute: Callable[..., CustomAttribute]) -> None:
    city = attribute("city")

    assert definitions.save(city.as_definition(), ME) is None
    assert not Entry.objects.exists()


def test_attributes_are_put_in_order(attribute: Callable[..., CustomAttribute]) -> None:
    a, b, c = attribute("a"), attribute("b"), attribute("c")

    definitions.reorder([c.id, a.id], ME)

    assert [attribute.name for attribute in store.schema().custom] == ["c", "a", "b"]
    assert b.id
