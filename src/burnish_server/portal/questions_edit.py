"""Progressive profiling > Questions: one is added, changed or removed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from burnish_server.portal import questions
from burnish_server.portal.pages import actor
from burnish_server.portal.questions_form import QuestionForms
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles
from burnish_server.questions import apply
from burnish_server.questions.models import Moment, Question

ONE = "portal:questions_question_change"


def add_view(request: HttpRequest) -> HttpResponse:
    """Add a question behind the others."""
    questions.require(request)
    row = Question(position=Question.objects.count())
    return _edit(request, row, "Add question")


def change_view(request: HttpRequest, key: str) -> HttpResponse:
    """Change a question."""
    questions.require(request)
    row = questions.one(key)
    return _edit(request, row, questions.title_of(row))


def _edit(request: HttpRequest, row: Question, title: str) -> HttpResponse:
    added = row._state.adding
    data = request.POST if request.method == "POST" else None
    shown = None if added else questions.read(row)
    forms = QuestionForms(data, profiles.schema(), row, shown)
    if data is not None and forms.is_valid() and forms.question:
        row.key = forms.question.key
        with transaction.atomic():
            apply.put(row, forms.question, actor(request))
        messages.success(request, f"{row} was {'added' if added else 'saved'}.")
        return redirect(ONE, row.key)
    about = {
        "forms": forms,
        "row": None if added else row,
        "unreadable": not added and shown is None,
        "failed": forms.bound,
    }
    return site.show(request, "portal/question.html", title, about)


def remove_view(request: HttpRequest, key: str) -> HttpResponse:
    """Say what goes with a question, and remove it once that is confirmed."""
    questions.require(request)
    row = questions.one(key)
    if request.method == "POST":
        with transaction.atomic():
            apply.remove(row, actor(request))
        messages.success(request, f"{key} was removed.")
        return redirect(questions.LIST)
    about = {
        "row": row,
        "original": row,
        "moments": Moment.objects.filter(question=key)[:1].exists(),
        "trail_back": reverse(ONE, args=[key]),
    }
    return site.show(request, "portal/question_remove.html", "Remove", about)


# No key begins so.
site.add_page("questions/question/_add/", add_view, "questions_question_add")
site.add_page("questions/question/<str:key>/", change_view, "questions_question_change")
site.add_page("questions/question/<str:key>/remove/", remove_view, "questions_question_delete")
