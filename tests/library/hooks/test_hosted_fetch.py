"""What is sent on a script's behalf, to rewritten origins, looks as if it had sent it itself."""

import pytest
from tests.library.hooks.vendor import VENDOR, Server, returned_by

from burnish.hooks.runtime import ScriptRuntime
from burnish.outbound import Outbound

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
