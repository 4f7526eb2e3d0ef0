"""What every stand-in vendor has in common: a declaration, and faults asked for by API key.

A vendor is one file with one `Vendor`. The faults are the same at every vendor:

- `slow-2000` answers after 2000 milliseconds (any number),
- `error-500` answers with that status (any from 500 to 599),
- `limit-429` says that the key's limit is used up,
- `garbage` answers 200 with something that is not JSON,
- `hang` never answers; it ends when the caller gives up.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Problem: TypeAlias = Callable[[web.Request, int], web.Response]
"""Writes a vendor's own error body for a status."""

GARBAGE = "<!doctype html>\n<title>It works!</title>\n<p>This is not the answer you asked for."


@dataclass(frozen=True, slots=True)
class Vendor:
    """One stand-in: whose place it takes, what it answers, where it reads the API key.

    `origins` are the real origins (scheme and host) whose calls come here instead.
    `key` finds the API key in a request and returns an empty string when there is none.
    """

    name: str
    origins: tuple[str, ...]
    routes: tuple[web.RouteDef, ...]
    key: Callable[[web.Request], str]
    problem: Problem

    def app(self) -> web.Application:
        """Build the vendor's web application, with faults and the vendor's own error bodies."""
        app = web.Application(middlewares=[_own_errors(self.problem), _faults(self)])
        app.add_routes(self.routes)
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


def _faults(vendor: Vendor) -> Middleware:
    """Do what the API key asks for, before the vendor's own answer or in its place."""

    @web.middleware
    async def faults(request: web.Request, handler: Handler) -> web.StreamResponse:
        key = vendor.key(request)
        if slow := re.fullmatch(r"slow-(\d{1,6})", key):
            await asyncio.sleep(int(slow[1]) / 1000)
        elif broken := re.fullmatch(r"error-(5\d\d)", key):
            return vendor.problem(request, int(broken[1]))
        elif key == "limit-429":
            return vendor.problem(request, 429)
        elif key == "garbage":
            return web.Response(text=GARBAGE, content_type="text/html")
        elif key == "hang":
            await asyncio.Event().wait()
        return await handler(request)

    return faults
