"""Somebody who is signed in answers an open question when they feel like it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity import answering, circumstances
from burnish_server.identity.answering import Sheet
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.flows.ask_questions import Interview
from burnish_server.identity.models import User
from burnish_server.questions import store

DOOR = "settings"


def open_ones(request: HttpRequest) -> Interview | None:
    """Return the questions a signed-in person may answer."""
    user = cast(User, request.user)
    visit = answering.visit(request, DOOR, user.pk)
    return ask_questions.interview(user, visit, every=True)


def sheets(request: HttpRequest) -> list[Sheet]:
    """Return the open questions as their person reads them."""
    talk = open_ones(request)
    return [answering.blank(talk, asking) for asking in talk.askings] if talk else []


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """Put one open question, or take in what its person says to it."""
    talk = open_ones(request)
    asking = talk.find(key) if talk else None
    if talk is None or asking is None:
        return _closed(request, key)
    if request.method == "POST" and answering.meant(request, talk) is asking:
        sheet = answering.take(request, talk, asking, may_leave=False)
        if sheet is None:
            _thank(request)
            return redirect("profile")
        if request.POST.get("act") == "no" and not sheet.form.errors:
            return redirect("question", key)
    else:
        sheet = answering.blank(talk, asking)
        ask_questions.put(talk, asking, circumstances.of(request, "user"))
    context = {"sheet": sheet, "form": sheet.form}
    return render(request, "identity/open_question.html", context)


def _closed(request: HttpRequest, key: str) -> HttpResponse:
    if store.asked().find(key) is None:
        raise Http404
    messages.info(request, _("There is nothing left to answer to this question."))
    return redirect("profile")


def _thank(request: HttpRequest) -> None:
    if request.POST.get("act") == "refuse":
        messages.success(request, _("You will not be asked this again."))
    else:
        messages.success(request, _("Thank you. Your answer is saved."))
