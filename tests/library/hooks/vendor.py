"""A server on this machine that scripts call, excepted or in a vendor's place."""

from dataclasses import dataclass, field

from burnish.hooks.runtime import Script, ScriptRun, ScriptRuntime

VENDOR = "https://api.vendor.example"


@dataclass(frozen=True)
class Server:
    """A server on this machine, what it was asked for, and the files it has."""

    origin: str
    seen: list[str]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def pair(self) -> str:
        return self.origin.removeprefix("http://")


async def returned_by(runtime: ScriptRuntime, body: str, timeout: float = 5) -> ScriptRun:
    source = f"export default async (e) => {{ {body} }};"
    return await runtime.call(Script("net.ts", source), {}, timeout=timeout)
