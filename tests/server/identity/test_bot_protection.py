"""A hook may ask that a person, not a program, is at the door; Turnstile tells which."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from pydantic import SecretStr
from structlog.testing import capture_logs

from burnish import sandbox
from burnish.sandbox import turnstile
from burnish_server import engine
from burnish_server.hooks.models import Hook, Run
from burnish_server.identity import bot_protection
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

VISITOR = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
HUMAN = {"cf-turnstile-response": turnstile.DUMMY}
ORIGIN = "https://challenges.cloudflare.com"


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Configure Turnstile, with the stand-in to verify: `verifier("1x0000")`."""
    engine.close()
    outbound = settings.BURNISH.outbound.model_copy(update={"allow_private": "*"})
    monkeypatch.setattr(
        settings, "BURNISH", settings.BURNISH.model_copy(update={"outbound": outbound})
    )
    loop = engine.current().loop
    vendors = sandbox.serve((turnstile.VENDOR,))
    here = asyncio.run_coroutine_threadsafe(vendors.__aenter__(), loop).result(5)[ORIGIN]

    def configure(secret: str, mode: str = "never", url: str = "") -> None:
        options = settings.BURNISH.turnstile.model_copy(
            update={
                "site_key": "1x00000000000000000000AA",
                "secret_key": SecretStr(secret),
                "mode": mode,
                "verify_url": url or f"{here}/turnstile/v0/siteverify",
            }
        )
        changed = settings.BURNISH.model_copy(update={"turnstile": options})
        monkeypatch.setattr(settings, "BURNISH", changed)

    yield configure
    asyncio.run_coroutine_threadsafe(vendors.__aexit__(None, None, None), loop).result(5)
    engine.close()


@pytest.fixture
def wary(hook: Callable[..., Hook]) -> Hook:
    return hook(
        "wary",
        "export default () => ({is_allowed: true, bot_protection: {mode: 'always'}});",
        events=["authentication.pre_initialize"],
    )


def sign_up(client: Client, **more: str) -> str:
    return client.post("/signup/", VISITOR | more).content.decode()


def test_nobody_is_asked_who_no_hook_asks_for(
    verifier: Callable[..., None], client: Client
) -> None:
    verifier("1x0000")

    page = client.get("/signup/")
    sign_up(client)

    assert "cf-turnstile" not in page.content.decode()
    assert ORIGIN not in page["Content-Security-Policy"]
    assert User.objects.exists()


def test_a_hook_asks_and_only_a_person_comes_in(
    verifier: Callable[..., None], wary: Hook, client: Client
) -> None:
    verifier("1x0000")

    page = client.get("/signup/")
    assert 'data-sitekey="1x00000000000000000000AA"' in page.content.decode()
    assert f"script-src 'self' {ORIGIN};" in page["Content-Security-Policy"]
    assert "confirm that you are a person" in sign_up(client)
    assert "could not confirm" in sign_up(client, **{"cf-turnstile-response": "made up"})
    assert not User.objects.exists()

    sign_up(client, **HUMAN)

    assert User.objects.get().email == VISITOR["email"]


@pytest.mark.parametrize("secret", ["2x0000", "3x0000", "unknown"])
def test_a_token_the_verifier_refuses_opens_nothing(
    secret: str, verifier: Callable[..., None], client: Client
) -> None:
    verifier(secret, mode="always")

    assert "could not confirm that you are a person" in sign_up(client, **HUMAN)
    assert not User.objects.exists()


def test_a_verifier_that_cannot_be_reached_is_said_so(
    verifier: Callable[..., None], client: Client
) -> None:
    verifier("1x0000", mode="always", url="http://127.0.0.1:1/turnstile/v0/siteverify")

    assert "could not check just now" in sign_up(client, **HUMAN)
    assert not User.objects.exists()


def test_a_hook_may_spare_people_the_question(
    verifier: Callable[..., None], hook: Callable[..., Hook], client: Client
) -> None:
    hook(
        "calm",
        "export default () => ({is_allowed: true, bot_protection: {mode: 'never'}});",
        events=["authentication.pre_initialize"],
    )
    verifier("1x0000", mode="always")

    sign_up(client)

    assert User.objects.exists()


def test_asked_for_and_not_configured_it_has_no_effect_and_the_hook_s_log_says_so(
    wary: Hook, client: Client
) -> None:
    sign_up(client)

    assert User.objects.exists()
    assert "bot_protection has no effect" in Run.objects.get().console


def test_the_hook_s_log_says_nothing_where_it_has_effect(
    verifier: Callable[..., None], wary: Hook, client: Client
) -> None:
    verifier("1x0000")

    sign_up(client)

    assert Run.objects.get().console == ""


def test_who_asks_for_it_in_vain_is_named_when_the_service_starts(wary: Hook) -> None:
    with capture_logs() as logs:
        bot_protection.warn()

    assert [(entry["log_level"], entry["hooks"]) for entry in logs] == [("warning", ["wary"])]


def test_nothing_is_named_where_it_has_effect(wary: Hook, verifier: Callable[..., None]) -> None:
    verifier("1x0000")

    with capture_logs() as logs:
        bot_protection.warn()

    assert logs == []
