"""Progressive profiling > Questions: what is asked in which order, and what could not be asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from burnish.attributes.custom import default_label
from burnish.attributes.schema import Schema
from burnish.questions import question as library
from burnish_server.audit.log import record
from burnish_server.portal.enrichment_charts import bar, percent
from burnish_server.portal.pages import actor, moment
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles
from burnish_server.questions import apply, statistics
from burnish_server.questions.models import Question, Report
from burnish_server.questions.statistics import Figures

LIST = "portal:questions_question_changelist"
DAYS = 30


def list_view(request: HttpRequest) -> HttpResponse:
    """List the questions in their order; take in another order."""
    require(request)
    rows = list(Question.objects.all())
    faults: dict[str, str] = {}
    if request.method == "POST":
        faults = _faults(request.POST, rows)
        if not faults:
            _reorder(request, rows)
            return redirect(LIST)
    about = {
        "rows": list(_rows(rows, request.POST, faults)),
        "faults": faults,
        "days": DAYS,
        "reports": _reports(),
        "listing": True,
    }
    return site.show(request, "portal/questions.html", "Questions", about)


@require_POST
def dismiss_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a report away; it comes again where its reason stays."""
    require(request)
    found = get_object_or_404(Report, pk=pk)
    with transaction.atomic():
        Report.objects.filter(pk=pk).delete()
        detail = {"reason": found.reason, "times": found.times}
        record(actor(request), "dismissed", "question report", pk, found.question, detail)
    return redirect(LIST)


def require(request: HttpRequest) -> None:
    """Raise `PermissionDenied` for whoever may not change questions."""
    if not request.user.has_perm("questions.change_question"):
        raise PermissionDenied


def one(key: str) -> Question:
    """Return a question's row, or raise `Http404`."""
    if "\0" in key:
        raise Http404
    return get_object_or_404(Question, pk=key)


def read(row: Question) -> library.Question | None:
    """Return a question as the library knows it; None where it cannot be read any more."""
    try:
        return row.as_question()
    except ValidationError:
        return None


def label(schema: Schema, name: str) -> str:
    """Return an attribute as people see it."""
    custom = schema.by_name.get(name)
    return custom.title if custom else default_label(name)


def title_of(row: Question) -> str:
    """Return a question's words in its first language; its key where there are none."""
    question = read(row)
    return question.worded(("en",)).title if question else row.key


def _faults(data: QueryDict, rows: list[Question]) -> dict[str, str]:
    faults = {}
    for row in rows:
        given = data.get(f"order-{row.key}", "").strip()
        if not (given.isascii() and given.isdigit() and 0 < int(given[:9]) < 10_000):
            faults[row.key] = "Write a whole number from 1 on."
    return faults


def _reorder(request: HttpRequest, rows: list[Question]) -> None:
    keys = [row.key for row in rows]
    order = sorted(keys, key=lambda key: int(request.POST[f"order-{key}"]))
    if order != keys:
        with transaction.atomic():
            apply.reorder(order, actor(request))
        messages.success(request, "The order was saved.")


def _rows(
    rows: list[Question], data: QueryDict, faults: dict[str, str]
) -> Iterator[dict[str, Any]]:
    since = timezone.now() - timedelta(days=DAYS)
    figures = statistics.by_variant([row.key for row in rows], since)
    schema = profiles.schema()
    for place, row in enumerate(rows):
        question, about = read(row), figures.get(row.key, {})
        all_of_them: Figures = statistics.in_all(about)
        yield {
            "row": row,
            "question": question,
            "title": title_of(row),
            "order": data.get(f"order-{row.key}", place + 1) if faults else place + 1,
            "fault": faults.get(row.key, ""),
            "attributes": [_named(schema, name) for name in row.entry.get("attributes", ())],
            "figures": all_of_them,
            "rate": percent(all_of_them.rate),
            "bar": bar(all_of_them.rate, f"{percent(all_of_them.rate)} answered"),
            "variants": len(question.variants) if question else 0,
        }


def _named(schema: Schema, name: str) -> tuple[str, str]:
    """Return an attribute as people see it, and what is wrong with asking it."""
    if schema.find(name) is None:
        return name, "nobody defined it"
    may = schema.may("end_user", "write", name)
    return label(schema, name), "" if may else "its person may not write it"


def _reports() -> list[dict[str, Any]]:
    there = set(Question.objects.values_list("pk", flat=True))
    return [
        {"report": one, "last": moment(one.last_at), "there": one.question in there}
        for one in Report.objects.all()[:50]
    ]


site.add_page("questions/question/", list_view, "questions_question_changelist")
site.add_page("questions/report/<int:pk>/dismiss/", dismiss_view, "questions_report_dismiss")
