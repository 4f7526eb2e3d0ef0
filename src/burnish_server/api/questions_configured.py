"""Questions as they are configured, how much people are asked, and what came of it."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, RootModel
from pydantic.config import JsonDict

from burnish.questions import fragment, question
from burnish.questions.state import Manners
from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor
from burnish_server.api.pointing import clean, demand, good, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import QUESTIONS_READ, QUESTIONS_WRITE
from burnish_server.profiles import store as profiles
from burnish_server.questions import apply, models, statistics
from burnish_server.questions.models import Question
from burnish_server.segments import store as segments

router = Router(tags=["questions"])

_EXAMPLE: JsonDict = {
    "attributes": ["company_size"],
    "words": {"en": {"title": "How many people work with you?"}},
}


class QuestionEntry(RootModel[dict[str, Any]]):
    """A question, as a configuration file has it, without its key."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class QuestionShown(RootModel[dict[str, Any]]):
    """A question as it is configured, with its key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "company_size", **_EXAMPLE}]})


class QuestionOrder(Schema):
    """All keys, in the order questions are asked."""

    model_config = ConfigDict(extra="forbid")

    keys: Annotated[list[str], Field(max_length=1000, examples=[["company_size", "city"]])]


class QuestionCounts(Schema):
    """People, not page loads: whoever was asked three times and then answered is one of each."""

    asked: int
    answered: int
    skipped: int
    refused: int
    rate: float | None


class QuestionFigures(QuestionCounts):
    """What came of a question: in all, by variant, and the median time to answer in seconds."""

    window: str
    seconds: float | None
    variants: dict[str, QuestionCounts]


@router.get("/questions", response=list[QuestionShown], auth=Key(QUESTIONS_READ))
def list_all_questions(request: HttpRequest) -> list[dict[str, Any]]:
    """List the questions in their order."""
    return [_shown(row) for row in Question.objects.all()]


@router.put("/questions/order", response=QuestionOrder, auth=Key(QUESTIONS_WRITE))
def order_questions(request: HttpRequest, order: QuestionOrder) -> dict[str, Any]:
    """Put the questions into another order."""
    present = list(Question.objects.values_list("key", flat=True))
    if sorted(order.keys) != sorted(present):
        sentence = f"Name every question once: {', '.join(present) or 'there are none'}."
        raise Problem(422, "invalid_request", sentence)
    with transaction.atomic():
        apply.reorder(order.keys, actor(request))
    return {"keys": order.keys}


@router.get("/questions/manners", response=Manners, auth=Key(QUESTIONS_READ))
def read_manners(request: HttpRequest) -> Manners:
    """Read how much people are asked."""
    return models.Manners.current().as_manners()


@router.put("/questions/manners", response=Manners, auth=Key(QUESTIONS_WRITE))
def put_manners(request: HttpRequest, manners: Manners) -> Manners:
    """Settle how much people are asked; what is left out has its default."""
    with transaction.atomic():
        apply.settle(manners, actor(request))
    return manners


@router.get("/questions/{key}", response=QuestionShown, auth=Key(QUESTIONS_READ))
def read_question(request: HttpRequest, key: str, response: HttpResponse) -> dict[str, Any]:
    """Read one question."""
    shown = _shown(_one(key))
    etag.tag(request, response, shown)
    return shown


@router.put(
    "/questions/{key}", response={200: QuestionShown, 201: QuestionShown}, auth=Key(QUESTIONS_WRITE)
)
def put_question(request: HttpRequest, key: str, entry: QuestionEntry) -> Any:
    """Write a question, new or changed; a new one is asked behind the others."""
    before = Question.objects.filter(pk=clean(key)).first()
    etag.require(request, _shown(before) if before else None)
    made = _read(key, entry)
    row = before or Question(key=key, position=Question.objects.count())
    with transaction.atomic():
        apply.put(row, made, actor(request))
    return Status(200 if before else 201, _shown(row))


@router.delete("/questions/{key}", response={204: None}, auth=Key(QUESTIONS_WRITE))
def remove_question(request: HttpRequest, key: str) -> Any:
    """Remove a question; what people answered stays in their profiles."""
    row = _one(key)
    etag.require(request, _shown(row))
    with transaction.atomic():
        apply.remove(row, actor(request))
    return Status(204, None)


@router.get("/questions/{key}/figures", response=QuestionFigures, auth=Key(QUESTIONS_READ))
def question_figures(
    request: HttpRequest, key: str, window: Literal["7d", "30d", "26w"] = "30d"
) -> dict[str, Any]:
    """Say how many people were asked in a stretch of time until now, and what they did."""
    row = _one(key)
    since = timezone.now() - statistics.WINDOWS[window].span
    variants = statistics.by_variant([row.key], since).get(row.key, {})
    return {
        **_counts(statistics.in_all(variants)),
        "window": window,
        "seconds": statistics.median_seconds(row.key, since),
        "variants": {name: _counts(one) for name, one in variants.items()},
    }


def _read(key: str, entry: QuestionEntry) -> question.Question:
    said = {**entry.root, "key": key}
    made = good(fragment.parse({"ask": [said]}), "questions.ask.0").ask[0]
    demand(fragment.judge(made, profiles.schema(), segments.rules(), ""))
    return made


def _counts(figures: statistics.Figures) -> dict[str, Any]:
    names = ("asked", "answered", "skipped", "refused", "rate")
    return {name: getattr(figures, name) for name in names}


def _one(key: str) -> Question:
    row = Question.objects.filter(pk=clean(key)).first()
    if row is None:
        raise missing("question", key)
    return row


def _shown(row: Question) -> dict[str, Any]:
    return {"key": row.key, **row.entry}
