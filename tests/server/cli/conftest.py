"""The command line, run in this process on the test's database."""

import io
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from burnish.cli import main
from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


class Terminal(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def burnish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Run a command: `burnish("users", "show", "ada@nordlake.example")`.

    With `typed` somebody sits at a terminal and types that.
    """

    def run(*words: object, typed: str | None = None) -> Ended:
        monkeypatch.setattr(sys, "argv", ["burnish", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Terminal(typed))
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        return Ended(status, *capsys.readouterr())

    return run


@pytest.fixture
def say(db: None) -> Callable[..., User]:
    """Let a new user have a value: `say(city, "Lyon")`."""

    def speak(attribute: CustomAttribute, value: Any, source: str = "user") -> User:
        number = User.objects.count() + 1
        user = User.objects.create(email=f"u{number}@people.example")
        at = timezone.now()
        fact = Fact("custom", attribute.id, value, source, at)
        store.say(user.pk, [fact], at, store.schema())
        return user

    return speak
