"""A script, and what came of running it."""

from dataclasses import dataclass
from typing import Any, Literal

from burnish.hooks.reply import Request

Isolation = Literal["reuse", "fresh"]
"""Whether a script's calls share one warm isolate, or each gets a new one."""


@dataclass(frozen=True, slots=True)
class Module:
    """Code a script imports, as it was when the script was saved: its specifier, its content."""

    specifier: str
    source: str


@dataclass(frozen=True, slots=True)
class Script:
    """A hook's TypeScript; `name` is how it is shown to people, such as "geo.ts".

    It may import `modules` and nothing else: no code is fetched when it runs.
    """

    name: str
    source: str
    isolation: Isolation = "reuse"
    modules: tuple[Module, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptFault:
    """Why a script did not return: a stable code, a sentence, and the script's line if known.

    Codes: syntax_error, no_default_export, not_a_function, threw, timeout, out_of_memory, exited,
    output_not_json, runtime_unavailable.
    """

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """One call of a script: the value it returned as JSON has it, or the fault it ended with.

    `console` is at most 64 KiB; `truncated` says that the script printed more. `ms` is how long
    the caller waited, in milliseconds.
    """

    output: Any
    console: str
    truncated: bool
    fault: ScriptFault | None
    ms: float
    requests: tuple[Request, ...] = ()
