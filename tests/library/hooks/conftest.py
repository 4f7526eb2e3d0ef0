"""One script runtime for all tests of a session, and scripts to call in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

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
