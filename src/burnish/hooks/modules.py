"""Code a script imports, fetched and kept when the script is saved, and never when it runs."""

import asyncio
import json
import os
import re
import tempfile
from pathlib import Path

from burnish.errors import BurnishError
from burnish.hooks.check import TYPES_PACKAGE
from burnish.hooks.deno_command import REFUSED, environment, find_deno
from burnish.hooks.script import Module, Script
from burnish.outbound import Outbound
from burnish.resolving import Refused, destination

SECONDS = 60.0
LARGEST = 2 * 1024 * 1024
"""Bytes all modules of one script may have together."""

_NETWORK = frozenset(
    {
        "DENO_CERT",
        "DENO_TLS_CA_STORE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NODE_EXTRA_CA_CERTS",
        "NO_PROXY",
        "NPM_CONFIG_REGISTRY",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
    }
)
_PINNED = re.compile(r"(npm|jsr):/?(@[\w.-]+/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*(/.*)?")


class NotPinned(BurnishError):
    """What a script imports cannot be kept with it; the message says which and why."""

    code = "not_pinned"


async def imported(script: Script) -> list[str]:
    """Return what a script imports that has to be kept with it, in the order it stands there.

    Empty where the script does not parse: its check says so.
    """
    with tempfile.TemporaryDirectory(prefix="burnish-pin-") as folder:
        (Path(folder) / "script.ts").write_text(script.source, newline="")
        told, _ = await _deno(
            folder,
            "info",
            "--json",
            "--no-config",
            "--no-lock",
            "--no-remote",
            "--no-npm",
            "script.ts",
        )
    graph = json.loads(told or b"{}")
    script_url = "".join(graph.get("roots", ())[:1])
    found = (one for one in graph.get("modules", ()) if one.get("specifier") == script_url)
    names = [
        one["specifier"] for root in found for one in root.get("dependencies", ()) if "code" in one
    ]
    return [
        name
        for name in dict.fromkeys(names)
        if not name.startswith(("node:", "data:")) and not TYPES_PACKAGE.fullmatch(name)
    ]


async def pin(script: Script, outbound: Outbound) -> tuple[Module, ...]:
    """Fetch what a script imports, each import as one module with all it depends on.

    A script may import from `https://` and `http://` addresses that are public, and from `npm:`
    and `jsr:` with an exact version. Raises `NotPinned`, or `DenoMissing`.
    """
    names = await imported(script)
    modules = []
    for name in names:
        _require_exact(name, outbound)
        excepted = outbound.allows_all_private or outbound.target(name) is not None
        # What a module imports in turn may lead anywhere but to a private address.
        denied = () if excepted else (f"--deny-import={','.join(REFUSED)}",)
        modules.append(Module(name, await _bundled(name, denied)))
    if sum(len(module.source.encode()) for module in modules) > LARGEST:
        raise NotPinned("What the script imports is longer than 2 MiB together; import less.")
    return tuple(modules)


def _require_exact(name: str, outbound: Outbound) -> None:
    if name.startswith(("npm:", "jsr:")):
        if not _PINNED.fullmatch(name):
            raise NotPinned(f"{name} names no exact version; write it as npm:name@1.2.3.")
    elif name.startswith(("https://", "http://")):
        try:
            destination(name, outbound)
        except (Refused, ValueError) as error:
            raise NotPinned(f"{name} cannot be imported: {error}.") from None
    else:
        raise NotPinned(
            f"{name} cannot be imported; a script imports from https:// addresses, npm:, jsr: "
            "and node: only."
        )


async def _bundled(name: str, denied: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory(prefix="burnish-pin-") as folder:
        room = Path(folder)
        quoted = json.dumps(name)
        lines = (
            f"export * from {quoted};",
            f"import * as all from {quoted};",
            "export default all.default;",
        )
        (room / "entry.ts").write_text("\n".join(lines))
        options = ("--quiet", "--no-config", "--no-lock", "--platform=deno", "--allow-import")
        _, said = await _deno(folder, "bundle", *options, *denied, "--output=module.js", "entry.ts")
        if said is None:
            raise NotPinned(f"{name} could not be fetched within {SECONDS:g} s.")
        if not (room / "module.js").exists():
            reason = " ".join(said.decode(errors="replace").split())[:300]
            raise NotPinned(f"{name} could not be fetched: {reason.replace(folder, '')}")
        return (room / "module.js").read_text("utf-8")


def _of_the_network() -> dict[str, str]:
    """Return what this machine needs to reach the world: its proxies and its authorities."""
    known = {name: value for name, value in os.environ.items() if name.upper() in _NETWORK}
    return {"DENO_TLS_CA_STORE": "mozilla,system", **known}


async def _deno(folder: str, *arguments: str) -> tuple[bytes, bytes | None]:
    """Run Deno in a folder and return what it wrote; None for its errors where it was too slow."""
    process = await asyncio.create_subprocess_exec(
        *(find_deno(), *arguments),
        cwd=folder,
        env={**_of_the_network(), **environment(f"{folder}/cache")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            return await process.communicate()
    except TimeoutError:
        return b"", None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
