"""A script reaches the internet and no private address, but for what is excepted."""

import base64

import pytest
from tests.library.hooks.vendor import Server, returned_by

from burnish.hooks.runtime import ScriptRuntime
from burnish.outbound import Outbound

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
