"""A hook's script before it is stored: parsed and type-checked, and what it imports fetched."""

from dataclasses import dataclass, replace
from typing import Any

from burnish.errors import RuntimeUnavailable
from burnish.hooks.check import Problem, check
from burnish.hooks.fragment import LARGEST_SCRIPT
from burnish.hooks.modules import NotPinned, pin
from burnish.hooks.script import Module, Script
from burnish.outbound import Outbound
from burnish_server import engine

MAX_BYTES = LARGEST_SCRIPT
"""A script's size: the contract's limit."""

CHECK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker said of a script; `unchecked` says why it said nothing."""

    problems: tuple[Problem, ...] = ()
    unchecked: str = ""
    modules: tuple[Module, ...] = ()
    """What it imports, to be kept with it."""
    not_pinned: str = ""

    @property
    def refusals(self) -> list[str]:
        """Why it does not parse, or what it imports cannot be kept."""
        return ([self.not_pinned] if self.not_pinned else []) + [
            f"line {problem.line}, column {problem.column}: {problem.message}"
            for problem in self.problems
            if problem.severity == "error"
        ]

    def as_json(self) -> list[dict[str, Any]]:
        """Return the problems as they are stored with the hook."""
        return [
            {
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
                "severity": problem.severity,
            }
            for problem in self.problems
        ]


def tidy(source: str) -> str:
    """Return the script with a line feed at each line's end, whatever the browser sent."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def examine(name: str, source: str) -> Checked:
    """Have a script parsed and type-checked. Not to be called inside a transaction."""
    script = Script(f"{name or 'hook'}.ts", source)
    try:
        return engine.run(
            lambda running: _examined(script, running.outbound), timeout=CHECK_SECONDS
        )
    except RuntimeUnavailable as error:
        return Checked(unchecked=str(error))


async def _examined(script: Script, outbound: Outbound) -> Checked:
    try:
        modules = await pin(script, outbound)
    except NotPinned as error:
        return Checked(tuple(await check(script)), not_pinned=str(error))
    return Checked(tuple(await check(replace(script, modules=modules))), modules=modules)
