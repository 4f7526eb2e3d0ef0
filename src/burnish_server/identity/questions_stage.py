"""The last stage of a login: a question or two, each on a page of its own.

Whoever is asked something that is required is let in when they have answered it; nothing else
keeps anybody out, whatever goes wrong.
"""

from typing import Any, cast
from uuid import uuid4

import structlog
from allauth.account.internal.stagekit import stash_login
from allauth.account.stages import LoginStage, LoginStageController
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity import answering, circumstances, way_in
from burnish_server.identity.answering import Sheet
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.flows.ask_questions import Interview, Visit
from burnish_server.identity.models import User

log = structlog.get_logger("burnish.questions")

KEY = "questions"
DOOR = "login"


class QuestionsStage(LoginStage):
    """See whether there is something to ask."""

    key = KEY
    urlname = "questions"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead somebody to their first question, or let them pass."""
        user = cast(User, self.login.user)
        self.state.setdefault("login", uuid4().hex)
        try:
            talk = self.interview()
        except Exception:
            log.exception("questions not chosen", user_id=str(user.pk))
            talk = None
        if talk is None or not talk.askings:
            return None, True
        self.request.session[answering.SESSION_KEY] = self.state["login"]
        return redirect("questions"), True

    def interview(self) -> Interview | None:
        """Return what to ask at this way in."""
        left_alone = self.state.get("later") or way_in.wants_no_questions(self.request)
        languages = circumstances.of(self.request, "user").languages
        visit = Visit(
            self.state["login"], DOOR, languages=languages, only_required=bool(left_alone)
        )
        return ask_questions.interview(cast(User, self.login.user), visit)

    def remember(self, name: str, key: str) -> None:
        """Remember for this way in what became of a question: `opened` or `stuck`."""
        kept = self.state.setdefault(name, [])
        if key not in kept:
            kept.append(key)
            stash_login(self.request, self.login)

    def is_remembered(self, name: str, key: str) -> bool:
        """Return whether that became of a question."""
        return key in self.state.get(name, ())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """Put one question, or take in what somebody says to it."""
    stage: Any = LoginStageController.enter(request, KEY)
    if stage is None:
        return _too_late(request)
    if request.POST.get("act") == "cancel":
        return cast(HttpResponse, stage.abort())
    try:
        response = _serve(request, stage)
    except Exception:
        log.exception("questions not asked", user_id=str(stage.login.user.pk))
        response = None
    return response or stage.exit()


def _serve(request: HttpRequest, stage: QuestionsStage) -> HttpResponse | None:
    """Return the page, or where to go; None where there is nothing left to ask."""
    talk = stage.interview()
    if request.method == "POST":
        return _take(request, stage, talk)
    if talk is None or not talk.askings:
        return None
    asking = talk.askings[0]
    opened = stage.is_remembered("opened", asking.question.key)
    return _page(request, stage, answering.blank(talk, asking, opened=opened))


def _take(
    request: HttpRequest, stage: QuestionsStage, talk: Interview | None
) -> HttpResponse | None:
    asking = answering.meant(request, talk)
    if talk and asking:
        key, act = asking.question.key, request.POST.get("act")
        sheet = answering.take(request, talk, asking, may_leave=stage.is_remembered("stuck", key))
        if act == "no" and sheet:
            stage.remember("opened", key)
        if sheet and sheet.stuck:
            stage.remember("stuck", key)
        if sheet and (sheet.form.errors or act != "no"):
            return _page(request, stage, sheet)
        if act == "later" and sheet is None:
            stage.state["later"] = True
            stash_login(request, stage.login)
    talk = stage.interview()
    return redirect("questions") if talk and talk.askings else None


def _page(request: HttpRequest, stage: QuestionsStage, sheet: Sheet) -> HttpResponse:
    ask_questions.put(sheet.talk, sheet.asking, circumstances.of(request, "user"))
    may_leave = not sheet.required or stage.is_remembered("stuck", sheet.asking.question.key)
    context = {"sheet": sheet, "form": sheet.form, "may_leave": may_leave}
    return render(request, "identity/questions.html", context)


def _too_late(request: HttpRequest) -> HttpResponse:
    """See to a page that was left behind: another tab was quicker, or it lay open for too long."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if request.method == "POST":
        user = request.user
        visit = answering.visit(request, DOOR, user.pk)
        talk = ask_questions.interview(user, visit, every=True)
        asking = answering.meant(request, talk)
        if talk and asking and answering.take(request, talk, asking):
            return redirect("question", asking.question.key)
    return redirect(settings.LOGIN_REDIRECT_URL)
