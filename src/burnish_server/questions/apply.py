"""Questions from a configuration file into the database, and back."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from burnish.attributes.schema import Schema
from burnish.config import Plan, in_order
from burnish.questions import question as library
from burnish.questions.fragment import Questions, judge
from burnish.questions.state import Manners as Settled
from burnish_server.audit.log import Actor, record
from burnish_server.questions.models import Manners, Question, Report


def plan(section: Questions, schema: Schema, segments: Container[str]) -> Plan:
    """Return what the section would change, given the schema and segments it will meet."""
    stored = {row.key: row for row in Question.objects.all()}
    lines = [*_manners_lines(section)]
    for question in section.ask:
        if question.key not in stored:
            lines.append(f"+ question {question.key} ({', '.join(question.attributes)})")
        elif words := _changed(stored[question.key], question):
            lines.append(f"~ question {question.key}: {', '.join(words)}")
    if order := _new_order(section, list(stored)):
        lines.append(f"~ order of questions: {', '.join(order)}")
    faults = [
        fault
        for place, question in enumerate(section.ask)
        for fault in judge(question, schema, segments, f"questions.ask.{place}")
    ]
    given = {question.key for question in section.ask}
    kept = tuple(f"question {key}" for key in stored if key not in given)
    return Plan(tuple(lines), tuple(faults), kept=kept)


def apply(section: Questions, actor: Actor) -> None:
    """Write the questions, matched by key. Call it in a transaction; others stay."""
    stored = {row.key: row for row in Question.objects.all()}
    order = _new_order(section, list(stored))
    for question in section.ask:
        row = stored.get(question.key)
        if row is None or _changed(row, question):
            put(
                row or Question(key=question.key, position=Question.objects.count()),
                question,
                actor,
            )
    if order:
        reorder(order, actor)
    if _manners_lines(section):
        settle(section.manners, actor)


def put(row: Question, question: library.Question, actor: Actor) -> None:
    """Write a question, new or changed. Its reports are done with: it may be mended now."""
    added, before = row._state.adding, row.entry
    row.entry = entry_of(question)
    row.save()
    Report.objects.filter(question=row.key).delete()
    detail = {"after": row.entry} if added else {"before": before, "after": row.entry}
    record(actor, "added" if added else "changed", "question", row.key, row.key, detail)


def remove(row: Question, actor: Actor) -> None:
    """Remove a question; answers stay in the profiles, and figures where they are."""
    key = row.key
    Report.objects.filter(question=key).delete()
    row.delete()
    record(actor, "removed", "question", key, key, {"before": row.entry})


def reorder(order: Iterable[str], actor: Actor) -> None:
    """Put the questions into an order that names all of them."""
    places = {key: place for place, key in enumerate(order)}
    rows = list(Question.objects.all())
    for row in rows:
        row.position = places[row.key]
    Question.objects.bulk_update(rows, ["position"])
    record(actor, "reordered", "question", "", "questions", {"after": list(places)})


def settle(manners: Settled, actor: Actor) -> None:
    """Write how much people are asked."""
    before = Manners.current().as_manners().model_dump()
    Manners(**manners.model_dump()).save()
    detail = {"before": before, "after": manners.model_dump()}
    record(actor, "changed", "manners", "1", "manners", detail)


def export() -> dict[str, Any]:
    """Return the section `questions`."""
    return {
        "manners": Manners.current().as_manners().model_dump(),
        "ask": [{"key": row.key, **row.entry} for row in Question.objects.all()],
    }


def entry_of(question: library.Question) -> dict[str, Any]:
    """Return the shortest entry that says the same, without the key."""
    entry = question.model_dump(
        by_alias=True, exclude_defaults=True, exclude={"key", "when"}, mode="json"
    )
    when = question.when.model_dump(exclude_defaults=True, exclude={"attributes"}, mode="json")
    if question.when.attributes:
        when["attributes"] = [one.as_entry() for one in question.when.attributes]
    return {**entry, **({"when": when} if when else {})}


def _changed(row: Question, question: library.Question) -> list[str]:
    """Return the names of what a file changes about a question."""
    try:
        before: Mapping[str, Any] = row.as_question().model_dump()
    except ValidationError:
        return ["everything: what was kept cannot be read"]
    after = question.model_dump()
    return [name for name in after if before[name] != after[name]]


def _new_order(section: Questions, present: list[str]) -> list[str]:
    """Return the order there will be, where the file changes more than its end."""
    order = in_order(present, [question.key for question in section.ask])
    return order if order != present + [key for key in order if key not in present] else []


def _manners_lines(section: Questions) -> Iterator[str]:
    if "manners" not in section.model_fields_set:
        return
    before, after = Manners.current().as_manners().model_dump(), section.manners.model_dump()
    words = [
        f"{name.replace('_', ' ')} {before[name]:g} -> {after[name]:g}"
        for name in before
        if before[name] != after[name]
    ]
    if words:
        yield f"~ manners: {'; '.join(words)}"
