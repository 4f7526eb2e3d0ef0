"""A user's page says why each value is the one that holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute


@pytest.mark.django_db
def test_a_value_that_beat_others_tells_them_and_the_rule(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    said = [
        Fact("custom", city.id, "Paris", "user", now - timedelta(days=9)),
        Fact("custom", city.id, "<b>Lyon</b>", "hook:geo", now),
    ]
    store.say(user.pk, said, now, store.schema())

    response = portal.get(f"/portal/identity/user/{user.pk}/change/")

    page = text(response)
    assert "Paris the user Why this value? It beat: <b>Lyon</b>, from hook geo" in page
    assert "a weightier source spoke" in page
    assert b"<b>Lyon" not in response.content


@pytest.mark.django_db
def test_an_expired_value_says_so(portal: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    old = Fact("custom", city.id, "Lyon", "provider:acme", now, expires_at=now)
    store.say(user.pk, [old], now, store.schema())

    page = text(portal.get(f"/portal/identity/user/{user.pk}/change/"))

    assert "provider:acme (expired, but nothing newer is known)" in page
