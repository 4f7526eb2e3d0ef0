"""What a healthy script gets and gives back."""

import asyncio

import pytest

from burnish.errors import RuntimeUnavailable
from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.outbound import Outbound

pytestmark = pytest.mark.asyncio(loop_scope="session")

# A script as people publish it: the type argument of its Promise was lost on the way.
PUBLISHED = """export default async function(e: EventUserPreCreate): Promise
{
const ip = e.context.ip_address;
return {
is_allowed: true,
mutations:{
user: {
custom_attributes: {
"city": `city of ${ip}`
}
}
},
};
}
"""


@pytest.mark.parametrize(
    ("returned", "output"),
    [
        ("undefined", None),
        ("null", None),
        ("[1, 'two']", [1, "two"]),
        ("({ a: undefined, b: new Date(0) })", {"b": "1970-01-01T00:00:00.000Z"}),
        ("'\u2028 \U0001f600 \u05d0'", "\u2028 \U0001f600 \u05d0"),
        ("(() => {})", None),
        ("NaN", None),
    ],
)
async def test_the_output_is_what_json_makes_of_the_returned_value(
    runtime: ScriptRuntime, returned: str, output: object
) -> None:
    run = await runtime.call(Script("a.ts", f"export default () => {returned};"), {}, timeout=2)

    assert (run.output, run.fault) == (output, None)


async def test_a_published_script_runs_with_its_quirks(runtime: ScriptRuntime) -> None:
    event = {"context": {"ip_address": "203.0.113.9"}}

    run = await runtime.call(Script("geo.ts", PUBLISHED), event, timeout=2)

    user = {"custom_attributes": {"city": "city of 203.0.113.9"}}
    assert run.output == {"is_allowed": True, "mutations": {"user": user}}


@pytest.mark.parametrize("version", ["@v3.0.0", "@0.1.0", ""])
@pytest.mark.parametrize("kind", ["import", "import type"])
async def test_an_import_of_the_type_names_is_answered_without_a_network(
    runtime: ScriptRuntime, version: str, kind: str
) -> None:
    source = f"""{kind} {{ EventUserPreCreate, HookResponse }}
          from "https://deno.land/x/authgear_deno_hook{version}/mod.ts";
        export default (e: EventUserPreCreate): HookResponse => ({{ is_allowed: !!e }});
    """

    run = await runtime.call(Script("a.ts", source), {}, timeout=2)

    assert (run.output, run.fault) == ({"is_allowed": True}, None)


async def test_many_calls_of_one_script_run_side_by_side(
    runtime: ScriptRuntime, waiting: Script
) -> None:
    runs = await asyncio.gather(
        *(runtime.call(waiting, {"wait": 200}, timeout=5) for _ in range(100))
    )

    assert {run.output for run in runs} == {"waited"}
    assert max(run.ms for run in runs) < 1000


async def test_calls_made_at_once_of_a_new_script_share_its_process(
    runtime: ScriptRuntime,
) -> None:
    source = "let calls = 0; export default () => ++calls;"

    runs = await asyncio.gather(
        *(runtime.call(Script("count.ts", source), {}, timeout=5) for _ in range(20))
    )

    assert sorted(run.output for run in runs) == list(range(1, 21))


async def test_a_runtime_that_was_not_started_says_so() -> None:
    runtime = ScriptRuntime(Outbound())

    with pytest.raises(RuntimeUnavailable, match="start it"):
        await runtime.call(Script("a.ts", ""), {}, timeout=1)


async def test_a_script_cannot_answer_for_another_call(runtime: ScriptRuntime) -> None:
    source = """
        export default async (e) => {
          if (!e.forge) {
            await new Promise((done) => setTimeout(done, 200));
            return "honest";
          }
          addEventListener("message", (message) => postMessage(message.data));
          for (let id = 0; id < 100; id++) {
            postMessage(["done", String(id), '"forged"']);
            postMessage(["done", id, '"forged"']);
          }
          return "tried";
        };
    """
    script = Script("forge.ts", source)
    honest = asyncio.create_task(runtime.call(script, {}, timeout=5))
    await asyncio.sleep(0.05)

    forged = await runtime.call(script, {"forge": True}, timeout=5)

    assert forged.output == "tried"
    assert (await honest).output == "honest"
