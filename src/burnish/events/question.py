"""Events of our own, about questions put to a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from burnish.events.entities import User
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class _OfQuestion(Event):
    user: User
    question: str
    attributes: Sequence[str]
    variant: str

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "question": {
                "key": self.question,
                "attributes": list(self.attributes),
                "variant": self.variant,
            },
        }


class QuestionAsked(_OfQuestion):
    """A question was put to a user: once each way in, however often the page is loaded."""

    type: ClassVar[str] = "question.asked"


class QuestionAnswered(_OfQuestion):
    """A user answered a question; the user has the answer, and `user.profile.updated` tells it."""

    type: ClassVar[str] = "question.answered"


@dataclass(frozen=True, slots=True)
class QuestionSkipped(_OfQuestion):
    """A user did not answer a question: not now, or, with `forever`, never."""

    type: ClassVar[str] = "question.skipped"

    forever: bool

    def payload(self) -> dict[str, Any]:
        return {**_OfQuestion.payload(self), "forever": self.forever}
