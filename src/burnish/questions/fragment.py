"""The `questions` fragment of a configuration file."""

from collections.abc import Container
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.schema import Schema
from burnish.questions.question import Question
from burnish.questions.state import Manners


class Questions(BaseModel):
    """`questions`: how much people are asked, and what, in this order."""

    model_config = ConfigDict(extra="forbid")

    manners: Manners = Manners()
    ask: list[Question] = Field(default_factory=list)

    @field_validator("ask")
    @classmethod
    def _each_once(cls, questions: list[Question]) -> list[Question]:
        keys = [question.key for question in questions]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"the key {key} stands more than once")
        return questions


def parse(fragment: Any) -> Questions | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return Questions.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "questions")


def judge(question: Question, schema: Schema, segments: Container[str], place: str) -> list[Fault]:
    """Return why a question cannot be asked under a schema: refused when it is saved."""
    faults = [
        Fault(f"{place}.attributes", f"nobody defined the attribute {name}")
        for name in question.attributes
        if schema.find(name) is None
    ]
    faults += [
        Fault(
            f"{place}.attributes",
            f"{name} may not be written by its person; give the end user readwrite",
        )
        for name in question.attributes
        if schema.find(name) is not None and not schema.may("end_user", "write", name)
    ]
    faults += [
        Fault(f"{place}.when.attributes.{at}", refusal)
        for at, one in enumerate(question.when.attributes)
        if (refusal := one.refuse(schema))
    ]
    faults += [
        Fault(f"{place}.when.segments", f"there is no segment {name}")
        for name in question.when.segments
        if name not in segments
    ]
    return faults
