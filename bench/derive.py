"""How many profiles a second can one core derive and validate?"""

import time
from datetime import UTC, datetime, timedelta

from bench.measure import show
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.profiles import effective
from burnish.profiles.fact import Fact

METHOD = (
    "30 text attributes, two facts each (a person's and a provider's, or two providers'), from the "
    "stored JSON to checked values; 5,000 profiles in one thread."
)
PROFILES = 5000


def bench() -> None:
    """Print the table."""
    now = datetime(2026, 3, 4, tzinfo=UTC)
    schema = Schema(
        tuple(
            CustomAttribute(id=f"{number:04}", pointer=f"/a{number}", type="string")
            for number in range(30)
        )
    )
    names = {attribute.id: attribute.name for attribute in schema.custom}
    stored = effective.dump(_facts(schema, now))
    started = time.perf_counter()
    for _ in range(PROFILES):
        winners = effective.winners(effective.load(stored), now)
        loaded = {names[key]: fact.value for (_, key), fact in winners.items()}
        assert schema.validate({}, loaded) == []
    seconds = time.perf_counter() - started
    facts = list(effective.load(stored))
    started = time.perf_counter()
    for _ in range(PROFILES):
        winners = effective.winners(facts, now)
        values = {names[key]: fact.value for (_, key), fact in winners.items()}
        assert schema.validate({}, values) == []
    from_facts = time.perf_counter() - started
    rows = [
        ("from stored JSON", f"{PROFILES / seconds:,.0f}"),
        ("from facts", f"{PROFILES / from_facts:,.0f}"),
    ]
    show("derive", METHOD, ("derive and validate", "profiles/s"), rows)


def _facts(schema: Schema, now: datetime) -> list[Fact]:
    facts = []
    for place, attribute in enumerate(schema.custom):
        sources = ("user" if place % 2 else "provider:acme", "provider:globex")
        facts += [
            Fact("custom", attribute.id, f"value {place}", source, now - timedelta(days=place + 1))
            for source in sources
        ]
    return facts
