"""Whether a script parses, and whether its types fit: `deno check`, offline."""

import asyncio
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from burnish.hooks.deno_command import DENO_SOURCES, environment, find_deno
from burnish.hooks.script import Script

SECONDS = 20.0
# The package of type names, at any version, as scripts written elsewhere import it.
TYPES_PACKAGE = re.compile(
    r"https://deno\.land/x/authgear[-_]deno[-_]hook(?:@[^\"'/\s]*)?/[\w./]*\.ts"
)
EXPORTED = re.compile(r"^export (?:interface|type) (\w+)", re.MULTILINE)
POSITION = r"\n    at (?P<file>file://\S+?):(?P<line>\d+):(?P<column>\d+)$"
TYPE_PROBLEM = re.compile(
    r"^TS\d+ \[ERROR\]: (?P<message>.*?)$.*?" + POSITION, re.MULTILINE | re.DOTALL
)
UNPARSED = re.compile(
    r"^error: (?P<syntax>SyntaxError: )?(?P<message>.*?)$.*?" + POSITION, re.MULTILINE | re.DOTALL
)
IMPORT_UNCHECKED = (
    "This import is not checked: it is fetched when the script is saved, and then from https:// "
    "addresses, npm: and jsr: only."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of a script; line and column count from 1.

    An "error" keeps the script from being loaded: it does not parse. A "warning" does not: its
    types do not fit, or it could not be checked.
    """

    line: int
    column: int
    message: str
    severity: Literal["error", "warning"]


async def check(script: Script) -> list[Problem]:
    """Return what `deno check` says of the script, in the order of its lines.

    Nothing is fetched from anywhere. Raises `DenoMissing`.
    """
    deno = find_deno()
    with tempfile.TemporaryDirectory(prefix="burnish-check-") as folder:
        room = Path(folder)
        lay_out(room, script)
        process = await asyncio.create_subprocess_exec(
            *(deno, "check", "--quiet", "--no-config", "--no-lock", "--no-remote", "--no-npm"),
            *("--import-map", "imports.json", "script.ts", "ambient.d.ts"),
            cwd=folder,
            env=environment(str(room / "cache")),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SECONDS):
                _, output = await process.communicate()
        except TimeoutError:
            return [unchecked(f"the check took longer than {SECONDS:g} s")]
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == 0:
        return []
    return problems(output.decode(errors="replace"), room.resolve())


def lay_out(room: Path, script: Script) -> None:
    """Write the script, the type names and where imports of them lead into the folder."""
    types = (DENO_SOURCES / "types.d.ts").read_text()
    (room / "types.d.ts").write_text(types)
    (room / "ambient.d.ts").write_text(ambient(types))
    (room / "script.ts").write_text(script.source, newline="")
    imports = dict.fromkeys(TYPES_PACKAGE.findall(script.source), "./types.d.ts")
    for number, module in enumerate(script.modules):
        imports[module.specifier] = f"./module{number}.js"
        (room / f"module{number}.js").write_text(module.source)
    (room / "imports.json").write_text(json.dumps({"imports": imports}))


def ambient(types: str) -> str:
    """Return declarations that make every exported type name known without an import."""
    names = EXPORTED.findall(types)
    lines = [f"  type {name} = types.{name};" for name in names]
    head = 'import type * as types from "./types.d.ts";\n\ndeclare global {\n'
    return head + "\n".join(lines) + "\n}\n"


def problems(output: str, room: Path) -> list[Problem]:
    """Read the text `deno check` prints; `room` is the folder it ran in."""
    own = (room / "script.ts").as_uri()
    if found := UNPARSED.search(output):
        return [unparsed(found, own)]
    said = [
        Problem(
            int(one["line"]),
            int(one["column"]),
            one["message"].replace(f"{room.as_uri()}/", "./"),
            "warning",
        )
        for one in TYPE_PROBLEM.finditer(output)
        if one["file"] == own
    ]
    return sorted(said, key=lambda one: (one.line, one.column)) or [unchecked(output[:200])]


def unparsed(found: re.Match[str], own: str) -> Problem:
    """Return why the script, or what it imports, could not be read."""
    if found["file"] != own:
        return Problem(1, 1, IMPORT_UNCHECKED, "warning")
    line, column = int(found["line"]), int(found["column"])
    if found["syntax"]:
        return Problem(line, column, found["message"], "error")
    return Problem(line, column, IMPORT_UNCHECKED, "warning")


def unchecked(reason: str) -> Problem:
    """Return the problem that the script could not be checked."""
    return Problem(1, 1, f"The script was not checked: {' '.join(reason.split())}.", "warning")
