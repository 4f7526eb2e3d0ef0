"""An endpoint that behaves as told, and a courier that brings it events."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from django.utils import timezone

from burnish.events.context import Context
from burnish.events.entities import User
from burnish.events.user import UserReenabled
from burnish.hooks.dispatch import Dispatcher
from burnish.hooks.webhooks import Webhooks
from burnish.outbound import Outbound
from burnish_server import engine
from burnish_server.hooks import signing, store
from burnish_server.hooks.courier import Courier
from burnish_server.profiles import late

Behaviour = Callable[[web.Request], Any]


class Endpoint:
    """A web server on a port of its own. `behave` says how it answers; by default 200."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.behave: Callable[[str], tuple[int, dict[str, str], float]] = lambda _: (200, {}, 0.0)
        self.reply: dict[str, Any] = {"is_allowed": True}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self.loop).result(5)

    async def _start(self) -> None:
        application = web.Application(client_max_size=2**24)
        application.router.add_route("*", "/{path:.*}", self._answer)
        self.runner = web.AppRunner(application, shutdown_timeout=0, handler_cancellation=True)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.port: int = self.runner.addresses[0][1]

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.seen.append((request.path, json.loads(body), dict(request.headers)))
        status, headers, seconds = self.behave(request.path)
        await asyncio.sleep(seconds)
        return web.json_response(self.reply, status=status, headers=headers)

    def url(self, path: str = "/in") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ids(self, path: str | None = None) -> list[str]:
        return [event["id"] for at, event, _ in self.seen if path in (None, at)]

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    yield server
    server.close()


@contextmanager
def delivering(kind: type[Dispatcher] = Dispatcher) -> Iterator[Courier]:
    """Run a courier of one's own, which may call private addresses."""
    running = engine.current()
    webhooks = Webhooks(Outbound(allow_private=("*",)))
    courier = Courier(kind(running.runtime, webhooks), late.settle)
    done = asyncio.run_coroutine_threadsafe(courier.run(), running.loop)
    try:
        yield courier
    finally:
        running.loop.call_soon_threadsafe(courier.stop, 2.0)
        done.result(10)
        asyncio.run_coroutine_threadsafe(webhooks.close(), running.loop).result(5)


def until(true: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until something is true; fail when it never is."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def happen(client_id: str = "", **custom: Any) -> int:
    """Let an event happen to somebody with these custom attributes, and return its number."""
    signing.ensure()
    at = timezone.now()
    user = User(str(uuid4()), at, at, {"email": "ada@nordlake.example"}, custom)
    context = Context(int(at.timestamp()), "system", user.id, client_id=client_id)
    return store.happened(UserReenabled(user), context, at)
