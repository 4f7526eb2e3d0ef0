"""`burnish users enrich`."""

import json
from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.server.cli.conftest import Ended
from tests.server.enrichment.conftest import provider, rewritten, stand_ins, waterfall

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store

__all__ = ["provider", "rewritten", "stand_ins", "waterfall"]

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]
Configure = Callable[..., Provider]
Pour = Callable[..., Definition]

ADA = "ada@nordlake.example"


@pytest.fixture
def ada(waterfall: Pour) -> User:
    user, at = User.objects.create(email=ADA), timezone.now()
    fact = Fact("custom", waterfall("ip").id, "203.0.113.40", "user", at)
    store.say(user.pk, [fact], at, store.schema())
    return user


@pytest.fixture
def city(ada: User, provider: Configure, waterfall: Pour) -> None:
    provider("ipgeolocation", api_key="k", price="0.002")
    waterfall("city", "ipgeolocation")
    waterfall("country", {"provider": "ipgeolocation", "output": "country_code"})


def test_a_profile_is_filled_in_and_the_command_says_what_came_of_it(
    burnish: Burnish, ada: User, city: None
) -> None:
    ended = burnish("users", "enrich", ADA)

    schema = store.schema()
    values = {schema.by_id[key].name: one for key, one in store.of(ada.pk).custom.items()}
    assert values.keys() == {"ip", "city", "country"}
    assert ended.status == 0
    assert f"city: {values['city']}, provider:ipgeolocation said 80% sure" in ended.out
    assert "0.002" in ended.out
    assert Run.objects.get().reason == "cli"
    entry = Entry.objects.get(action="enriched")
    assert (entry.door, entry.subject_id, entry.detail) == (
        "cli",
        str(ada.pk),
        {"attributes": "all"},
    )


def test_only_what_is_wanted_is_filled_in(burnish: Burnish, ada: User, city: None) -> None:
    told = json.loads(burnish("users", "enrich", ADA, "--want", "country,/ip", "--json").out)

    assert [one["attribute"] for one in told["facts"]] == ["country"]
    assert told["settled"] == {"ip": "no provider gives it"}
    assert (told["complete"], told["custom_attributes"].keys()) == (True, {"ip", "country"})


def test_what_is_known_is_not_asked_again(burnish: Burnish, ada: User, city: None) -> None:
    burnish("users", "enrich", str(ada.pk))

    again = burnish("users", "enrich", str(ada.pk))

    assert "city: nobody was asked: provider:ipgeolocation said it" in again.out
    assert Lookup.objects.count() == 1


def test_the_plan_is_shown_and_nobody_asked(burnish: Burnish, ada: User, city: None) -> None:
    shown = burnish("users", "enrich", ADA, "--explain")
    told = json.loads(burnish("users", "enrich", ADA, "--explain", "--json").out)

    assert "It costs 0.002 at most. Nobody was asked." in shown.out
    assert told["first"] == ["ipgeolocation"]
    assert not Lookup.objects.exists()
    assert not Entry.objects.filter(action="enriched").exists()


def test_a_vendor_s_bad_day_is_told(
    burnish: Burnish, ada: User, provider: Configure, waterfall: Pour
) -> None:
    provider("ipgeolocation", api_key="error-500")
    waterfall("city", "ipgeolocation")

    ended = burnish("users", "enrich", ADA)

    assert (ended.status, "failed" in ended.out) == (0, True)
    assert "it answered 5" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody@nordlake.example"], "burnish: there is no user nobody@nordlake.example\n"),
        ([ADA, "--want", "citty"], "/citty: there is no such attribute\n"),
        ([ADA, "--explain", "--want", "citty"], "/citty: there is no such attribute\n"),
    ],
)
def test_what_cannot_be_done_is_said(
    burnish: Burnish, ada: User, words: list[str], said: str
) -> None:
    ended = burnish("users", "enrich", *words)

    assert (ended.status, ended.err) == (1, said)


def test_nobody_is_asked_of_somebody_who_was_anonymised(
    burnish: Burnish, ada: User, city: None
) -> None:
    User.objects.update(anonymized_at=timezone.now())

    ended = burnish("users", "enrich", ADA)

    assert ended.status == 1
    assert "was anonymised" in ended.err
    assert not Lookup.objects.exists()
