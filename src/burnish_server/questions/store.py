"""Questions and what came of them, in and out of the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection
from pydantic import ValidationError

from burnish.questions.choose import Report
from burnish.questions.question import Question
from burnish.questions.state import Manners, State
from burnish_server.kept import Kept
from burnish_server.questions import models
from burnish_server.questions.models import STATE_FIELDS, Moment, Progress

log = structlog.get_logger("burnish.questions")

_REPORT = """
INSERT INTO questions_report (question, reason, times, first_at, last_at)
VALUES (%s, %s, 1, now(), now())
ON CONFLICT (question, reason) DO UPDATE SET times = questions_report.times + 1, last_at = now()
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What may be asked, in order, and how much."""

    questions: tuple[Question, ...]
    manners: Manners

    def find(self, key: str) -> Question | None:
        """Return a question by its key."""
        return next((one for one in self.questions if one.key == key), None)


def read() -> Asked:
    """Read what may be asked, and how much."""
    found = []
    for row in models.Question.objects.all():
        try:
            found.append(row.as_question())
        except ValidationError:
            log.error("question not usable", question=row.key)
    return Asked(tuple(found), models.Manners.current().as_manners())


_asked = Kept(read, models.Question, models.Manners)


def asked() -> Asked:
    """Return what may be asked, in force just now."""
    return _asked()


def asking_for(segment: str) -> list[str]:
    """Return the keys of the questions that ask for a segment."""
    return [
        row.key
        for row in models.Question.objects.all()
        if segment in row.entry.get("when", {}).get("segments", ())
    ]


def history(user_id: UUID) -> dict[str, State]:
    """Return what has come of each question with a user."""
    rows = Progress.objects.filter(user_id=user_id)
    return {row.question: row.as_state() for row in rows}


def state_of(user_id: UUID, key: str) -> State:
    """Return what has come of a question with a user; nobody changes it until the transaction ends.

    Where nothing has, there is nothing to hold.
    """
    row = Progress.objects.select_for_update().filter(user_id=user_id, question=key).first()
    return row.as_state() if row else State()


def keep(user_id: UUID, key: str, state: State) -> None:
    """Write what has come of a question with a user."""
    fields = {name: getattr(state, name) for name in STATE_FIELDS}
    Progress.objects.bulk_create(
        [Progress(user_id=user_id, question=key, **fields)],
        update_conflicts=True,
        unique_fields=["user", "question"],
        update_fields=list(STATE_FIELDS),
    )


def note(
    user_id: UUID,
    key: str,
    act: str,
    door: str,
    variant: str,
    at: datetime,
    since: datetime | None = None,
) -> None:
    """Note a moment for the figures; `since` is when the question was put."""
    seconds = (at - since).total_seconds() if since else None
    Moment.objects.create(
        question=key, user_id=user_id, variant=variant, act=act, door=door, seconds=seconds, at=at
    )


def report(reports: Iterable[Report]) -> None:
    """Tell administrators of questions that could not be asked; an open page shows them."""
    for one in reports:
        with connection.cursor() as cursor:
            cursor.execute(_REPORT, [one.question, one.reason[:300]])
        log.warning("question not asked", question=one.question, reason=one.reason)


def forget(user_id: UUID) -> None:
    """Forget what came of questions with a user; figures stay."""
    Progress.objects.filter(user_id=user_id).delete()
    Moment.objects.filter(user_id=user_id).update(user=None)
