"""A hook's script on its way through the form: checked first, then stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django_ace import AceWidget
from unfold.widgets import TEXTAREA_CLASSES

from burnish.errors import RuntimeUnavailable
from burnish.hooks.check import Problem, check
from burnish.hooks.modules import NotPinned, pin
from burnish.hooks.script import Module, Script
from burnish.outbound import Outbound
from burnish_server import engine

MAX_BYTES = 100 * 1024
"""A script's size: the contract's limit."""

CHECK_SECONDS = 60.0

STARTER = """\
import type {
  EventUserPreCreate,
  EventUserPreCreateHookResponse,
} from "https://deno.land/x/authgear_deno_hook@v2.0.0/mod.ts";

export default async function (
  e: EventUserPreCreate,
): Promise<EventUserPreCreateHookResponse> {
  console.log("somebody signs up from", e.context.ip_address);
  return {
    is_allowed: true,
    mutations: {
      user: {
        custom_attributes_patch: {},
      },
    },
  };
}
"""


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


class ScriptEditor(AceWidget):
    """A code editor; without JavaScript a plain text field. Problems stand under it by line."""

    def __init__(self) -> None:
        super().__init__(
            mode="typescript",
            theme="tomorrow",
            width=None,
            height=None,
            tabsize=2,
            fontsize="14px",
            showprintmargin=False,
            useworker=False,
            toolbar=False,
            attrs={
                "class": " ".join([*TEXTAREA_CLASSES, "portal-script"]),
                "spellcheck": "false",
                "autocapitalize": "off",
                "rows": 24,
                "wrap": "off",
            },
        )
        self.problems: Sequence[dict[str, Any]] = ()

    @property
    def media(self) -> Any:
        """Add the dark theme and our own script, which brings problems into the margin."""
        ours = ["django_ace/ace/theme-tomorrow_night.js", "portal/editor.js"]
        return super().media + type(super().media)(js=ours)

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Render the editor, and what the checker said under it."""
        editor = super().render(name, value, attrs, renderer)
        context = {"editor": editor, "problems": self.problems}
        return render_to_string("portal/script_editor.html", context)
