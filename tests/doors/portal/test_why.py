"""A user's page says why each value is the one that holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import NOTHING, Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit, edit
from burnish_server.profiles.models import CustomAttribute


@pytest.mark.django_db
def test_a_value_that_beat_others_tells_them_and_the_rule(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    said = [
        Fact("custom", city.id, "Paris", "user", now - timedelta(days=9)),
        Fact("custom", city.id, "<b>Lyon</b>", "hook:geo", now, 0.92),
    ]
    store.say(user.pk, said, now, store.schema())

    response = portal.get(f"/portal/identity/user/{user.pk}/change/")

    page = text(response)
    assert (
        "Paris the user Why this value? It beat: "
        "<b>Lyon</b>, from hook geo, 92 % sure, just now: a weightier source spoke" in page
    )
    assert b"<b>Lyon" not in response.content


@pytest.mark.django_db
def test_an_expired_value_says_so(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    old = Fact("custom", city.id, "Lyon", "provider:acme", now, expires_at=now)
    store.say(user.pk, [old], now, store.schema())

    page = text(portal.get(f"/portal/identity/user/{user.pk}/change/"))

    assert "expired just now, nothing newer known" in page
    assert "It has expired, but nobody else said anything." in page


@pytest.mark.django_db
def test_a_value_says_how_sure_how_old_and_how_long_it_holds(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    at, until = now - timedelta(days=3, hours=1), now + timedelta(days=30)
    fact = Fact("custom", city.id, "Lyon", "provider:acme", at, 0.999, expires_at=until)
    store.say(user.pk, [fact], now, store.schema())

    page = text(portal.get(f"/portal/identity/user/{user.pk}/change/"))

    assert "provider:acme, 99 % sure" in page
    assert f"3 days ago {at:%Y-%m-%d %H:%M:%S} UTC" in page
    assert f"fresh until {until.day} {until:%B %Y}" in page


@pytest.mark.django_db
def test_guesses_the_user_deleted_are_named_without_their_values(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(
        pointer="/city",
        type="string",
        access={"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"},
    )
    now, schema = timezone.now(), store.schema()
    guess = Fact("custom", city.id, "Lyon", "provider:acme", now - timedelta(days=1))
    store.say(user.pk, [guess], now, schema)
    edit(user.pk, Edit({"city": NOTHING}, "end_user", "user"), {}, schema, now)

    page = text(portal.get(f"/portal/identity/user/{user.pk}/change/"))

    assert "City - The user deleted what provider:acme said." in page
    assert "Lyon" not in page


@pytest.mark.django_db
def test_a_locked_value_and_a_deleting_are_told(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    for name in ("city", "region"):
        CustomAttribute.objects.create(pointer=f"/{name}", type="string")
    now, schema = timezone.now(), store.schema()
    said = {"city": "Lyon", "region": NOTHING}
    edit(user.pk, Edit(said, "portal_ui", "admin", lock=True), {}, schema, now)

    page = text(portal.get(f"/portal/identity/user/{user.pk}/change/"))

    assert "City Lyon an administrator Locked" in page
    assert "Region - an administrator Locked" in page


@pytest.mark.django_db
def test_a_sensitive_value_is_shown_only_when_asked_for(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    tax = CustomAttribute.objects.create(pointer="/tax_id", type="string", sensitive=True)
    now = timezone.now()
    said = [
        Fact("custom", tax.id, "T-1", "user", now),
        Fact("custom", tax.id, "T-2", "hook:geo", now),
    ]
    store.say(user.pk, said, now, store.schema())

    response = portal.get(f"/portal/identity/user/{user.pk}/change/")

    assert "<summary>Show</summary>T-1</details>" in response.content.decode()
    assert "a value, from hook geo" in text(response)
    assert "T-2" not in text(response)
