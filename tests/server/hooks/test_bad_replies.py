"""Whatever a webhook replies, the visitor reads one sentence, the administrator sees why, and
nothing is stored."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.library.hooks.test_webhooks import (
    REPLIES,
    Answer,
    certificate,
    listening,
    request,
    saying,
)

from burnish_server import engine
from burnish_server.hooks import signing
from burnish_server.hooks.models import Hook, Run, TimeLimits
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User
from burnish_server.profiles.models import Profile

pytestmark = pytest.mark.django_db(transaction=True)

VISITOR = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
LATE = ("HookDeliveryTimeout", "HookDeliveryUnknownFailure", "HookInvalidResponse")


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"is_allowed"')
    await writer.drain()


BAD = {what: reply[0] for what, reply in REPLIES.items()} | {"byte by byte": trickle, "half": half}


@pytest.fixture
def portal(transactional_db: None) -> Client:
    administrator.create("root@staff.example", "correct horse battery")
    browser = Client()
    browser.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def open_doors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process's engine call private addresses."""
    engine.close()
    outbound = settings.BURNISH.outbound.model_copy(update={"allow_private": "*"})
    changed = settings.BURNISH.model_copy(update={"outbound": outbound})
    monkeypatch.setattr(settings, "BURNISH", changed)
    yield
    engine.close()


@pytest.fixture
def replying(hook: Callable[..., Hook], open_doors: None) -> Iterator[Callable[..., None]]:
    """Put a webhook in force whose endpoint answers as told."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stop: list[asyncio.Event] = []

    def put(answer: Answer, scheme: str = "http", tls: ssl.SSLContext | None = None) -> None:
        ready: asyncio.Queue[int] = asyncio.Queue()

        async def serve() -> None:
            stop.append(asyncio.Event())
            async with listening(answer, tls) as port:
                await ready.put(port)
                await stop[-1].wait()

        asyncio.run_coroutine_threadsafe(serve(), loop)
        port = asyncio.run_coroutine_threadsafe(ready.get(), loop).result(5)
        url = f"{scheme}://127.0.0.1:{port}/hook"
        signing.ensure()
        hook("vendor", kind="webhook", url=url)

    yield put
    for one in stop:
        loop.call_soon_threadsafe(one.set)
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.mark.parametrize("what", BAD)
def test_a_reply_that_is_none(
    what: str, replying: Callable[..., None], client: Client, portal: Client
) -> None:
    TimeLimits.objects.create(pk=1, hook_seconds=0.5, event_seconds=1)
    replying(BAD[what])

    page = client.post("/signup/", VISITOR)

    shown = page.content.decode()
    assert "could not be checked just now" in shown
    assert "Traceback" not in shown
    assert "127.0.0.1" not in shown
    assert not User.objects.filter(email=VISITOR["email"]).exists()
    assert not Profile.objects.filter(standard__email=VISITOR["email"]).exists()
    run = Run.objects.get()
    assert (run.outcome, run.answer) == ("failed", None)
    if what in REPLIES:
        _, reason, words, _ = REPLIES[what]
        assert run.error_code == reason
        assert words in run.error_message
    else:
        assert run.error_code in LATE
        assert run.error_message
    assert run.error_message.split(";")[0] in unescape(
        portal.get(reverse("portal:hooks_run_change", args=[run.pk])).content.decode()
    )


def test_a_wrong_tls_name(replying: Callable[..., None], client: Client, tmp_path: Path) -> None:
    tls, _ = certificate(tmp_path, "hooks.nordlake.example")
    replying(saying("200 OK", b'{"is_allowed":true}'), "https", tls)

    page = client.post("/signup/", VISITOR)

    assert "could not be checked just now" in page.content.decode()
    assert not User.objects.exists()
    assert "certificate" in Run.objects.get().error_message
