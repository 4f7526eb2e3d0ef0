"""What somebody would be asked at their next logins. Nothing is written, and nobody is asked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, amend, refresh
from burnish.profiles.fact import Fact
from burnish.profiles.policy import policies
from burnish.questions.choose import Asking, Chosen, Context, History, Person, Report, Why, choose
from burnish.questions.question import Question
from burnish.questions.state import Manners, State

Deed = Literal["answer", "skip", "refuse", "leave"]
"""What somebody does with each question; a required one is answered, or they leave."""

MOST = 20
"""Questions at one simulated login, whatever the manners say."""

_ANSWERS: tuple[Any, ...] = (
    "Something",
    True,
    1,
    "2000-01-31",
    "2000-01-31T12:00:00Z",
    ["Something"],
    "FR",
    "+33142685300",
    "somebody@people.example",
    "https://people.example/",
    "Europe/Paris",
    "en",
    {"locality": "Lyon"},
)


@dataclass(frozen=True, slots=True)
class Login:
    """One login: when, what is asked then, and why the others are not."""

    number: int
    at: datetime
    asked: tuple[tuple[Asking, Deed], ...]
    left: Mapping[str, Why]
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the time to come is imagined: so many logins, so far apart, and what they do."""

    deed: Deed = "answer"
    logins: int = 5
    apart: timedelta = timedelta(days=7)


def simulate(
    questions: Iterable[Question],
    document: Document,
    schema: Schema,
    history: History,
    context: Context,
    now: datetime,
    manners: Manners,
    plan: Plan,
    segments: Callable[[Mapping[str, Any]], frozenset[str]] = lambda _: frozenset(),
) -> Iterator[Login]:
    """Return the next logins; `context` is how they come in, with the logins there were so far.

    `segments` says in which they are by what is known of them, which answers change.
    """
    known, ways, asks = dict(history), policies(schema), list(questions)
    for turn in range(plan.logins):
        at = now + turn * plan.apart
        document = refresh(document, at, ways).document
        number, login = context.logins + turn + 1, f"simulated-{turn}"
        asked: list[tuple[Asking, Deed]] = []

        def look(
            document: Document, at: datetime = at, number: int = number, login: str = login
        ) -> Chosen:
            found = segments(Person(document, schema, at).values())
            here = replace(context, login=login, logins=number, segments=found)
            return choose(asks, document, schema, known, here, at, manners)

        chosen = look(document)
        reports = chosen.reports
        while chosen.askings and len(asked) < MOST:
            asking = chosen.askings[0]
            key, deed = asking.question.key, _deed(asking, plan.deed)
            state = known.get(key, State()).as_asked(login, at)
            asked.append((asking, deed))
            if deed == "answer":
                document = amend(document, _facts(asking, schema, at), at, ways).document
            known[key] = _after(state, deed, manners, at)
            chosen = look(document)
            if deed == "leave":
                break
        keys = {asking.question.key for asking, _ in asked}
        left = {key: why for key, why in chosen.left.items() if key not in keys}
        left |= {one.question.key: "left" for one in chosen.askings if one.question.key not in keys}
        yield Login(number, at, tuple(asked), left, reports)


def _deed(asking: Asking, deed: Deed) -> Deed:
    return "answer" if asking.question.required and deed in ("skip", "refuse") else deed


def _after(state: State, deed: Deed, manners: Manners, at: datetime) -> State:
    match deed:
        case "answer":
            return state.as_answered(at)
        case "skip":
            return state.as_skipped(manners, at)
        case "refuse":
            return state.as_refused(at)
        case "leave":
            return state


def _facts(asking: Asking, schema: Schema, at: datetime) -> list[Fact]:
    facts = []
    for name in asking.attributes:
        place = schema.find(name)
        if place and (value := an_answer(schema, name, asking.guess)) is not None:
            facts.append(Fact(*place, value, asking.question.source, at))
    return facts


def an_answer(schema: Schema, name: str, guess: Any = None) -> Any:
    """Return an answer the schema takes; a guess is confirmed."""
    place, custom = schema.find(name), schema.by_name.get(name)
    if place is None:
        return None
    bounds = [custom.minimum, custom.maximum] if custom else []
    choices = (custom.enum or []) if custom else []
    offered = [guess, *choices, *_ANSWERS, *bounds]
    return next((one for one in offered if not schema.refuse(*place, one)), None)
