"""User management > Import: files of users go in, and what became of their rows comes out."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from burnish_server.imports import store
from burnish_server.imports.models import Outcome, Run
from burnish_server.imports.store import Unfit, Wish
from burnish_server.portal.pages import actor, moment
from burnish_server.portal.site import site

LIST = "portal:imports_run_changelist"
SHOWN = 50
"""Rows that failed which a page shows; the file has them all."""

_SWITCHES = {
    "dry_run": ("Only try", "Say what would become of each row, and write none."),
    "upsert": ("Change users who exist", "Else their rows are skipped."),
    "hooks": ("Ask hooks", "About each new user, as at sign-up; that takes longer."),
    "enrich": ("Enrich afterwards", "Providers are asked for what is missing; that may cost."),
}


class UploadForm(forms.Form):
    """A file, and how it is to be taken in."""

    file = forms.FileField(
        label="File",
        help_text="CSV whose first line names the columns, or NDJSON; of any size.",
        allow_empty_file=False,
    )
    identifier = forms.ChoiceField(
        label="Users are found by",
        choices=Run.Identifier.choices,
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in _SWITCHES.items():
            self.fields[name] = forms.BooleanField(
                label=label,
                help_text=help_text,
                required=False,
                widget=UnfoldBooleanSwitchWidget(),
            )

    def clean_file(self) -> UploadedFile:
        """Refuse a file whose name does not say what it is."""
        file: UploadedFile = self.cleaned_data["file"]
        if self.kind_of(file) is None:
            raise ValidationError("Name the file with .csv, .ndjson or .jsonl at its end.")
        return file

    @staticmethod
    def kind_of(file: UploadedFile) -> str | None:
        """Return what a file is by its name."""
        ending = str(file.name).lower().rpartition(".")[2]
        return {"csv": "csv", "ndjson": "ndjson", "jsonl": "ndjson"}.get(ending)


def list_view(request: HttpRequest) -> HttpResponse:
    """List the imports of the last day; take another file in."""
    _require(request)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        run = _take(request, form)
        if run is not None:
            return redirect("portal:imports_run_change", run.pk)
    rows = [{"run": run, "at": moment(run.created_at)} for run in Run.objects.all()[:SHOWN]]
    about = {"form": form, "failed": sent, "rows": rows}
    return site.show(request, "portal/imports.html", "Import users", about)


def run_view(request: HttpRequest, pk: Any) -> HttpResponse:
    """Show how far an import is, and the rows that failed."""
    run = _run(request, pk)
    failed = store.outcomes(run, -1, Outcome.Kind.FAILED, SHOWN)
    about = {
        "run": run,
        "at": moment(run.created_at),
        "ended": moment(run.completed_at),
        "going": run.state in (Run.State.RECEIVING, Run.State.PENDING),
        "failures": [(row.line, [error["message"] for error in row.errors]) for row in failed],
        "switches": [label for name, (label, _) in _SWITCHES.items() if getattr(run, name)],
    }
    return site.show(request, "portal/import.html", "Import", about)


def outcomes_view(request: HttpRequest, pk: Any, only: str) -> HttpResponseBase:
    """Send what became of the rows, all or those that failed, as lines of JSON."""
    run = _run(request, pk)
    if only not in ("all", Outcome.Kind.FAILED):
        raise Http404("There is no such file.")
    return StreamingHttpResponse(
        _lines(run, None if only == "all" else only),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{only}.ndjson"'},
    )


@require_POST
def cancel_view(request: HttpRequest, pk: Any) -> HttpResponse:
    """End an import where it is."""
    run = _run(request, pk)
    if store.cancel(run, actor(request)):
        messages.success(request, "The import was cancelled; users who are written stay.")
    else:
        messages.warning(request, "The import was over already.")
    return redirect("portal:imports_run_change", run.pk)


def _take(request: HttpRequest, form: UploadForm) -> Run | None:
    said = form.cleaned_data
    file: UploadedFile = said["file"]
    wish = Wish(said["identifier"], **{name: said[name] for name in _SWITCHES})
    try:
        return store.take(form.kind_of(file) or "", file.chunks(), wish, actor(request))
    except Unfit as unfit:
        form.add_error("file", str(unfit))
        return None


def _lines(run: Run, only: str | None) -> Iterator[str]:
    after = -1
    while rows := list(store.outcomes(run, after, only, 2000)):
        for row in rows:
            told: dict[str, Any] = {
                "line": row.line,
                "outcome": row.outcome,
                "user_id": str(row.user_id or ""),
            }
            told |= {"warnings": row.warnings, "errors": row.errors, "record": row.record}
            yield json.dumps(told, ensure_ascii=False) + "\n"
        after = rows[-1].index


def _run(request: HttpRequest, pk: Any) -> Run:
    _require(request)
    run = Run.objects.filter(pk=pk).first()
    if run is None:
        raise Http404("There is no such import; one is kept for a day.")
    return run


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("imports.add_run"):
        raise PermissionDenied


site.add_page("imports/run/", list_view, "imports_run_changelist")
site.add_page("imports/run/<uuid:pk>/", run_view, "imports_run_change")
site.add_page("imports/run/<uuid:pk>/cancel/", cancel_view, "imports_run_cancel")
site.add_page("imports/run/<uuid:pk>/<str:only>.ndjson", outcomes_view, "imports_run_outcomes")
