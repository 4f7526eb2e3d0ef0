"""User management > Export: a file of all users, for a day."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from burnish_server.audit.log import record
from burnish_server.exports import store
from burnish_server.exports.models import Run
from burnish_server.portal.pages import actor, moment
from burnish_server.portal.site import site

LIST = "portal:exports_run_changelist"
SHOWN = 50


def list_view(request: HttpRequest) -> HttpResponse:
    """List the exports of the last day; begin another."""
    _require(request)
    if request.method == "POST":
        kind = request.POST.get("format", "")
        if kind not in Run.Format.values:
            raise Http404("There is no such format.")
        store.create(kind, None, actor(request))
        return redirect(LIST)
    runs = list(Run.objects.all()[:SHOWN])
    about = {
        "rows": [{"run": run, "at": moment(run.created_at)} for run in runs],
        "going": any(run.state == Run.State.PENDING for run in runs),
    }
    return site.show(request, "portal/exports.html", "Export users", about)


def file_view(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """Send the file of an export."""
    _require(request)
    run = Run.objects.filter(pk=pk, state=Run.State.COMPLETED).first()
    if run is None:
        raise Http404("There is no such file; one is kept for a day.")
    if run.secrets != Run.Secrets.NONE:
        raise PermissionDenied("Its file holds secrets; whoever began it downloads it.")
    record(actor(request), "downloaded", "export", run.pk, run)
    name = f"users-{run.created_at:%Y-%m-%d}.{run.format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(run.size),
        "Cache-Control": "no-store",
    }
    kind = "text/csv" if run.format == Run.Format.CSV else "application/x-ndjson"
    return StreamingHttpResponse(
        store.content(run), content_type=f"{kind}; charset=utf-8", headers=headers
    )


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("exports.add_run"):
        raise PermissionDenied


site.add_page("exports/run/", list_view, "exports_run_changelist")
site.add_page("exports/run/<uuid:pk>/file/", file_view, "exports_run_file")
