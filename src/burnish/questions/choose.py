"""What to ask this person now: at most a little, never again, never what is known. Asks nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from burnish.attributes.schema import Schema
from burnish.profiles.document import Document
from burnish.profiles.fact import NOTHING, Fact
from burnish.profiles.policy import DEFAULT, policies
from burnish.profiles.policy import choose as which
from burnish.questions.question import Question
from burnish.questions.state import Manners, State

History = Mapping[str, State]
"""What has come of each question with this person, by key."""

FRESH = State()
MANNERS = Manners()


@dataclass(frozen=True, slots=True)
class Context:
    """Who is at the door: this way in, how often they came, by which app, in which language.

    `in_flight` are attributes providers are being asked about just now.
    """

    user_id: str
    login: str
    logins: int
    signed_up_at: datetime
    client: str = ""
    languages: tuple[str, ...] = ()
    segments: frozenset[str] = frozenset()
    in_flight: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to be asked: about which of its attributes, and with which guess to confirm."""

    question: Question
    attributes: tuple[str, ...]
    guess: Any = None
    variant: str = "a"


@dataclass(frozen=True, slots=True)
class Report:
    """A question that could not be asked though it should be; administrators are told."""

    question: str
    reason: str


Why = Literal[
    "disabled",
    "unknown",
    "answered",
    "refused",
    "few_logins",
    "resting",
    "asked_often",
    "not_yet",
    "over",
    "logins",
    "days",
    "client",
    "segment",
    "locale",
    "attribute",
    "known",
    "not_theirs",
    "in_flight",
    "others_first",
    "left",
]
"""Why a question is not asked now; `burnish.questions.explain` says it in words."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to ask, in this order; what is wrong with the rest, and why each is not asked."""

    askings: tuple[Asking, ...] = ()
    reports: tuple[Report, ...] = ()
    left: Mapping[str, Why] = field(default_factory=dict)


class Person:
    """What is known of somebody: their profile under a schema, at a moment."""

    def __init__(self, document: Document, schema: Schema, now: datetime) -> None:
        self._document = document
        self._schema = schema
        self._now = now
        self._ways = policies(schema)
        self._holds: dict[str, Fact | None] = {}

    def values(self) -> dict[str, Any]:
        """Return effective values by attribute name."""
        names = {one.id: one.name for one in self._schema.custom}
        custom = self._document.custom.items()
        return {
            **self._document.standard,
            **{names[key]: value for key, value in custom if key in names},
        }

    def holds(self, name: str) -> Fact | None:
        """Return the live fact that holds for an attribute."""
        if name not in self._holds:
            self._holds[name] = self._find(name)
        return self._holds[name]

    def _find(self, name: str) -> Fact | None:
        said = self._said(name)
        live = [fact for fact in said if not fact.refused and fact.is_live(self._now)]
        if not live:
            return None
        return which(live, self._now, self._ways.get(live[0].attribute, DEFAULT))

    def _said(self, name: str) -> list[Fact]:
        place = self._schema.find(name)
        if place is None:
            return []
        group, key = place
        slots = self._document.facts.get(group, {}).get(key, {})
        return [Fact.from_json(group, key, source, stored) for source, stored in slots.items()]

    def is_open(self, name: str, question: Question) -> bool:
        """Whether there is still something to ask about an attribute."""
        fact = self.holds(name)
        if fact is None:
            return True
        if fact.value is NOTHING:
            return question.required or fact.standing == "guess"
        if self._is_refused(fact):
            return True  # a rule that came later: what they said no longer counts
        return question.confirm and fact.standing == "guess"

    def may_answer(self, name: str) -> bool:
        """Whether they may write an attribute: its schema lets them, and nobody locked it."""
        return self._schema.may("end_user", "write", name) and not any(
            fact.locked and not fact.refused for fact in self._said(name)
        )

    def guess(self, name: str) -> Any:
        """Return what others say of an attribute, for them to confirm; None for nothing good."""
        fact = self.holds(name)
        if fact is None or fact.standing != "guess" or fact.value is NOTHING:
            return None
        return None if self._is_refused(fact) else fact.value

    def _is_refused(self, fact: Fact) -> bool:
        return self._schema.refuse(fact.group, fact.key, fact.value) is not None


def choose(
    questions: Iterable[Question],
    document: Document,
    schema: Schema,
    history: History,
    context: Context,
    now: datetime,
    manners: Manners = MANNERS,
) -> Chosen:
    """Return what to ask now: required ones first, then by priority, then by usefulness."""
    person = Person(document, schema, now)
    values = person.values()
    resting = _is_resting(history, context, now, manners)
    found: list[Asking] = []
    reports: list[Report] = []
    left: dict[str, Why] = {}
    for question in questions:
        key, state = question.key, history.get(question.key, FRESH)
        came = (
            _unusable(question, schema)
            or _postponed(question, state, context, now, manners, resting)
            or _fails(question, values, context, now)
            or _asking(question, person, context)
        )
        if isinstance(came, Asking):
            if context.in_flight.isdisjoint(came.attributes):
                found.append(came)
                continue
            came = "in_flight"
        left[key] = came
        if came == "unknown":
            reports.append(Report(key, f"nobody defined {_unknown(question, schema)}"))
        elif came == "not_theirs" and question.required:
            reports.append(Report(key, "its answer is none that the person may edit"))
    found.sort(key=_place)
    done = sum(state.is_over(context.login) for state in history.values())
    room = max(manners.per_login - done, 0)
    left |= {asking.question.key: "others_first" for asking in found[room:]}
    return Chosen(tuple(found[:room]), tuple(reports), left)


def every_open(
    questions: Iterable[Question],
    document: Document,
    schema: Schema,
    history: History,
    context: Context,
    now: datetime,
) -> tuple[Asking, ...]:
    """Return every question with something left to answer, as a person looks for them themselves.

    Nothing postpones one then; only those they never want to be asked are left out.
    """
    person = Person(document, schema, now)
    values = person.values()
    found = [
        asking
        for question in questions
        if not _unusable(question, schema)
        and not (history.get(question.key, FRESH).refused_at and not question.required)
        and not _fails(question, values, context, now)
        and isinstance(asking := _asking(question, person, context), Asking)
    ]
    return tuple(sorted(found, key=_place))


def at_sign_up(
    questions: Iterable[Question], schema: Schema, context: Context, now: datetime
) -> tuple[Asking, ...]:
    """Return what a sign-up form asks, in the order it is written in; nothing is known yet."""
    wanted = [question for question in questions if question.sign_up]
    place = {question.key: index for index, question in enumerate(wanted)}
    found = every_open(wanted, Document(), schema, {}, context, now)
    return tuple(sorted(found, key=lambda asking: place[asking.question.key]))


def _asking(written: Question, person: Person, context: Context) -> Asking | Why:
    """Return how a question is put to somebody, or why there is nothing to put."""
    still_open = [one for one in written.attributes if person.is_open(one, written)]
    if not still_open:
        return "known"
    may = tuple(one for one in still_open if person.may_answer(one))
    if not may:
        return "not_theirs"
    name = written.variant(context.user_id)
    question = written.as_variant(name)
    return Asking(question, may, person.guess(may[0]) if question.confirm else None, name)


def _place(asking: Asking) -> tuple[Any, ...]:
    question = asking.question
    usefulness = question.weight * len(asking.attributes)
    return not question.required, -question.priority, -usefulness, question.key


def _unusable(question: Question, schema: Schema) -> Why | None:
    """Return why nobody could be asked a question."""
    if not question.enabled:
        return "disabled"
    return "unknown" if _unknown(question, schema) else None


def _unknown(question: Question, schema: Schema) -> str:
    names = [*question.attributes, *(one.attribute for one in question.when.attributes)]
    return ", ".join(name for name in names if schema.find(name) is None)


def _is_resting(history: History, context: Context, now: datetime, manners: Manners) -> bool:
    """Whether they were asked something at an earlier way in, not long ago."""
    return any(
        state.login != context.login and state.asked_at and now < state.asked_at + manners.cooldown
        for state in history.values()
    )


def _postponed(
    question: Question,
    state: State,
    context: Context,
    now: datetime,
    manners: Manners,
    resting: bool,
) -> Why | None:
    """Return why a question may not be put to this person just now, by what came of it before."""
    if state.is_over(context.login):
        return "over"
    if question.required:
        return None
    if state.refused_at or state.answered_at:
        return "refused" if state.refused_at else "answered"
    if context.logins < manners.first_logins:
        return "few_logins"
    if state.login == context.login and state.asked:
        return None  # it stands on the page they have before them
    if resting or state.asked >= manners.most_asked:
        return "resting" if resting else "asked_often"
    return "not_yet" if state.next_at and now < state.next_at else None


def _fails(
    question: Question, values: Mapping[str, Any], context: Context, now: datetime
) -> Why | None:
    """Return which of a question's conditions does not hold."""
    when = question.when
    if context.logins < when.logins:
        return "logins"
    if when.days and (now - context.signed_up_at).total_seconds() < when.days * 86400:
        return "days"
    if when.clients and context.client not in when.clients:
        return "client"
    if when.segments and context.segments.isdisjoint(when.segments):
        return "segment"
    if when.locales and not _reads_any(context.languages, when.locales):
        return "locale"
    return None if all(one.holds(values) for one in when.attributes) else "attribute"


def _reads_any(languages: Iterable[str], wanted: Iterable[str]) -> bool:
    tags = [tag.lower() for tag in languages]
    return any(_reads(tag, one) for tag in tags for one in wanted)


def _reads(tag: str, wanted: str) -> bool:
    """Whether a language is in a range (RFC 4647, basic filtering)."""
    wanted = wanted.lower()
    return tag == wanted or tag.startswith(f"{wanted}-")
