"""A stand-in vendor's web application: its own answers, and the faults asked of it by API key."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from burnish.sandbox import spoilt
from burnish.sandbox.vendor import Callback, Problem, Vendor

CALLBACK_AFTER = 0.2
_KEY = re.compile(r"([a-z]+)(?:-(\d{1,6}))?")
_WEBHOOK = re.compile(rb"webhook_?url[\"=:\s]+[^\"&]*", re.IGNORECASE)


def app(vendor: Vendor) -> web.Application:
    """Build the vendor's web application, with faults and the vendor's own error bodies."""
    faults = _Faults(vendor)
    app = web.Application(middlewares=[_own_errors(vendor.problem), faults.middleware()])
    app.add_routes(vendor.routes)
    app.cleanup_ctx.append(faults.calling_back)
    return app


def _own_errors(problem: Problem) -> Middleware:
    """Let a wrong path or method be answered the way the vendor answers it."""

    @web.middleware
    async def own_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as fault:
            response = problem(request, fault.status)
            if isinstance(fault, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = fault.headers["Allow"]
            return response

    return own_errors


class _Faults:
    """What is asked for by API key, before the vendor's own answer or in its place."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        self.came: deque[float] = deque()
        self.asked: Counter[bytes] = Counter()
        self.calls: set[asyncio.Task[None]] = set()

    def middleware(self) -> Middleware:
        @web.middleware
        async def faults(request: web.Request, handler: Handler) -> web.StreamResponse:
            key = _KEY.fullmatch(self.vendor.key(request))
            name, number = (key[1], int(key[2] or 0)) if key else ("", 0)
            if refused := self._refused(request, name, number):
                return refused
            if replaced := await self._replaced(request, name, number):
                return replaced
            if name == "slow":
                await asyncio.sleep(number / 1000)
            return await self._changed(request, await handler(request), name, number)

        return faults

    def _refused(self, request: web.Request, name: str, number: int) -> web.Response | None:
        """Return the vendor's own refusal, for a key that asks for one."""
        match name, number:
            case "error", status if 500 <= status <= 599:
                return self.vendor.problem(request, status)
            case "invalid", _:
                return self.vendor.problem(request, self.vendor.invalid)
            case "credits", _:
                return self.vendor.problem(request, self.vendor.credits)
            case "limit", 429:
                return self.vendor.problem(request, self.vendor.limit)
            case "rate", most if self._came_within_a_second() > most:
                return self.vendor.problem(request, self.vendor.limit)
        return None

    def _came_within_a_second(self) -> int:
        now = time.monotonic()
        self.came.append(now)
        while self.came[0] <= now - 1:
            self.came.popleft()
        return len(self.came)

    async def _replaced(
        self, request: web.Request, name: str, number: int
    ) -> web.StreamResponse | None:
        """Return something else than the vendor's answer, for a key that asks for it."""
        match name:
            case "garbage":
                return spoilt.garbage()
            case "redirect":
                return spoilt.redirect()
            case "bomb":
                return spoilt.bomb()
            case "huge":
                return await spoilt.huge(request)
            case "hang":
                await asyncio.Event().wait()
            case "pending" if self.vendor.pending:
                question = request.path_qs.encode() + b"\n" + await request.read()
                self.asked[question := _WEBHOOK.sub(b"", question)] += 1
                if self.asked[question] <= number:
                    return self.vendor.pending(request)
        return None

    async def _changed(
        self, request: web.Request, answer: web.StreamResponse, name: str, number: int
    ) -> web.StreamResponse:
        """Return what becomes of the vendor's answer, for a key that asks for a change."""
        if not isinstance(answer, web.Response):
            return answer
        match name:
            case "drift":
                return spoilt.drifted(answer)
            case "long":
                return spoilt.lengthened(answer)
            case "half":
                return await spoilt.half(request, answer)
            case "webhook" if self.vendor.pending and self.vendor.callback:
                called = await self.vendor.callback(request, spoilt.body_of(answer))
                if called:
                    self._call_back(called)
                    return self.vendor.pending(request)
        return answer

    def _call_back(self, called: Callback) -> None:
        task = asyncio.create_task(post(called))
        self.calls.add(task)
        task.add_done_callback(self.calls.discard)

    async def calling_back(self, app: web.Application) -> AsyncIterator[None]:
        """End with the application what is still to be sent."""
        yield
        for task in self.calls:
            task.cancel()


async def post(called: Callback) -> None:
    """Send an answer to the address that was given for it; a vendor tries once."""
    await asyncio.sleep(CALLBACK_AFTER)
    headers = {"Content-Type": "application/json", **called.headers}
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        with suppress(aiohttp.ClientError, TimeoutError):
            await session.post(called.url, data=called.body, headers=headers)
