"""A hook's script in the form: an editor, and what the checker said."""

from collections.abc import Sequence
from typing import Any

from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django_ace import AceWidget
from unfold.widgets import TEXTAREA_CLASSES

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
