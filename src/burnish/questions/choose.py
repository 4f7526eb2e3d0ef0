"""What to ask this person now: at most a little, never again, never what is known. Asks nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to ask, in this order, and what is wrong with the rest."""

    askings: tuple[Asking, ...] = ()
    reports: tuple[Report, ...] = field(default=())


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
    for written in questions:
        if not written.enabled:
            continue
        if unknown := _unknown(written, schema):
            reports.append(Report(written.key, f"nobody defined {unknown}"))
            continue
        state = history.get(written.key, FRESH)
        if not (written.required or _is_welcome(state, context, now, manners, resting)):
            continue
        if state.is_over(context.login) or not _holds(written, values, context, now):
            continue
        asking = _asking(written, person, context)
        if isinstance(asking, Report):
            reports.append(asking)
        elif asking and context.in_flight.isdisjoint(asking.attributes):
            found.append(asking)
    found.sort(key=_place)
    done = sum(state.is_over(context.login) for state in history.values())
    return Chosen(tuple(found[: max(manners.per_login - done, 0)]), tuple(reports))


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
        if question.enabled
        and not (history.get(question.key, FRESH).refused_at and not question.required)
        and not _unknown(question, schema)
        and _holds(question, values, context, now)
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


def _asking(written: Question, person: Person, context: Context) -> Asking | Report | None:
    """Return how a question is put to somebody; None where nothing is open."""
    name = written.variant(context.user_id)
    question = written.as_variant(name)
    still_open = [one for one in question.attributes if person.is_open(one, question)]
    may = tuple(one for one in still_open if person.may_answer(one))
    if still_open and not may and question.required:
        return Report(question.key, "its answer is none that the person may edit")
    if not may:
        return None
    return Asking(question, may, person.guess(may[0]) if question.confirm else None, name)


def _place(asking: Asking) -> tuple[Any, ...]:
    question = asking.question
    usefulness = question.weight * len(asking.attributes)
    return not question.required, -question.priority, -usefulness, question.key


def _unknown(question: Question, schema: Schema) -> str:
    names = [*question.attributes, *(one.attribute for one in question.when.attributes)]
    return ", ".join(name for name in names if schema.find(name) is None)


def _is_resting(history: History, context: Context, now: datetime, manners: Manners) -> bool:
    """Whether they were asked something at an earlier way in, not long ago."""
    return any(
        state.login != context.login and state.asked_at and now < state.asked_at + manners.cooldown
        for state in history.values()
    )


def _is_welcome(
    state: State, context: Context, now: datetime, manners: Manners, resting: bool
) -> bool:
    """Whether an optional question may be put to this person at all just now."""
    if state.refused_at or state.answered_at or context.logins < manners.first_logins:
        return False
    if state.login == context.login and state.asked:
        return True  # it stands on the page they have before them
    if resting or state.asked >= manners.most_asked:
        return False
    return state.next_at is None or now >= state.next_at


def _holds(question: Question, values: Mapping[str, Any], context: Context, now: datetime) -> bool:
    when = question.when
    tags = [tag.lower() for tag in context.languages]
    return (
        context.logins >= when.logins
        and (now - context.signed_up_at).total_seconds() >= when.days * 86400
        and (not when.clients or context.client in when.clients)
        and (not when.segments or not context.segments.isdisjoint(when.segments))
        and (not when.locales or any(_reads(tag, want) for tag in tags for want in when.locales))
        and all(one.holds(values) for one in when.attributes)
    )


def _reads(tag: str, wanted: str) -> bool:
    """Whether a language is in a range (RFC 4647, basic filtering)."""
    wanted = wanted.lower()
    return tag == wanted or tag.startswith(f"{wanted}-")
