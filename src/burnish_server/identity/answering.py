"""Somebody is at a question, on whichever page: what they do is taken in, or put right first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from burnish.attributes.faults import InvalidValues
from burnish.hooks.outcome import Denied, Failed
from burnish.questions.choose import Asking
from burnish.questions.question import Words
from burnish_server.identity import circumstances
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.flows.ask_questions import Interview, Visit
from burnish_server.identity.own_profile import Item
from burnish_server.identity.question_form import AnswerForm, about, item_of, mark, sentences
from burnish_server.identity.refused import as_error
from burnish_server.profiles.store import Written

log = structlog.get_logger("burnish.questions")

SESSION_KEY = "way_in_id"

NOT_KEPT = _("Your answer could not be kept just now.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question as it lies before somebody.

    `stuck` says that something else than what they typed stands in the way of an answer.
    """

    talk: Interview
    asking: Asking
    form: AnswerForm
    opened: bool = False
    stuck: bool = False

    @property
    def words(self) -> Words:
        """How it is put, in a language they read."""
        return self.asking.question.worded(self.talk.visit.languages)

    @property
    def language(self) -> str:
        """The language of its words."""
        return self.asking.question.language(self.talk.visit.languages)

    @property
    def about(self) -> str:
        """What names it on this person's page."""
        return about(self.talk, self.asking)

    @property
    def required(self) -> bool:
        """Whether it has to be answered."""
        return self.asking.question.required

    @property
    def guess(self) -> Item | None:
        """What is to be confirmed."""
        if self.opened or self.asking.guess is None:
            return None
        return item_of(self.talk.document, self.talk.schema, self.asking.attributes[0])

    @property
    def mark(self) -> str:
        """What tells this guess from another."""
        return mark(self.asking)

    @property
    def place(self) -> int:
        """Which one this is of those of one way in."""
        return self._over + 1

    @property
    def count(self) -> int:
        """How many there are at this way in."""
        return self._over + len(self.talk.askings)

    @property
    def _over(self) -> int:
        login = self.talk.visit.login
        return sum(state.is_over(login) for state in self.talk.history.values())


def visit(request: HttpRequest, door: str, user_id: Any) -> Visit:
    """Return the visit of somebody who is signed in: one as long as their session."""
    login = request.session.get(SESSION_KEY) or ask_questions.login_of(
        request.session.session_key, user_id
    )
    return Visit(login, door, languages=circumstances.of(request, "user").languages)


def meant(request: HttpRequest, talk: Interview | None) -> Asking | None:
    """Return the question a form was about, where it is still to be put to this person."""
    given = request.POST.get("about", "")
    return next((one for one in talk.askings if about(talk, one) == given), None) if talk else None


def blank(talk: Interview, asking: Asking, *, opened: bool = False) -> Sheet:
    """Return a question nobody has said anything to yet."""
    return Sheet(talk, asking, AnswerForm(talk, asking), opened)


def take(
    request: HttpRequest,
    talk: Interview,
    asking: Asking,
    said: Mapping[str, Any] | None = None,
    *,
    may_leave: bool = True,
) -> Sheet | None:
    """Do what somebody wishes; None where that is done, else the question with what is wrong.

    `said` is what the form holds where no page sent it. A required one is left only by those who
    may.
    """
    said = request.POST if said is None else said
    act, around = said.get("act", "answer"), circumstances.of(request, "user")
    if act in ("skip", "later", "refuse"):
        if asking.question.required and not may_leave:
            return blank(talk, asking)
        forever = act == "refuse" and not asking.question.required
        ask_questions.skip(talk, asking, around, forever=forever)
        return None
    if act == "no" and asking.guess is None:
        return blank(talk, asking)
    if act == "no":
        outcome = ask_questions.turn_down(talk, asking, around)
        return _unkept(blank(talk, asking, opened=True), outcome)
    if act == "confirm":
        if asking.guess is None or said.get("guess") != mark(asking):
            return blank(talk, asking)
        return _write(blank(talk, asking), {asking.attributes[0]: asking.guess}, request)
    sheet = Sheet(talk, asking, AnswerForm(talk, asking, said), opened=True)
    values = sheet.form.values()
    return sheet if sheet.form.errors else _write(sheet, values, request)


def _write(sheet: Sheet, values: dict[str, Any], request: HttpRequest) -> Sheet | None:
    talk, asking = sheet.talk, sheet.asking
    try:
        outcome = ask_questions.answer(talk, asking, values, circumstances.of(request, "user"))
    except InvalidValues as error:
        form = sheet.form.bound()
        form.refuse(sentences(error.faults))
        # What they cannot mend in a field is nothing to keep them for.
        return Sheet(talk, asking, form, opened=True, stuck=bool(form.non_field_errors()))
    except Exception:
        log.exception("answer not kept", user_id=str(talk.user.pk), question=asking.question.key)
        form = sheet.form.bound()
        form.add_error(None, str(NOT_KEPT))
        return Sheet(talk, asking, form, sheet.opened, stuck=True)
    return None if isinstance(outcome, Written) else _unkept(sheet, outcome)


def _unkept(sheet: Sheet, outcome: Written | Denied | Failed) -> Sheet:
    """Return a question with what a hook said of the answer."""
    if isinstance(outcome, Written):
        return sheet
    form = sheet.form.bound()
    form.add_error(None, as_error(outcome))
    return Sheet(sheet.talk, sheet.asking, form, sheet.opened, stuck=True)
