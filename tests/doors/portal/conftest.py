"""What the portal's tests share: an administrator at the door, hooks, and pages read as text."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.conftest import attribute
from tests.server.enrichment.conftest import provider, rewritten, stand_ins, waterfall

from burnish_server import engine
from burnish_server.hooks.models import Hook
from burnish_server.identity.models import User

__all__ = ["attribute", "provider", "rewritten", "stand_ins", "waterfall"]

ALLOW = "export default () => ({ is_allowed: true });\n"


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def administrator(db: None) -> User:
    """An administrator with the password `correct horse battery`."""
    user = User(email="root@staff.example", is_staff=True, is_superuser=True)
    user.set_password("correct horse battery")
    user.save()
    return user


@pytest.fixture
def portal(client: Client, administrator: User) -> Client:
    """A browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client


@pytest.fixture
def hook(db: None) -> Callable[..., Hook]:
    """Configure hooks of `user.pre_create`: `hook("geo", ALLOW)`."""

    def configure(name: str, script: str = ALLOW, **options: object) -> Hook:
        options = {"events": ["user.pre_create"], **options}
        return Hook.objects.create(name=name, script=script, **options)

    return configure


def text(response: HttpResponse) -> str:
    """Return a page's words, without markup and with single spaces."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
