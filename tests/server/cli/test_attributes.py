"""`burnish attributes`."""

from collections.abc import Callable

import pytest
from tests.server.cli.conftest import Ended

from burnish_server.hooks.models import Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, History, Profile

pytestmark = pytest.mark.django_db

Burnish = Callable[..., Ended]
Define = Callable[..., CustomAttribute]
Say = Callable[..., User]


def test_the_list_has_every_attribute_and_marks_the_retired(
    burnish: Burnish, attribute: Define
) -> None:
    attribute("city", indexed=True)
    attribute("town", retired=True)

    lines = burnish("attributes", "list").out.splitlines()

    assert [line for line in lines if "city" in line and "indexed" in line]
    assert [line for line in lines if "town" in line and "retired" in line]


def test_retiring_says_who_has_a_value_and_restoring_brings_them_back(
    burnish: Burnish, attribute: Define, say: Say
) -> None:
    city = attribute("city")
    say(city, "Lyon")

    retired = burnish("attributes", "retire", "city")
    assert retired.out == "city is retired; 1 user has a value, which is kept until a purge.\n"
    assert store.schema().find("city") is None

    assert burnish("attributes", "restore", "/city").out == "city is in use; 1 user has a value.\n"
    assert store.schema().find("city") == ("custom", city.id)


def test_a_purge_says_how_many_have_a_value_and_asks(
    burnish: Burnish, attribute: Define, say: Say
) -> None:
    city = attribute("city")
    for place in ("Lyon", "Lund"):
        say(city, place)
    burnish("attributes", "retire", "city")

    no = burnish("attributes", "purge", "city", typed="n\n")
    assert "2 users have a value of city." in no.out
    assert no.status == 1
    nobody = burnish("attributes", "purge", "city")
    assert nobody.err == "/city: nobody is there to be asked; add --yes to purge it\n"
    assert CustomAttribute.objects.exists()

    yes = burnish("attributes", "purge", "city", typed="y\n")
    assert "city is purged; 2 users had a value." in yes.out
    assert not History.objects.exists()
    assert [profile.custom for profile in Profile.objects.all()] == [{}, {}]


def test_what_is_in_use_or_written_by_a_hook_is_not_purged(
    burnish: Burnish, attribute: Define, hook: Callable[..., Hook]
) -> None:
    attribute("city")
    hook("geo", "({ city: 'Lyon' })")

    ended = burnish("attributes", "purge", "city", "--yes")

    assert ended.status == 1
    assert [line.split(";")[0] for line in ended.err.splitlines()] == [
        "/city: is in use",
        "/city: the hook geo writes it",
    ]
    assert CustomAttribute.objects.exists()


def test_a_new_type_is_tried_first_and_what_does_not_convert_is_listed(
    burnish: Burnish, attribute: Define, say: Say
) -> None:
    seats = attribute("seats")
    say(seats, "7")
    dozen = say(seats, "a\tdozen")

    ended = burnish("attributes", "retype", "seats", "integer")

    assert ended.out == (
        "1 of 2 users' values convert.\n"
        f"  {dozen.pk}  a\N{REPLACEMENT CHARACTER}dozen: must be a number\n"
        "Nothing was changed; --apply does it.\n"
    )
    seats.refresh_from_db()
    assert seats.type == "string"


def test_a_new_type_loses_values_only_when_it_may(
    burnish: Burnish, attribute: Define, say: Say
) -> None:
    seats = attribute("seats")
    say(seats, "7")
    dozen = say(seats, "a dozen")

    refused = burnish("attributes", "retype", "seats", "integer", "--apply")
    assert refused.status == 1
    assert refused.err.startswith("/seats: 1 user has a value that does not fit")
    assert store.of(dozen.pk).custom == {seats.id: "a dozen"}

    done = burnish("attributes", "retype", "seats", "integer", "--apply", "--allow-loss")
    assert done.out.endswith("seats is of type integer now.\n")
    assert store.of(dozen.pk).custom == {}


def test_choices_come_with_the_type_and_go_with_it(
    burnish: Burnish, attribute: Define, say: Say
) -> None:
    plan = attribute("plan")
    say(plan, "gold")

    missing = burnish("attributes", "retype", "plan", "enum", "--apply")
    assert "an enum needs at least one choice" in missing.err

    burnish("attributes", "retype", "plan", "enum", "--choices", "basic, gold", "--apply")
    plan.refresh_from_db()
    assert (plan.type, plan.enum) == ("enum", ["basic", "gold"])

    burnish("attributes", "retype", "plan", "string", "--apply")
    plan.refresh_from_db()
    assert (plan.type, plan.enum) == ("string", [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["retire", "shoe_size"], "/shoe_size: there is no such custom attribute\n"),
        (["retype", "city", "colour"], "type: Input should be 'string', 'number'"),
    ],
)
def test_what_there_is_not_is_said(
    burnish: Burnish, attribute: Define, words: list[str], said: str
) -> None:
    attribute("city")

    ended = burnish("attributes", *words)

    assert ended.status == 1
    assert ended.err.startswith(said)
