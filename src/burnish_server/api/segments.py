"""Segments: users by what is known of them."""

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish.profiles.predicate import Predicate
from burnish.segments import rule as rules
from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.deed import actor, nothing
from burnish_server.api.pointing import clean, demand, good, missing
from burnish_server.api.problems import Problem
from burnish_server.api_keys.scope import QUESTIONS_READ, QUESTIONS_WRITE, USERS_READ
from burnish_server.profiles import store as profiles
from burnish_server.questions.store import asking_for
from burnish_server.segments import statistics, store
from burnish_server.segments.models import Segment

router = Router(tags=["segments"])

_COUNTING = Key(QUESTIONS_READ, USERS_READ)
"""What a count tells of people, a program must be allowed to read of them."""

_RULE = [{"attribute": "team_size", "one_of": ["11_50", "51_200"]}]


class SegmentRule(Schema):
    """What must hold of whoever is in a segment: all of these conditions."""

    model_config = ConfigDict(extra="forbid")

    rule: Annotated[list[dict[str, Any]], Field(max_length=50, examples=[_RULE])]


class SegmentShown(SegmentRule):
    """A segment."""

    name: str = Field(examples=["big_teams"])


class SegmentCount(Schema):
    """How many users are in it, of how many that were looked at; `is_all` says if those are all."""

    inside: int
    looked_at: int
    is_all: bool


@router.get("/segments", response=list[SegmentShown], auth=Key(QUESTIONS_READ))
def list_segments(request: HttpRequest) -> list[dict[str, Any]]:
    """List the segments with their rules."""
    return [_shown(row) for row in Segment.objects.all()]


@router.post("/segments/count", response=SegmentCount, auth=_COUNTING)
def count_by_rule(request: HttpRequest, given: SegmentRule) -> dict[str, Any]:
    """Count whom a rule holds for, before there is a segment of it."""
    nothing(request)
    return _count(_read("rule", given))


@router.get("/segments/{name}", response=SegmentShown, auth=Key(QUESTIONS_READ))
def read_segment(request: HttpRequest, name: str, response: HttpResponse) -> dict[str, Any]:
    """Read one segment."""
    shown = _shown(_one(name))
    etag.tag(request, response, shown)
    return shown


@router.get("/segments/{name}/count", response=SegmentCount, auth=_COUNTING)
def count_segment(request: HttpRequest, name: str) -> dict[str, Any]:
    """Count who is in a segment now."""
    return _count(store.rules()[_one(name).name])


@router.put(
    "/segments/{name}", response={200: SegmentShown, 201: SegmentShown}, auth=Key(QUESTIONS_WRITE)
)
def put_segment(request: HttpRequest, name: str, given: SegmentRule) -> Any:
    """Write a segment, new or changed."""
    before = Segment.objects.filter(pk=clean(name)).first()
    etag.require(request, _shown(before) if before else None)
    made = _read(name, given)
    with transaction.atomic():
        store.put(name, made, actor(request))
    return Status(200 if before else 201, _shown(_one(name)))


@router.delete("/segments/{name}", response={204: None}, auth=Key(QUESTIONS_WRITE))
def remove_segment(request: HttpRequest, name: str) -> Any:
    """Remove a segment no question asks for."""
    row = _one(name)
    etag.require(request, _shown(row))
    if used := asking_for(row.name):
        sentence = f"It is asked for by the questions {', '.join(used)}; change those first."
        raise Problem(409, "segment_in_use", sentence)
    with transaction.atomic():
        store.remove(row, actor(request))
    return Status(204, None)


def _read(name: str, given: SegmentRule) -> tuple[Predicate, ...]:
    made = good(rules.parse({name: given.rule}), f"segments.{name}")[name]
    if not made:
        raise Problem(422, "invalid_request", "Say in the rule what must hold of them.")
    demand(rules.judge(made, profiles.schema(), "rule"))
    return made


def _count(rule: tuple[Predicate, ...]) -> dict[str, Any]:
    counted = statistics.count({"it": rule}, profiles.schema())
    return {
        "inside": counted.inside["it"],
        "looked_at": counted.looked_at,
        "is_all": counted.is_all,
    }


def _one(name: str) -> Segment:
    row = Segment.objects.filter(pk=clean(name)).first()
    if row is None:
        raise missing("segment", name)
    return row


def _shown(row: Segment) -> dict[str, Any]:
    return {"name": row.name, "rule": row.rule}
