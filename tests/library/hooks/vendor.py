"""A server on this machine that scripts call, excepted or in a vendor's place."""

from dataclasses import dataclass

from burnish.hooks.runtime import Script, ScriptRun, ScriptRuntime

VENDOR = "https://api.vendor.example"


@dataclass(frozen=True)
class Server:
    """A server on this machine, and how many requests it has seen."""

    origin: str
    seen: list[str]

    @property
    def pair(self) -> str:
        return self.origin.removeprefix("http://")


async def returned_by(runtime: ScriptRuntime, body: str, timeout: float = 5) -> ScriptRun:
    source = f"export default async (e) => {{ {body} }};"
    return await runtime.call(Script("net.ts", source), {}, timeout=timeout)
