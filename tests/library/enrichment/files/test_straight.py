"""What a straight way down comes to is what a waterfall comes to, and each is asked once."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from burnish.enrichment.files.straight import Straight
from burnish.enrichment.inputs import Known
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Failed, Found, Miss, Outcome, Skipped
from burnish.enrichment.provider import LocalProvider, Provider
from burnish.enrichment.settings import Settings
from burnish.enrichment.waterfall import Choice, Waterfall

NAMES = ("one", "two", "three")
OUTPUTS = ("city", "country", "asn")
NOW = datetime(2026, 3, 4, tzinfo=UTC)


class Source(LocalProvider):
    key = "source"
    gives = frozenset(OUTPUTS)

    def __init__(self, name: str, need: str, price: Decimal, confidence: float | None) -> None:
        super().__init__(Settings(price=price, confidence=confidence), name)
        self.needs = frozenset({need})


sources = st.builds(
    lambda name, need, price, confidence: Source(name, need, Decimal(price), confidence),
    st.just(""),
    st.sampled_from(("ip", "email")),
    st.integers(0, 2),
    st.sampled_from((None, 0.4)),
)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(
        Found,
        st.dictionaries(st.sampled_from(OUTPUTS), st.integers(0, 9), min_size=1),
        st.sampled_from((0.3, 0.6, 1.0)),
    ),
    st.just(Miss()),
    st.just(Failed("broken")),
)
choices = st.builds(
    Choice,
    st.sampled_from(NAMES),
    st.sampled_from(OUTPUTS),
    st.sampled_from((0.0, 0.5)),
    st.sampled_from((None, Decimal(1))),
)


@given(
    st.tuples(sources, sources, sources),
    st.tuples(outcomes, outcomes, outcomes),
    st.dictionaries(st.sampled_from(OUTPUTS), st.lists(choices, max_size=4)),
    st.dictionaries(st.sampled_from(("ip", "email")), st.just("x")),
    st.sets(st.sampled_from(NAMES)),
)
def test_it_comes_to_the_same(
    made: tuple[Source, ...],
    said: tuple[Outcome, ...],
    wanted: Mapping[str, list[Choice]],
    known: Mapping[str, Any],
    forbidden: set[str],
) -> None:
    for source, name in zip(made, NAMES, strict=True):
        source.name = name
    providers: dict[str, Provider] = dict(zip(NAMES, made, strict=True))
    outcome = dict(zip(NAMES, said, strict=True))

    def may(provider: Provider, attribute: str | None) -> Skipped | None:
        return Skipped("no_consent") if provider.name in forbidden else None

    def fits(attribute: str, value: Any) -> str | None:
        return "is too much" if value > 6 else None

    fall = Waterfall(wanted, known, providers, may, fits)
    while due := fall.due():
        for one in due:
            fall.told(one.name, outcome[one.name])
    asked: Counter[str] = Counter()

    def ask(provider: Provider, known: Known) -> Lookup:
        asked[provider.name] += 1
        return Lookup(provider.name, outcome[provider.name], NOW, asked=True)

    values, lookups = Straight(wanted, providers, may, fits).walk(known, ask)

    assert values == {name: taken.value for name, taken in fall.taken.items()}
    assert set(asked.values()) <= {1}
    assert {lookup.provider for lookup in lookups} == set(asked) == set(fall.outcomes)
