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
        place = self._schema.find(name)
        if place is None:
            return None
        group, key = place
        said = [
            Fact.from_json(group, key, source, stored)
            for source, stored in self._document.facts.get(group, {}).get(key, {}).items()
        ]
        live = [fact for fact in said if not fact.refused and fact.is_live(self._now)]
        return which(live, self._now, self._ways.get(place, DEFAULT)) if live else None

    def is_open(self, name: str, question: Question) -> bool:
        """Whether there is still something to ask about an attribute."""
        fact = self.holds(name)
        if fact is None:
            return True
        if fact.value is NOTHING:
            return question.required or fact.standing == "guess"
        group, key = fact.attribute
        if self._schema.refuse(group, key, fact.value):
            return True  # a rule that came later: what they said no longer counts
        return question.confirm and fact.standing == "guess"


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
        name = written.variant(context.user_id)
        question, state = written.as_variant(name), history.get(written.key, FRESH)
        if unknown := _unknown(question, schema):
            reports.append(Report(question.key, f"nobody defined {unknown}"))
            continue
        if not (question.required or _is_welcome(state, context, now, manners, resting)):
            continue
        if state.is_over(context.login) or not _holds(question, values, context, now):
            continue
        still_open = [one for one in question.attributes if person.is_open(one, question)]
        may = [one for one in still_open if schema.may("end_user", "write", one)]
        if still_open and not may and question.required:
            reports.append(Report(question.key, "its answer is none that the person may edit"))
        if not may or not context.in_flight.isdisjoint(may):
            continue
        fact = person.holds(may[0]) if question.confirm else None
        guess = fact.value if fact and fact.value is not NOTHING else None
        found.append(Asking(question, tuple(may), guess, name))
    found.sort(key=_place)
    done = sum(state.is_over(context.login) for state in history.values())
    return Chosen(tuple(found[: max(manners.per_login - done, 0)]), tuple(reports))


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
