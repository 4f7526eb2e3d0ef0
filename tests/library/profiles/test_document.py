"""A stored profile, and what becomes of it when somebody speaks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from burnish.profiles import effective
from burnish.profiles.document import Document, amend, clear, explain, refresh
from burnish.profiles.fact import NOTHING, Attribute, Fact

NOW = datetime(2026, 3, 4, tzinfo=UTC)
CITY: Attribute = ("custom", "city")
SOURCES = ("user", "admin", "social:google", "hook:geo", "provider:acme", "provider:globex")

moments = st.integers(-30, 30).map(lambda days: NOW + timedelta(days=days))
facts = st.builds(
    Fact,
    group=st.just("custom"),
    key=st.sampled_from(["city", "country"]),
    value=st.sampled_from(["Lyon", "Paris", 7, True, NOTHING]),
    source=st.sampled_from(SOURCES),
    observed_at=moments,
    confidence=st.sampled_from([0.5, 1.0]),
    expires_at=st.none() | moments,
    author=st.sampled_from([None, None, "user"]),
    locked=st.booleans(),
    refused=st.booleans(),
)
many = st.lists(facts, max_size=10)


def told(said: list[Fact], document: Document | None = None) -> Document:
    return amend(document or Document(), said, NOW).document


def seen(document: Document) -> tuple[Any, Any]:
    return dict(document.custom), document.facts.get("custom", {})


@given(many, st.randoms())
def test_the_order_in_which_facts_arrive_does_not_matter(said: list[Fact], random: Any) -> None:
    shuffled = said.copy()
    random.shuffle(shuffled)
    one_by_one = Document()
    for fact in shuffled:
        one_by_one = told([fact], one_by_one)

    assert seen(one_by_one) == seen(told(said))


@given(many)
def test_what_is_stored_is_what_the_facts_say(said: list[Fact]) -> None:
    winners = effective.winners(said, NOW)

    assert told(said).custom == {key: fact.value for (_, key), fact in winners.items()}


@given(many, st.sampled_from(SOURCES))
def test_a_withdrawn_source_leaves_the_profile_as_if_it_had_never_spoken(
    said: list[Fact], source: str
) -> None:
    places = [(("custom", key), source) for key in ("city", "country")]
    never = [fact for fact in said if fact.source != source]

    withdrawn = amend(told(said), [], NOW, withdrawn=places).document  # type: ignore[arg-type]

    assert withdrawn.custom == told(never).custom


@given(many, many)
def test_only_what_somebody_spoke_of_is_touched(before: list[Fact], said: list[Fact]) -> None:
    document = told(before)
    about_city = [fact for fact in said if fact.key == "city"]

    after = amend(document, about_city, NOW)

    assert after.document.custom.get("country") == document.custom.get("country")
    assert {change.attribute for change in after.changes} <= {CITY}
    for change in after.changes:
        assert after.document.custom.get("city", NOTHING) == change.new
        assert document.custom.get("city", NOTHING) == change.old


@given(many, facts)
def test_what_a_person_deleted_is_empty_and_its_sources_are_not_heard_again(
    said: list[Fact], guess: Fact
) -> None:
    heard = [fact for fact in said if not fact.refused]
    document = told(heard)

    refused, withdrawn = clear(document, CITY, NOW)
    cleared = amend(document, refused, NOW, withdrawn=withdrawn).document

    assert "city" not in cleared.custom
    sources = {fact.source for fact in refused}
    again = amend(cleared, [guess], NOW)
    if guess.source in sources and guess.key == "city" and guess.standing in ("social", "guess"):
        assert "city" not in again.document.custom


@given(many, moments)
def test_a_profile_derived_anew_is_what_its_facts_say_then(
    said: list[Fact], then: datetime
) -> None:
    winners = effective.winners(said, then)

    fresh = refresh(told(said), then).document

    assert fresh.custom == {key: fact.value for (_, key), fact in winners.items()}


def test_a_fact_s_expiry_is_when_the_profile_is_due() -> None:
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=9)
    guess = Fact(*CITY, "Lyon", "provider:acme", NOW, 0.9, soon)
    other = Fact(*CITY, "Paris", "provider:globex", NOW, 0.5, later)

    document = told([guess, other])

    assert (document.custom["city"], document.due_at) == ("Lyon", soon)
    fresh = refresh(document, soon)
    assert [(change.old, change.new) for change in fresh.changes] == [("Lyon", "Paris")]
    assert fresh.document.due_at == later


def test_one_attribute_is_explained() -> None:
    guess = Fact(*CITY, "Lyon", "provider:acme", NOW, 0.9)
    word = Fact(*CITY, "Paris", "user", NOW)

    why = explain(told([guess, word]), CITY, NOW)

    assert why
    assert why.winner == word
    assert [(loser.fact, loser.rule) for loser in why.losers] == [(guess, "standing")]
    assert explain(Document(), CITY, NOW) is None
