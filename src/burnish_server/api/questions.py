"""The questions open for whoever is signed in, for apps that put them in pages of their own."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.value import same
from burnish.hooks.outcome import Denied
from burnish.questions.choose import Asking
from burnish_server.api.auth import IN_PERSON
from burnish_server.api.problems import RESPONSES, Problem
from burnish_server.identity import answering, circumstances
from burnish_server.identity.flows import ask_questions
from burnish_server.identity.flows.ask_questions import Interview
from burnish_server.identity.models import User
from burnish_server.identity.question_json import as_json
from burnish_server.identity.refused import words
from burnish_server.profiles.store import Written
from burnish_server.questions import store

DOOR = "api"

router = Router(tags=["questions"])

_QUESTION: dict[str, Any] = {
    "key": "team_size",
    "title": "How many people work with you?",
    "help": "",
    "why": "So that we show you plans that fit.",
    "language": "en",
    "required": False,
    "attributes": [
        {
            "name": "team_size",
            "label": "Team size",
            "help": "",
            "type": "integer",
            "choices": None,
            "minimum": 1,
            "maximum": None,
        }
    ],
    "guess": None,
}


class Attribute(Schema):
    """What a field for it needs to know."""

    name: str
    label: str
    help: str
    type: str
    choices: list[str] | None
    minimum: float | None
    maximum: float | None


class Question(Schema):
    """A question as it is put to this person; a `guess` may be confirmed."""

    key: str
    title: str
    help: str
    why: str
    language: str
    required: bool
    attributes: list[Attribute]
    guess: Any


class Questions(Schema):
    """What to ask, in this order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"questions": [_QUESTION]}]})

    questions: list[Question]


class Reply(Schema):
    """What somebody says to a question."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [{"act": "answer", "values": {"team_size": 12}}]},
    )

    act: Literal["answer", "confirm", "skip", "refuse"]
    """`refuse` is never to be asked again."""
    values: dict[str, Any] = Field(default_factory=dict)
    """The answer, by attribute."""
    guess: Any = None
    """The guess they saw, where they confirm one; it must still be the same."""


class Done(Schema):
    """What came of it: the attributes' values as they are now, as hooks may have changed them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"key": "team_size", "act": "answer", "values": {"team_size": 12}}]
        }
    )

    key: str
    act: str
    values: dict[str, Any]


@router.get(
    "/me/questions", response=Questions, auth=IN_PERSON, openapi_extra={"responses": RESPONSES}
)
def list_questions(request: HttpRequest, open: bool = False) -> dict[str, Any]:
    """Say what to ask now, and count it as asked; with `open`, list all that may be answered."""
    talk = _talk(request, every=open)
    if talk is None:
        return {"questions": []}
    for asking in () if open else talk.askings:
        ask_questions.put(talk, asking, circumstances.of(request, "user"))
    return {"questions": [as_json(talk, one) for one in talk.askings]}


@router.post(
    "/me/questions/{key}",
    response=Done,
    auth=IN_PERSON,
    openapi_extra={"responses": RESPONSES},
)
def reply(request: HttpRequest, key: str, said: Reply) -> dict[str, Any]:
    """Take in an answer, or that there is none. Any open question may be answered at any time."""
    talk = _talk(request, every=True)
    asking = talk.find(key) if talk else None
    if talk is None or asking is None:
        raise _closed(talk, key)
    values: dict[str, Any] = {}
    match said.act:
        case "skip" | "refuse":
            _leave(request, talk, asking, forever=said.act == "refuse")
        case "confirm":
            values = _answer(request, talk, asking, _confirmed(asking, said))
        case "answer":
            values = _answer(request, talk, asking, _answered(asking, said))
    return {"key": key, "act": said.act, "values": values}


def _talk(request: HttpRequest, *, every: bool) -> Interview | None:
    user: User = request.auth  # type: ignore[attr-defined]
    return ask_questions.interview(user, answering.visit(request, DOOR, user.pk), every=every)


def _closed(talk: Interview | None, key: str) -> Problem:
    """Return why a question cannot be answered: one that was never theirs does not exist."""
    question = store.asked().find(key)
    state = talk.history.get(key) if talk else None
    if question and question.enabled and state and (state.answered_at or state.refused_at):
        return Problem(409, "question_closed", "This question was answered or refused already.")
    return Problem(404, "question_not_found", "There is no such question for this person.")


def _confirmed(asking: Asking, said: Reply) -> dict[str, Any]:
    if asking.guess is None:
        raise Problem(409, "nothing_to_confirm", "There is no guess to confirm.")
    if "guess" in said.model_fields_set and not same(said.guess, asking.guess):
        raise Problem(409, "guess_changed", "The guess is another one by now; ask anew.")
    return {asking.attributes[0]: asking.guess}


def _answered(asking: Asking, said: Reply) -> dict[str, Any]:
    unknown = [name for name in said.values if name not in asking.attributes]
    given = {name: value for name, value in said.values.items() if value is not None}
    missing = [name for name in asking.attributes if name not in given]
    faults = [Fault(f"/values/{name}", "this question does not ask for it") for name in unknown]
    if asking.question.required or not given:
        faults += [Fault(f"/values/{name}", "must be given") for name in missing]
    if faults:
        raise InvalidValues(faults)
    return given


def _answer(
    request: HttpRequest, talk: Interview, asking: Asking, values: dict[str, Any]
) -> dict[str, Any]:
    try:
        outcome = ask_questions.answer(talk, asking, values, circumstances.of(request, "user"))
    except InvalidValues as error:
        faults = [Fault(f"/values{fault.path}", fault.message) for fault in error.faults]
        raise InvalidValues(faults) from None
    if not isinstance(outcome, Written):
        denied = isinstance(outcome, Denied)
        code = "hook_disallowed" if denied else "hook_failed"
        raise Problem(403 if denied else 503, code, words(outcome))
    now = {name: talk.schema.find(name) for name in asking.attributes}
    held = {"standard": outcome.profile.standard, "custom": outcome.profile.custom}
    return {name: held[place[0]].get(place[1]) for name, place in now.items() if place}


def _leave(request: HttpRequest, talk: Interview, asking: Asking, *, forever: bool) -> None:
    if asking.question.required:
        raise Problem(422, "question_required", "This question has to be answered.")
    ask_questions.skip(talk, asking, circumstances.of(request, "user"), forever=forever)
