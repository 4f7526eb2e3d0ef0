"""How long does it take to choose what to ask somebody?"""

import time
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from bench.measure import show
from burnish.attributes.access import OPEN
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, amend
from burnish.profiles.fact import Fact
from burnish.questions.choose import Context, choose
from burnish.questions.question import Question
from burnish.questions.state import Manners, State

METHOD = (
    "100 questions about 60 attributes, each with a condition on an attribute and on logins, every "
    "fifth with a variant; a profile of 30 attributes with two facts each; one thread, 500 calls. "
    "Busy: half of the questions are open and none rests. Quiet: somebody answered yesterday, so "
    "that the optional ones rest."
)
QUESTIONS, ATTRIBUTES, KNOWN, CALLS = 100, 60, 30, 500
NOW = datetime(2026, 3, 4, tzinfo=UTC)


def bench() -> None:
    """Print the table."""
    schema = Schema(
        tuple(
            CustomAttribute(id=f"{n:04}", pointer=f"/a{n}", type="string", access_control=OPEN)
            for n in range(ATTRIBUTES)
        )
    )
    document, questions = _document(schema), [_question(n) for n in range(QUESTIONS)]
    context = Context("somebody", "now", 5, NOW - timedelta(days=90), languages=("sv", "en"))
    yesterday = NOW - timedelta(days=1)
    rested = {
        f"q{n}": State(1, yesterday, "before", answered_at=yesterday) for n in range(0, 40, 2)
    }
    rows = []
    for name, history in (("busy", {}), ("quiet", rested)):
        taken = []
        for _ in range(CALLS):
            started = time.perf_counter()
            chosen = choose(questions, document, schema, history, context, NOW, Manners())
            taken.append((time.perf_counter() - started) * 1000)
        assert bool(chosen.askings) == (name == "busy")
        rows.append((name, f"{median(taken):.2f}", f"{quantiles(taken, n=100)[94]:.2f}"))
    show("choose", METHOD, ("somebody", "p50 ms", "p95 ms"), rows)


def _document(schema: Schema) -> Document:
    facts = [
        Fact("custom", attribute.id, f"value {place}", source, NOW - timedelta(days=place + 1))
        for place, attribute in enumerate(schema.custom[:KNOWN])
        for source in ("user" if place % 2 else "provider:acme", "provider:globex")
    ]
    return amend(Document(), facts, NOW).document


def _question(number: int) -> Question:
    said: dict[str, Any] = {
        "key": f"q{number}",
        "attributes": [f"a{number % ATTRIBUTES}"],
        "words": {"en": {"title": f"What is your a{number % ATTRIBUTES}?"}},
        "priority": number % 7 * 100,
        "when": {
            "logins": number % 4,
            "attributes": [{"attribute": f"a{number % KNOWN}", "known": True}],
        },
    }
    if number % 5 == 0:
        said["variants"] = [{"name": "b", "words": {"en": {"title": "Please tell us."}}}]
    return Question.model_validate(said)
