"""User management > Users > Account: an account is closed, opened, deleted or anonymised."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from burnish.hooks.outcome import Denied, Failed
from burnish_server.audit import log
from burnish_server.identity import circumstances
from burnish_server.identity.flows import anonymization, deletion, disabling
from burnish_server.identity.models import User
from burnish_server.portal.in_the_way import in_the_way
from burnish_server.portal.pages import actor

DONE = {
    "disable": "{} is closed.",
    "enable": "{} is open again.",
    "delete": "{} will be deleted.",
    "keep": "{} will not be deleted.",
    "anonymize": "{} will be anonymised.",
    "leave": "{} will not be anonymised.",
}


class AccountForm(forms.Form):
    """What is to become of an account; only what makes sense as it is now."""

    act = forms.ChoiceField(label="What", widget=UnfoldAdminRadioSelectWidget())
    reason = forms.CharField(required=False, max_length=300, widget=UnfoldAdminTextInputWidget())
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=3650,
        label="For how many days, or after how many",
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="To close it: empty until it is opened again. To anonymise: empty for at once.",
    )

    def __init__(self, data: Mapping[str, Any] | None, user: User) -> None:
        super().__init__(data)
        self.fields["act"].choices = list(choices(user))  # type: ignore[attr-defined]


def choices(user: User) -> list[tuple[str, str]]:
    """Return what can become of an account as it is."""
    if user.anonymized_at:
        return []
    found = [("disable", "Close it"), ("delete", "Delete it after the grace period")]
    if user.delete_at:
        return [("keep", "Do not delete it after all")]
    if user.anonymize_at:
        return [("leave", "Do not anonymise it after all")]
    if not user.is_active or user.temporarily_disabled_until:
        found[0] = ("enable", "Open it again")
    return [*found, ("anonymize", "Anonymise it: the account stays, its person's data goes")]


def apply(request: HttpRequest, user: User, form: AccountForm) -> str | None:
    """Do what was asked and return a sentence; None where the form says who refused it."""
    act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
    days = form.cleaned_data["days"] or 0
    around = circumstances.of(request, triggered_by="portal")
    name = str(user)

    def note() -> None:
        detail = {"reason": reason, "days": days}
        log.record(actor(request), act, "user", user.pk, name, detail)

    outcome = None
    match act:
        case "delete":
            outcome = deletion.schedule(user, around, reason=reason, also=note)
        case "anonymize":
            outcome = anonymization.schedule(user, around, days, also=note)
        case "disable":
            until = timezone.now() + timedelta(days=days) if days else None
            disabling.disable(user, around, reason=reason, until=until)
            note()
        case "enable" | "keep" | "leave":
            OPEN[act](user, around)
            note()
    if isinstance(outcome, Denied | Failed):
        form.add_error(None, in_the_way(outcome, "Nothing was changed"))
        return None
    return DONE[act].format(name)


OPEN: dict[str, Callable[[User, circumstances.Circumstances], None]] = {
    "enable": disabling.enable,
    "keep": deletion.unschedule,
    "leave": anonymization.unschedule,
}
