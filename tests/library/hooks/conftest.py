"""One script runtime for all tests of a session, and scripts to call in it."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.typedefs import Handler
from tests.library.hooks.vendor import VENDOR, Server

from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.outbound import Outbound


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def runtime() -> AsyncIterator[ScriptRuntime]:
    runtime = ScriptRuntime(Outbound(), memory_mb=64)
    await runtime.start()
    yield runtime
    await runtime.close()


@pytest.fixture(scope="session")
def healthy() -> Script:
    return Script("healthy.ts", "export default (e: HookEvent) => ({ is_allowed: !!e });")


@pytest.fixture(scope="session")
def waiting() -> Script:
    """Answer after the milliseconds the event asks for."""
    source = """
        export default async (e: { wait: number }) => {
          console.log("waiting");
          await new Promise((done) => setTimeout(done, e.wait));
          return "waited";
        };
    """
    return Script("waiting.ts", source)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Server]:
    seen: list[str] = []
    files: dict[str, str] = {}

    async def echo(request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        told = {"method": request.method, "path": request.path_qs, "headers": headers}
        told["body"] = base64.b64encode(body).decode()
        return web.json_response(told, status=int(request.query.get("status", "200")))

    async def redirect(request: web.Request) -> web.Response:
        headers = {"Location": request.query["to"]}
        return web.Response(status=int(request.query.get("status", "302")), headers=headers)

    async def endless(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/endless"})

    async def binary(request: web.Request) -> web.Response:
        response = web.Response(body=bytes(range(256)) * 10, headers={"X-Kind": "bytes"})
        response.enable_compression()
        return response

    async def big(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * (11 * 1024 * 1024))

    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async def file(request: web.Request) -> web.Response:
        content = files.get(request.path)
        if content is None:
            raise web.HTTPNotFound
        return web.Response(text=content, content_type="application/typescript")

    async def cookie(request: web.Request) -> web.Response:
        response = web.Response(text=request.headers.get("Cookie", "none"))
        response.set_cookie("session", "of another script")
        return response

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        seen.append(request.path)
        return await handler(request)

    application = web.Application(middlewares=[count], client_max_size=2**24)
    for path, handler in {
        "/echo": echo,
        "/redirect": redirect,
        "/endless": endless,
        "/binary": binary,
        "/big": big,
        "/hang": hang,
        "/cookie": cookie,
        "/lib/{name}": file,
    }.items():
        application.router.add_route("*", path, handler)
    runner = web.AppRunner(application, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}", seen, files)
    await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def excepting(server: Server) -> AsyncIterator[ScriptRuntime]:
    """Return a runtime that may call the server, and calls it for the vendor."""
    outbound = Outbound(allow_private=(server.pair,), rewrites={VENDOR: server.origin})
    runtime = ScriptRuntime(outbound)
    await runtime.start()
    yield runtime
    await runtime.close()
