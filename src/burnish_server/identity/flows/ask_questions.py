"""Putting questions to somebody, and taking in what they say.

An answer is an edit of theirs, put before the hooks as any other; what came of the question is
written with it or not at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.events.event import Event
from burnish.events.question import QuestionAnswered, QuestionAsked, QuestionSkipped
from burnish.hooks.outcome import Denied, Failed
from burnish.profiles.document import Document
from burnish.profiles.fact import NOTHING
from burnish.questions.choose import Asking, Chosen, Context, Person, choose, every_open
from burnish.questions.state import State
from burnish.segments.rule import Rules, memberships
from burnish_server.hooks import store as hooks
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.kept import Kept
from burnish_server.profiles import store as profiles
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.models import CustomAttribute, StandardAttribute
from burnish_server.profiles.store import Written
from burnish_server.questions import models, store
from burnish_server.questions.models import STATE_FIELDS
from burnish_server.questions.store import Asked
from burnish_server.segments import store as segments
from burnish_server.segments.models import Segment

# One question for all there is to know: who has nothing to be asked waits for no more than this.
_LOOK = """
SELECT profile.standard, profile.custom, profile.facts, profile.due_at, profile.version,
    (SELECT jsonb_agg(to_jsonb(progress)) FROM questions_progress AS progress
        WHERE progress.user_id = account.id),
    (SELECT array_agg(DISTINCT name) FROM enrichment_run AS run, unnest(run.want) AS name
        WHERE run.user_id = account.id AND run.state = 'waiting'
            AND run.started_at > now() - interval '2 minutes')
FROM identity_user AS account LEFT JOIN profiles_profile AS profile ON profile.user_id = account.id
WHERE account.id = %s
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a door: which way in this is, by which app, in which languages.

    At some nobody is asked anything but what is required.
    """

    login: str
    door: str
    client: str = ""
    languages: tuple[str, ...] = ()
    only_required: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """What to ask somebody now, in view of what is known of them."""

    user: User
    visit: Visit
    schema: Schema
    document: Document
    version: int
    history: Mapping[str, State]
    chosen: Chosen

    @property
    def askings(self) -> tuple[Asking, ...]:
        """The questions still to be put, in order."""
        return self.chosen.askings

    def find(self, key: str) -> Asking | None:
        """Return the question of a key, where it is to be put now."""
        return next((one for one in self.askings if one.question.key == key), None)


def _read() -> tuple[Asked, Schema, Rules]:
    return store.read(), profiles.read_schema(), segments.rules()


# All that is configured of it, for one short question instead of three.
settled = Kept(
    _read,
    models.Question,
    models.Manners,
    CustomAttribute,
    StandardAttribute,
    Segment,
    at_pages=True,
)


def interview(user: User, visit: Visit, *, every: bool = False) -> Interview | None:
    """Return what to ask somebody now; None where nobody is asked anything.

    `every` is for whoever looks for questions: all that are open then.
    """
    asked, schema, rules = settled()
    questions = [one for one in asked.questions if one.required or not visit.only_required]
    if not questions:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [user.pk])
        *profile, progress, in_flight = cursor.fetchone()
    standard, custom, facts, due_at, version = profile
    document = Document(
        json.loads(standard or "{}"),
        json.loads(custom or "{}"),
        json.loads(facts or '{"standard": {}, "custom": {}}'),
        due_at,
    )
    now = timezone.now()
    history = {row["question"]: _state(row) for row in json.loads(progress or "[]")}
    context = Context(
        str(user.pk),
        visit.login,
        user.logins,
        user.created_at,
        visit.client,
        visit.languages,
        memberships(rules, Person(document, schema, now).values()) if rules else frozenset(),
        frozenset(in_flight or ()),
    )
    if every:
        chosen = Chosen(every_open(questions, document, schema, history, context, now))
    else:
        chosen = choose(questions, document, schema, history, context, now, asked.manners)
    if chosen.reports:
        store.report(chosen.reports)
    return Interview(user, visit, schema, document, version or 0, history, chosen)


def _state(row: Mapping[str, Any]) -> State:
    times: dict[str, Any] = {
        name: datetime.fromisoformat(row[name]) if row[name] else None
        for name in STATE_FIELDS
        if name.endswith("_at")
    }
    return State(asked=row["asked"], login=row["login"], **times)


def put(talk: Interview, asking: Asking, circumstances: Circumstances) -> None:
    """Note that a question stands before somebody: once each way in."""
    key, now = asking.question.key, timezone.now()
    before = talk.history.get(key, State())
    state = before.as_asked(talk.visit.login, now)
    if state is before:
        return
    with transaction.atomic():
        store.keep(talk.user.pk, key, state)
        store.note(talk.user.pk, key, "asked", talk.visit.door, asking.variant, now)
        tell(talk.user, QuestionAsked, asking, circumstances, now)


def answer(
    talk: Interview, asking: Asking, values: Mapping[str, Any], circumstances: Circumstances
) -> Written | Denied | Failed:
    """Write an answer, once the hooks have let it pass.

    Raises `InvalidValues`, `AccessControlViolated` or `Conflict` as an edit does.
    """
    question, now = asking.question, timezone.now()
    edits = [Edit(values, "end_user", question.source)]

    def also() -> None:
        if _is_settled(talk, asking):
            return
        state = _asked(talk, asking, now).as_answered(now)
        _note(talk, asking, "answered", state, now)
        tell(talk.user, QuestionAnswered, asking, circumstances, now)

    return update(Update(talk.user, edits, talk.schema, now), circumstances, also)


def turn_down(
    talk: Interview, asking: Asking, circumstances: Circumstances
) -> Written | Denied | Failed:
    """Note that a guess is wrong: it is deleted, and who made it is not heard on it again."""
    gone = dict.fromkeys(asking.attributes, NOTHING)
    edits = [Edit(gone, "end_user", "user")]
    return update(Update(talk.user, edits, talk.schema, timezone.now()), circumstances)


def skip(
    talk: Interview, asking: Asking, circumstances: Circumstances, *, forever: bool = False
) -> None:
    """Note that somebody does not answer: not now, or never."""
    now = timezone.now()
    before = _asked(talk, asking, now)
    state = before.as_refused(now) if forever else before.as_skipped(store.asked().manners, now)
    with transaction.atomic():
        if _is_settled(talk, asking):
            return
        _note(talk, asking, "refused" if forever else "skipped", state, now)
        tell(talk.user, QuestionSkipped, asking, circumstances, now, forever=forever)


def _is_settled(talk: Interview, asking: Asking) -> bool:
    """Whether another tab was quicker; it is waited for."""
    now = store.state_of(talk.user.pk, asking.question.key)
    return now != talk.history.get(asking.question.key) and now.is_over(talk.visit.login)


def _asked(talk: Interview, asking: Asking, now: datetime) -> State:
    return talk.history.get(asking.question.key, State()).as_asked(talk.visit.login, now)


def _note(talk: Interview, asking: Asking, act: str, state: State, now: datetime) -> None:
    """Write a state and the moment it came about; how long it took, if it was put before."""
    key, put_at = asking.question.key, state.asked_at
    since = put_at if put_at != now else None
    store.keep(talk.user.pk, key, state)
    store.note(talk.user.pk, key, act, talk.visit.door, asking.variant, now, since)


def tell(
    user: User, kind: type, asking: Asking, around: Circumstances, at: datetime, **more: Any
) -> None:
    """Say what happened to a question; in the transaction that notes it."""
    event: Event = kind(
        entities.present(user), asking.question.key, asking.attributes, asking.variant, **more
    )
    hooks.happened(event, around.context(str(user.pk), at), at)


def login_of(session_key: str | None, user_id: UUID) -> str:
    """Return what names a way in, from what names its session and cannot be used as one."""
    return blake2s((session_key or str(user_id)).encode(), digest_size=16).hexdigest()
