"""The form of a hook: what it hears, what is called, and what its failure means."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from burnish.events.catalogue import ALL, BLOCKING, NON_BLOCKING
from burnish.hooks.fragment import is_webhook
from burnish_server.hooks.checking import MAX_BYTES, Checked, tidy
from burnish_server.hooks.models import Hook, Secret
from burnish_server.portal.script import ScriptEditor

TOLD = "told"

EVENTS = (
    ("Before it happens: the hook may refuse or change it", [(name, name) for name in BLOCKING]),
    ("After it happened: the hook is told", [(TOLD, "Events chosen below")]),
)
TOLD_OF = ((ALL, "All of them"), *((name, name) for name in NON_BLOCKING))


class HookForm(forms.ModelForm):
    """A hook. Whoever makes the form has had the script checked: see `HookPage`."""

    checked: Checked | None = None

    event = forms.ChoiceField(choices=EVENTS, widget=UnfoldAdminSelectWidget())
    told_of = forms.MultipleChoiceField(
        choices=TOLD_OF,
        required=False,
        label="Events it is told of",
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
        help_text="Hold Ctrl or Cmd to choose several.",
    )
    script = forms.CharField(
        strip=False,
        required=False,
        widget=ScriptEditor(),
        help_text=(
            "The default export is called with the event and returns the verdict. "
            "By keyboard: Enter goes into the editor, Esc leaves it."
        ),
    )
    url = forms.CharField(
        required=False,
        label="Address",
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://hooks.nordlake.example/"}),
        help_text="For a webhook: the event is posted there, signed with the keys under Secrets.",
    )
    only_clients = forms.CharField(
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Client ids, separated by commas; empty for whatever client it happens through.",
    )
    may_use = forms.ModelMultipleChoiceField(
        Secret.objects.none(),
        required=False,
        label="Secrets it may use",
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    class Meta:
        model = Hook
        fields = (
            "name",
            "kind",
            "script",
            "url",
            "on_error",
            "timeout_ms",
            "isolation",
            "enabled",
        )
        widgets = {  # noqa: RUF012 - Django's shape
            "on_error": UnfoldAdminRadioSelectWidget(),
            "isolation": UnfoldAdminRadioSelectWidget(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hook = self.instance
        problems = hook.problems if self.checked is None else self.checked.as_json()
        self.fields["script"].widget.problems = problems
        self.fields["name"].error_messages["unique"] = "There is a hook of this name already."
        may_use = cast(forms.ModelMultipleChoiceField, self.fields["may_use"])
        may_use.queryset = Secret.objects.all()
        if not may_use.queryset:
            may_use.help_text = "There are none yet: add them under Advanced > Secrets."
        if hook.pk:
            blocking = hook.as_hook().blocking
            self.initial["event"] = hook.events[0] if blocking else TOLD
            self.initial["told_of"] = [] if blocking else hook.events
            self.initial["only_clients"] = ", ".join(hook.only_clients)
            self.initial["may_use"] = list(hook.secrets.all())
        self._of_kinds(hook.kind == Hook.Kind.PLUGIN and bool(hook.pk))

    def _of_kinds(self, is_plugin: bool) -> None:
        if is_plugin:
            for name in ("name", "kind", "event", "told_of", "script", "url", "isolation"):
                self.fields[name].disabled = True
        else:
            kind = cast(forms.ChoiceField, self.fields["kind"])
            kind.choices = [one for one in Hook.Kind.choices if one[0] != Hook.Kind.PLUGIN]

    def clean_script(self) -> str:
        """Refuse what does not parse, saying where."""
        source = tidy(self.cleaned_data["script"])
        if len(source.encode()) > MAX_BYTES:
            raise ValidationError("The script is longer than 100 KiB; make it shorter.")
        if self.checked and (refusals := self.checked.refusals):
            raise ValidationError(refusals)
        return source

    def clean_only_clients(self) -> list[str]:
        """Split at commas."""
        return _items(self.cleaned_data["only_clients"].split(","))

    def clean(self) -> dict[str, Any]:
        """Hold each kind to what it needs, and settle what the hook hears."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, script = cleaned.get("kind"), cleaned.get("script", "")
        if kind == Hook.Kind.SCRIPT and "script" not in self.errors and not script.strip():
            self.add_error("script", "Write the script.")
        if kind == Hook.Kind.WEBHOOK and not is_webhook(cleaned.get("url", "")):
            self.add_error(
                "url",
                "Write an address such as https://hooks.nordlake.example/in, its host in ASCII.",
            )
        if "event" in cleaned and kind != Hook.Kind.PLUGIN:
            told = cleaned.get("told_of") or []
            events = [ALL] if ALL in told else told
            self.instance.events = events if cleaned["event"] == TOLD else [cleaned["event"]]
            if cleaned["event"] == TOLD and not events:
                self.add_error("told_of", "Choose what it is told of.")
        self.instance.only_clients = cleaned.get("only_clients", [])
        return cleaned


def _items(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]
