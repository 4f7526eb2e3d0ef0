"""Someone who is signed in, and what is said of them."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute


def text(response: HttpResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


@pytest.fixture
def user(db: None) -> User:
    """Somebody with a verified address."""
    user = User.objects.create(email="dana@shop.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def person(client: Client, user: User) -> Client:
    """The browser they are signed in with."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def say(user: User) -> Callable[..., None]:
    """Say something of them: `say(city, "Lyon", "hook:geo")`, `say("gender", "x", "admin")`."""

    def said(about: CustomAttribute | str, value: Any, source: str, **more: Any) -> None:
        place = ("standard", about) if isinstance(about, str) else ("custom", about.pk)
        fact = Fact(*place, value, source, timezone.now(), **more)  # type: ignore[arg-type]
        store.say(user.pk, [fact], fact.observed_at, store.schema())

    return said
