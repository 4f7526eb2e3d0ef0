"""Which of several facts about one attribute holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burnish.profiles import effective
from burnish.profiles.fact import NOTHING, Fact
from burnish.profiles.policy import Policy, choose, explain

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SOURCES = (
    "user",
    "question:city",
    "admin",
    "social:google",
    "hook:geo",
    "provider:acme",
    "provider:globex",
    "import:7",
)


def said(source: str, value: Any = "Lyon", days_ago: float = 1, **more: Any) -> Fact:
    return Fact("custom", "city", value, source, NOW - timedelta(days=days_ago), **more)


moments = st.integers(-30, 30).map(lambda days: NOW + timedelta(days=days))
facts = st.builds(
    Fact,
    group=st.just("custom"),
    key=st.sampled_from(["city", "country"]),
    value=st.sampled_from(["Lyon", "Paris", 7, {"a": [1]}, NOTHING]),
    source=st.sampled_from(SOURCES),
    observed_at=moments,
    confidence=st.sampled_from([0.0, 0.5, 0.92, 1.0]),
    expires_at=st.none() | moments,
    author=st.sampled_from([None, None, "user", "admin"]),
    locked=st.booleans(),
    refused=st.booleans(),
)
policies = st.builds(
    Policy,
    by=st.sampled_from(["standing", "newest", "most_confident"]),
    prefer=st.lists(st.sampled_from(["provider", "hook:geo", "admin"]), max_size=2).map(tuple),
)


@pytest.mark.parametrize(
    ("winner", "loser", "rule"),
    [
        (said("user", days_ago=9), said("admin"), "standing"),
        (said("question:city", days_ago=9), said("admin"), "standing"),
        (said("admin", days_ago=9), said("social:google"), "standing"),
        (said("social:google", days_ago=9), said("provider:acme"), "standing"),
        (said("hook:tidy", author="user"), said("user", days_ago=2), "newest"),
        (said("user"), said("hook:geo", days_ago=0), "standing"),
        (
            said("provider:acme", days_ago=9, confidence=0.9),
            said("provider:globex", confidence=0.8),
            "confidence",
        ),
        (said("provider:acme"), said("provider:globex", days_ago=2), "newest"),
        (said("provider:acme"), said("user", expires_at=NOW), "expired"),
        (said("admin", locked=True, days_ago=9), said("user"), "locked"),
    ],
)
def test_by_default_the_weightier_word_holds(winner: Fact, loser: Fact, rule: str) -> None:
    explanation = explain([loser, winner], NOW)

    assert explanation.winner == winner
    assert [(lost.fact, lost.rule) for lost in explanation.losers] == [(loser, rule)]


@pytest.mark.parametrize(
    ("policy", "source"),
    [
        (Policy(), "user"),
        (Policy(prefer=("provider:acme",)), "provider:acme"),
        (Policy(prefer=("hook", "provider")), "hook:geo"),
        (Policy(by="newest"), "social:google"),
        (Policy(by="most_confident"), "user"),
    ],
)
def test_a_policy_of_its_own_chooses_otherwise(policy: Policy, source: str) -> None:
    all_said = [
        said("user", days_ago=5),
        said("admin", days_ago=6),
        said("social:google", days_ago=0, confidence=0.5),
        said("hook:geo", days_ago=4, confidence=0.7),
        said("provider:acme", days_ago=3, confidence=0.9),
    ]

    assert choose(all_said, NOW, policy).source == source


def test_an_expired_fact_is_kept_where_nothing_else_is_known_and_called_stale() -> None:
    old = said("provider:acme", expires_at=NOW - timedelta(days=1))

    assert explain([old], NOW).winner == old
    assert explain([old], NOW).stale


@given(st.lists(facts, max_size=12), st.randoms(), policies)
def test_the_order_in_which_facts_arrive_does_not_matter(
    given: list[Fact], random: Any, policy: Policy
) -> None:
    shuffled = given.copy()
    random.shuffle(shuffled)
    own = {("custom", "city"): policy}

    assert effective.winners(given, NOW, own) == effective.winners(shuffled, NOW, own)  # type: ignore[arg-type]
    assert effective.dump(given) == effective.dump(shuffled)


@given(st.lists(facts, max_size=12))
def test_what_is_stored_says_what_was_said(given: list[Fact]) -> None:
    stored = effective.dump(given)

    assert effective.winners(effective.load(stored), NOW) == effective.winners(given, NOW)


@given(st.lists(facts, max_size=12), st.sampled_from(SOURCES))
def test_a_withdrawn_source_leaves_the_profile_as_if_it_had_never_spoken(
    given: list[Fact], source: str
) -> None:
    stored = effective.dump(given)
    withdrawn = [fact for fact in effective.load(stored) if fact.source != source]
    never = [fact for fact in given if fact.source != source]

    assert effective.winners(withdrawn, NOW) == effective.winners(never, NOW)


@given(st.lists(facts, max_size=12), facts)
def test_a_person_s_live_value_never_changes_because_a_provider_spoke(
    given: list[Fact], guess: Fact
) -> None:
    before = effective.winners(given, NOW)
    after = effective.winners([*given, guess], NOW)

    for attribute, fact in before.items():
        if fact.standing == "person" and fact.is_live(NOW) and guess.standing == "guess":
            told_again = guess.source == fact.source
            assert after[attribute] == fact or told_again
