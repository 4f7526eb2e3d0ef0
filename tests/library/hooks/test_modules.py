"""Imports: fetched when a script is saved, and never when it runs."""

import pytest
from tests.library.hooks.vendor import Server

from burnish.hooks.check import check
from burnish.hooks.modules import NotPinned, imported, pin
from burnish.hooks.runtime import Script, ScriptRuntime
from burnish.hooks.script import Module
from burnish.outbound import Outbound

LIBRARY = {
    "/lib/greet.ts": (
        'import { mark } from "./mark.ts";\n'
        "export const greet = (name: string): string => `Hello ${name}${mark}`;\n"
        "export default greet;"
    ),
    "/lib/mark.ts": 'export const mark = "!";',
}


@pytest.fixture
def library(server: Server) -> str:
    server.files.update(LIBRARY)
    return f"{server.origin}/lib/greet.ts"


async def test_what_was_fetched_at_the_save_is_there_at_the_call_without_the_network(
    runtime: ScriptRuntime, library: str, server: Server
) -> None:
    source = f"""
        import greet, {{ greet as again }} from "{library}";
        export default async (e) => {{
          const late = await import("{library}");
          return [greet("Ada"), again("Bo"), late.greet("Cy")];
        }};
    """
    modules = await pin(Script("greet.ts", source), Outbound(allow_private=(server.pair,)))
    server.files.clear()
    before = len(server.seen)
    script = Script("greet.ts", source, modules=modules)

    run = await runtime.call(script, {}, timeout=5)

    assert run.output == ["Hello Ada!", "Hello Bo!", "Hello Cy!"]
    assert len(server.seen) == before
    assert [problem for problem in await check(script) if problem.severity == "error"] == []


async def test_what_was_not_fetched_is_not_there(runtime: ScriptRuntime, library: str) -> None:
    script = Script("greet.ts", f'import greet from "{library}"; export default () => greet("x");')

    run = await runtime.call(script, {}, timeout=5)

    assert run.fault is not None


@pytest.mark.parametrize(
    ("specifier", "words"),
    [
        ("npm:zod", "names no exact version"),
        ("npm:zod@3", "names no exact version"),
        ("jsr:@std/assert@^1", "names no exact version"),
        ("./neighbour.ts", "imports from https:// addresses"),
        ("lodash", "imports from https:// addresses"),
        ("file:///etc/passwd", "imports from https:// addresses"),
        ("http://127.0.0.1:9/lib.ts", "is a private address"),
        ("http://[::1]:9/lib.ts", "is a private address"),
        ("http://[64:ff9b::a00:1]:9/lib.ts", "is a private address"),
        ("http://①②⑦.0.0.1:9/lib.ts", "must be written in ASCII letters"),
    ],
)
async def test_an_import_is_refused(specifier: str, words: str) -> None:
    source = f'import thing from "{specifier}"; export default () => thing;'

    with pytest.raises(NotPinned, match=words):
        await pin(Script("x.ts", source), Outbound())


async def test_an_import_that_cannot_be_fetched_is_named(server: Server) -> None:
    source = f'import thing from "{server.origin}/lib/nothing.ts"; export default () => thing;'

    with pytest.raises(NotPinned, match=r"nothing.ts could not be fetched"):
        await pin(Script("x.ts", source), Outbound(allow_private=(server.pair,)))


async def test_too_much_is_refused(server: Server) -> None:
    server.files["/lib/big.ts"] = f'export default "{"x" * 2_200_000}";'
    source = f'import big from "{server.origin}/lib/big.ts"; export default () => big.length;'

    with pytest.raises(NotPinned, match="longer than 2 MiB"):
        await pin(Script("x.ts", source), Outbound(allow_private=(server.pair,)))


async def test_only_what_exists_at_run_time_and_comes_from_elsewhere_is_fetched() -> None:
    source = """
        import type { EventUserPreCreate } from "https://vendor.example/types.ts";
        import { HookEvent } from "https://deno.land/x/authgear_deno_hook@v2.0.0/mod.ts";
        import { Buffer } from "node:buffer";
        // import old from "https://vendor.example/old.ts";
        import a, { b } from "npm:a@1.0.0";
        import "https://vendor.example/effect.ts";
        export { c } from 'jsr:@x/c@2.0.0';
        const url = "import x from 'https://vendor.example/text.ts'";
        const d = await import("https://vendor.example/d.ts");
        export default () => fetch("https://vendor.example/api");
    """

    assert set(await imported(Script("x.ts", source))) == {
        "npm:a@1.0.0",
        "https://vendor.example/effect.ts",
        "jsr:@x/c@2.0.0",
        "https://vendor.example/d.ts",
    }


def test_a_module_is_part_of_what_a_script_is() -> None:
    assert Script("a.ts", "") != Script("a.ts", "", modules=(Module("npm:a@1.0.0", "x"),))
