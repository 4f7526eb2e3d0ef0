"""A script reaches the internet and no private address, but for what is excepted or rewritten."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.typedefs import Handler

from burnish.hooks.runtime import Script, ScriptRun, ScriptRuntime
from burnish.outbound import Outbound

pytestmark = pytest.mark.asyncio(loop_scope="session")

VENDOR = "https://api.vendor.example"


@dataclass(frozen=True)
class Server:
    """A server on this machine, and how many requests it has seen."""

    origin: str
    seen: list[str]

    @property
    def pair(self) -> str:
        return self.origin.removeprefix("http://")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[Server]:
    seen: list[str] = []

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
    }.items():
        application.router.add_route("*", path, handler)
    runner = web.AppRunner(application, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}", seen)
    await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def excepting(server: Server) -> AsyncIterator[ScriptRuntime]:
    """Return a runtime that may call the server, and calls it for the vendor."""
    outbound = Outbound(allow_private=(server.pair,), rewrites={VENDOR: server.origin})
    runtime = ScriptRuntime(outbound)
    await runtime.start()
    yield runtime
    await runtime.close()


async def returned_by(runtime: ScriptRuntime, body: str, timeout: float = 5) -> ScriptRun:
    source = f"export default async (e) => {{ {body} }};"
    return await runtime.call(Script("net.ts", source), {}, timeout=timeout)


REFUSED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "127.1.2.3",
    "0.0.0.0",
    "2130706433",
    "0x7f.1",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
]


@pytest.mark.parametrize("host", REFUSED_HOSTS)
async def test_a_private_address_is_refused_however_it_is_written(
    runtime: ScriptRuntime, server: Server, host: str
) -> None:
    port = server.origin.rsplit(":", 1)[1]
    address = f"{host}:{port}"
    name = host.strip("[]")
    before = len(server.seen)

    run = await returned_by(
        runtime,
        f"""
        const socket = new Promise((open, fail) => {{
          const ws = new WebSocket("ws://{address}/echo");
          [ws.onopen, ws.onerror] = [open, fail];
        }});
        const node = import("node:net").then((net) => new Promise((open, fail) =>
          net.connect({port}, "{name}", open).on("error", fail)));
        const tries = [
          fetch("http://{address}/echo"),
          Deno.connect({{ hostname: "{name}", port: {port} }}),
          socket,
          node,
        ];
        return (await Promise.allSettled(tries)).map((one) => one.status);
        """,
    )

    assert (run.output, run.fault) == (["rejected"] * 4, None)
    assert len(server.seen) == before


WAYS_AROUND = {
    "a proxy": """
        const client = Deno.createHttpClient({ proxy: { url: "http://localhost:PORT" } });
        return (await fetch("http://vendor.example/echo", { client })).status;
    """,
    "a proxy for https": """
        const client = Deno.createHttpClient({ proxy: { url: "http://localhost:PORT" } });
        return (await fetch("https://vendor.example/echo", { client })).status;
    """,
    "a look-up of its own": """
        const { connect } = await import("node:net");
        const lookup = (_: string, __: unknown, found: any) =>
          found(null, [{ address: "127.0.0.1", family: 4 }]);
        return await new Promise((open, fail) => connect(
          { host: "vendor.example", port: PORT, lookup } as any, () => open("open"),
        ).on("error", fail));
    """,
    "Node's client": """
        const { get } = await import("node:http");
        return await new Promise((answer, fail) =>
          get("http://localhost:PORT/echo", (one) => answer(one.statusCode)).on("error", fail));
    """,
    "server-sent events": """
        return await new Promise((open, fail) => {
          const source = new EventSource("http://localhost:PORT/echo");
          [source.onopen, source.onerror] = [open, () => fail(new Error("no"))];
        });
    """,
}


@pytest.mark.parametrize("way", WAYS_AROUND)
async def test_there_is_no_way_around_to_a_private_address(
    runtime: ScriptRuntime, server: Server, way: str
) -> None:
    before = len(server.seen)

    run = await returned_by(
        runtime, WAYS_AROUND[way].replace("PORT", server.origin.rsplit(":", 1)[1])
    )

    assert run.fault is not None
    assert run.fault.code == "threw"
    assert len(server.seen) == before


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]"])
async def test_a_fetch_of_a_private_address_says_why_it_failed(
    runtime: ScriptRuntime, host: str
) -> None:
    run = await returned_by(runtime, f'return await fetch("http://{host}/");')

    assert run.fault is not None
    assert f'scripts have no net access to "{host}:80"' in run.fault.message
    assert run.fault.line == 1


async def test_an_excepted_private_address_answers_like_any_other(
    excepting: ScriptRuntime, server: Server
) -> None:
    run = await returned_by(
        excepting,
        f"""
        const answer = await fetch("{server.origin}/echo?a=1&b=%20#part", {{
          method: "POST", body: new Uint8Array([0, 255, 10]), headers: {{ "X-Key": "k" }},
        }});
        const {{ ok, status, statusText, url, redirected }} = answer;
        const type = answer.headers.get("content-type");
        const isResponse = answer instanceof Response;
        return {{ ok, status, statusText, url, redirected, type, isResponse,
                  echo: await answer.json() }};
        """,
    )

    assert run.fault is None
    echo = run.output.pop("echo")
    assert run.output == {
        "ok": True,
        "status": 200,
        "statusText": "OK",
        "url": f"{server.origin}/echo?a=1&b=%20",
        "redirected": False,
        "type": "application/json; charset=utf-8",
        "isResponse": True,
    }
    assert (echo["method"], echo["path"]) == ("POST", "/echo?a=1&b=%20")
    assert base64.b64decode(echo["body"]) == b"\x00\xff\n"
    assert echo["headers"]["x-key"] == "k"


async def test_an_exception_is_for_its_own_port_only(
    excepting: ScriptRuntime, server: Server
) -> None:
    run = await returned_by(excepting, 'return await fetch("http://127.0.0.1:81/");')

    assert run.fault is not None
    assert "no net access" in run.fault.message


async def test_a_rewritten_origin_is_called_elsewhere_and_keeps_its_name(
    excepting: ScriptRuntime,
) -> None:
    run = await returned_by(
        excepting,
        f"""
        const answer = await fetch(new Request("{VENDOR}/echo?ip=8.8.8.8"));
        return [answer.url, (await answer.json()).path];
        """,
    )

    assert run.output == [f"{VENDOR}/echo?ip=8.8.8.8", "/echo?ip=8.8.8.8"]


async def test_errors_of_a_vendor_are_answers(excepting: ScriptRuntime) -> None:
    run = await returned_by(
        excepting,
        f"""
        const statuses = [];
        for (const status of [204, 304, 404, 429, 500]) {{
          const answer = await fetch("{VENDOR}/echo?status=" + status, {{ method: "HEAD" }});
          statuses.push([answer.status, answer.ok, (await answer.text()).length]);
        }}
        return statuses;
        """,
    )

    assert run.output == [[s, s == 204, 0] for s in (204, 304, 404, 429, 500)]


async def test_bodies_are_bytes_unpacked(excepting: ScriptRuntime) -> None:
    run = await returned_by(
        excepting,
        f"""
        const answer = await fetch("{VENDOR}/binary");
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return [bytes.length, bytes[255], answer.headers.get("content-encoding")];
        """,
    )

    assert run.output == [2560, 255, None]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:81/",
        "http://169.254.169.254/latest/",
        "http://[::1]:81/",
        "http://10.0.0.1/",
    ],
)
async def test_a_redirect_to_a_private_address_is_refused(
    excepting: ScriptRuntime, server: Server, target: str
) -> None:
    run = await returned_by(
        excepting, f'return (await fetch("{server.origin}/redirect?to={target}")).status;'
    )

    assert run.fault is not None
    assert "no net access" in run.fault.message


async def test_redirects_are_followed_by_the_rules(
    excepting: ScriptRuntime, server: Server
) -> None:
    run = await returned_by(
        excepting,
        f"""
        const send = async (status: number) => {{
          const answer = await fetch(`{VENDOR}/redirect?status=${{status}}&to={server.origin}/echo`,
            {{ method: "POST", body: "kept", headers: {{ Authorization: "secret" }} }});
          const {{ method, body, headers }} = await answer.json();
          return [answer.redirected, method, atob(body), headers["content-type"] ?? null];
        }};
        return [await send(302), await send(303), await send(307)];
        """,
    )

    text = "text/plain;charset=UTF-8"
    assert run.output == [
        [True, "GET", "", None],
        [True, "GET", "", None],
        [True, "POST", "kept", text],
    ]


async def test_credentials_stay_with_the_origin_they_were_meant_for(
    excepting: ScriptRuntime, server: Server
) -> None:
    target = f"{VENDOR}/echo"
    run = await returned_by(
        excepting,
        f"""
        const answer = await fetch("{server.origin}/redirect?to={target}",
          {{ headers: {{ Authorization: "secret", "X-Other": "1" }} }});
        const {{ headers }} = await answer.json();
        return [headers.authorization ?? null, headers["x-other"]];
        """,
    )

    assert run.output == [None, "1"]


async def test_a_script_may_look_at_a_redirect_or_refuse_it(
    excepting: ScriptRuntime,
) -> None:
    run = await returned_by(
        excepting,
        f"""
        const seen = await fetch("{VENDOR}/redirect?to=/echo", {{ redirect: "manual" }});
        const refused = await fetch("{VENDOR}/redirect?to=/echo", {{ redirect: "error" }})
          .catch((error) => error.name);
        return [seen.status, seen.headers.get("location"), refused];
        """,
    )

    assert run.output == [302, "/echo", "TypeError"]


async def test_redirects_without_an_end_are_given_up(excepting: ScriptRuntime) -> None:
    run = await returned_by(excepting, f'return await fetch("{VENDOR}/endless");')

    assert run.fault is not None
    assert "More than 20 redirects" in run.fault.message


async def test_an_answer_of_more_than_10_mib_is_refused(excepting: ScriptRuntime) -> None:
    run = await returned_by(excepting, f'return (await fetch("{VENDOR}/big")).status;')

    assert run.fault is not None
    assert "longer than 10 MiB" in run.fault.message


async def test_an_abort_signal_ends_a_request(excepting: ScriptRuntime) -> None:
    run = await returned_by(
        excepting,
        f"""
        const began = Date.now();
        const name = await fetch("{VENDOR}/hang", {{ signal: AbortSignal.timeout(100) }})
          .catch((error) => error.name);
        return [name, Date.now() - began < 1000];
        """,
    )

    assert run.output == ["TimeoutError", True]


async def test_a_vendor_that_hangs_costs_the_call_its_time_and_no_more(
    excepting: ScriptRuntime,
) -> None:
    run = await returned_by(excepting, f'await fetch("{VENDOR}/hang");', timeout=0.3)

    assert run.fault is not None
    assert run.fault.code == "timeout"
    assert run.ms < 600


async def test_scripts_share_no_cookies(excepting: ScriptRuntime) -> None:
    body = f'return await (await fetch("{VENDOR}/cookie")).text();'

    runs = [await returned_by(excepting, body) for _ in range(2)]

    assert [run.output for run in runs] == ["none", "none"]


async def test_a_server_that_is_not_there_is_an_error_of_fetch(server: Server) -> None:
    runtime = ScriptRuntime(Outbound(rewrites={VENDOR: "http://127.0.0.1:1"}))
    await runtime.start()
    run = await returned_by(
        runtime, f'return await fetch("{VENDOR}/").catch((error) => [error.name, error.message]);'
    )
    await runtime.close()

    name, message = run.output
    assert name == "TypeError"
    assert VENDOR in message


async def test_all_private_addresses_can_be_allowed(server: Server) -> None:
    runtime = ScriptRuntime(Outbound(allow_private=("*",)))
    await runtime.start()
    run = await returned_by(
        runtime, f'return (await (await fetch("{server.origin}/echo")).json()).path;'
    )
    listening = await returned_by(runtime, "Deno.listen({ port: 0 });")
    await runtime.close()

    assert run.output == "/echo"
    assert listening.fault is not None
