"""The questions of a login, by JSON: one at a time, as on the page."""

from typing import Any

import structlog
from allauth.account.internal.stagekit import stash_login
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.base.views import AuthenticationStageAPIView
from allauth.headless.internal.restkit import inputs
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from django.http import HttpRequest, HttpResponse

from burnish_server.identity import answering, circumstances
from burnish_server.identity.answering import Sheet
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.flows.ask_questions import Interview
from burnish_server.identity.headless.inputs import typed
from burnish_server.identity.headless.views import fault
from burnish_server.identity.question_json import as_json
from burnish_server.identity.questions_stage import QuestionsStage

log = structlog.get_logger("burnish.questions")

ACTS = ("answer", "confirm", "no", "skip", "later", "refuse")

NO_SUCH = "This question is not to be answered now; ask which one is."
STAYS = "This question has to be answered first."
CHANGED = "The guess is another one by now; ask anew."


class AnswerInput(inputs.Input):
    """What somebody says to a question: `values` by attribute, or an act without any."""

    key = inputs.CharField()
    act = inputs.ChoiceField(choices=[(one, one) for one in ACTS], required=False)
    values = inputs.Field(required=False)
    guess = inputs.CharField(required=False)

    def as_form(self) -> dict[str, Any]:
        """Return what the page's form would send."""
        values = self.cleaned_data["values"]
        answers = values.items() if isinstance(values, dict) else ()
        return {
            "act": self.cleaned_data["act"] or "answer",
            "guess": self.cleaned_data["guess"],
            **{f"answer-{name}": typed(value) for name, value in answers},
        }


class QuestionsView(AuthenticationStageAPIView):
    """Put one question, or take in what somebody says to it. Trouble keeps nobody out."""

    stage_class = QuestionsStage
    input_class = {"POST": AnswerInput}  # noqa: RUF012 - allauth's shape
    stage: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the question to put now."""
        return self._safely(self._next)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take in an answer, and return the next question or that there is none left."""
        return self._safely(self._take)

    def _safely(self, serve: Any) -> HttpResponse:
        try:
            response: HttpResponse | None = serve()
        except Exception:
            log.exception("questions not asked", user_id=str(self.stage.login.user.pk))
            response = None
        if response is None:
            left = self.stage.exit()
            response = AuthenticationResponse.from_response(self.request, left)
        return response

    def _next(self) -> HttpResponse | None:
        talk = self.stage.interview()
        if talk is None or not talk.askings:
            return None
        asking = talk.askings[0]
        ask_questions.put(talk, asking, circumstances.of(self.request, "user"))
        sheet = answering.blank(talk, asking)
        about = {**as_json(talk, asking), "guess_mark": sheet.mark if sheet.guess else None}
        return APIResponse(self.request, data={"question": about})

    def _take(self) -> HttpResponse | None:
        talk: Interview | None = self.stage.interview()
        said, key = self.input.as_form(), self.input.cleaned_data["key"]
        asking = talk.find(key) if talk else None
        if talk is None or asking is None:
            return fault(self.request, "question_not_found", NO_SUCH)
        may_leave = self.stage.is_remembered("stuck", key)
        sheet = answering.take(self.request, talk, asking, said, may_leave=may_leave)
        if sheet and sheet.stuck:
            self.stage.remember("stuck", key)
        if sheet and said["act"] != "no":
            return self._refused(sheet, said["act"])
        if said["act"] == "later":
            self.stage.state["later"] = True
            stash_login(self.request, self.stage.login)
        return self._next()

    def _refused(self, sheet: Sheet, act: str) -> HttpResponse:
        if sheet.form.errors:
            return ErrorResponse(self.request, input=sheet.form)
        if act == "confirm":
            return fault(self.request, "guess_changed", CHANGED)
        return fault(self.request, "question_required", STAYS)
