"""Advanced > Hooks."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminRadioSelectWidget

from burnish_server.hooks.models import Hook, Run
from burnish_server.portal.hook_log import outcome_label
from burnish_server.portal.pages import Page, duration, moment
from burnish_server.portal.script import MAX_BYTES, STARTER, Checked, ScriptEditor, examine, tidy
from burnish_server.portal.site import site


class HookForm(forms.ModelForm):
    """A hook. Whoever makes the form has had the script checked: see `HookPage`."""

    checked: Checked | None = None

    script = forms.CharField(
        strip=False,
        widget=ScriptEditor(),
        help_text=(
            "The default export is called with the event and returns the verdict. "
            "By keyboard: Enter goes into the editor, Esc leaves it."
        ),
    )

    class Meta:
        model = Hook
        fields = ("name", "events", "kind", "script", "on_error", "enabled", "position")
        widgets = {"on_error": UnfoldAdminRadioSelectWidget()}  # noqa: RUF012 - Django's shape

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        problems = self.instance.problems if self.checked is None else self.checked.as_json()
        self.fields["script"].widget.problems = problems
        self.fields["name"].error_messages["unique"] = "There is a hook of this name already."

    def clean_script(self) -> str:
        """Refuse what does not parse, saying where."""
        source = tidy(self.cleaned_data["script"])
        if len(source.encode()) > MAX_BYTES:
            raise ValidationError("The script is longer than 100 KiB; make it shorter.")
        if self.checked and (refusals := self.checked.refusals):
            raise ValidationError(refusals)
        return source


@admin.register(Hook, site=site)
class HookPage(Page):
    """Scripts that are asked when something is about to happen."""

    form = HookForm
    change_form_template = "portal/hook.html"
    list_display = ("name", "events", "shown_enabled", "last_outcome", "last_at", "last_duration")
    search_fields = ("name",)
    search_help_text = "Search by name"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "events",
                    "kind",
                    "script",
                    "on_error",
                    "enabled",
                    "position",
                ),
                "description": (
                    "A blocking event: Burnish asks this hook and waits for its answer before "
                    "anything is stored. The hook may refuse the operation or change the user."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hook]:
        """Bring each hook's last run along."""
        last = Run.objects.filter(hook=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                run_outcome=Subquery(last.values("outcome")[:1]),
                run_at=Subquery(last.values("started_at")[:1]),
                run_ms=Subquery(last.values("duration_ms")[:1]),
            )
        )

    @admin.display(description="Enabled", boolean=True, ordering="enabled")
    def shown_enabled(self, hook: Hook) -> bool:
        return hook.enabled

    @admin.display(description="Last run")
    def last_outcome(self, hook: Any) -> str:
        return outcome_label(hook.run_outcome) if hook.run_outcome else "-"

    @admin.display(description="At")
    def last_at(self, hook: Any) -> str:
        return moment(hook.run_at)

    @admin.display(description="Took")
    def last_duration(self, hook: Any) -> str:
        return "-" if hook.run_ms is None else duration(hook.run_ms)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new hook with a free name and a script that runs."""
        taken = set(Hook.objects.filter(name__startswith="hook-").values_list("name", flat=True))
        number = next(n for n in range(1, len(taken) + 2) if f"hook-{n}" not in taken)
        return {
            "name": f"hook-{number}",
            "script": STARTER,
            **super().get_changeform_initial_data(request),
        }

    def get_form(
        self, request: HttpRequest, obj: Hook | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Hand the form what the checker said."""
        form = super().get_form(request, obj, change, **kwargs)
        form.checked = getattr(request, "checked_script", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Have the script checked before the admin opens its transaction."""
        source = tidy(request.POST.get("script", ""))
        if source.strip() and len(source.encode()) <= MAX_BYTES and self._may_save(request):
            name = request.POST.get("name", "")[:60]
            setattr(request, "checked_script", examine(name, source))  # noqa: B010 - a new attribute
        context = extra_context or {}
        if object_id is None:
            context |= {"title": "Add a blocking event"}
        else:
            context |= {"runs": Run.objects.filter(hook_id=object_id)[:10]}
        return super().changeform_view(request, object_id, form_url, context)

    def _may_save(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Hook, form: HookForm, change: bool) -> None:
        """Keep with the hook what the checker said of its script."""
        checked = form.checked or Checked()
        obj.problems = checked.as_json()
        super().save_model(request, obj, form, change)
        if checked.unchecked:
            sentence = f"The script was saved, but it could not be checked: {checked.unchecked}"
            messages.warning(request, sentence)
        elif obj.problems:
            messages.warning(
                request,
                "The script was saved and will run, but the type checker warns: "
                "see the lines under the editor.",
            )

    def response_post_save_add(self, request: HttpRequest, obj: Hook) -> HttpResponse:
        """Stay with a hook whose script has warnings."""
        return self._stay(obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Hook) -> HttpResponse:
        """Stay with a hook whose script has warnings."""
        return self._stay(obj) or super().response_post_save_change(request, obj)

    def _stay(self, hook: Hook) -> HttpResponse | None:
        return redirect("portal:hooks_hook_change", hook.pk) if hook.problems else None
