"""The merge policy: of several facts about one attribute, which one holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from burnish.attributes.merge import BY_STANDING, Merge
from burnish.attributes.schema import Schema
from burnish.profiles.fact import Attribute, Fact, Standing

Rule = Literal["expired", "locked", "preferred", "standing", "confidence", "newest", "tie"]
"""What may decide between two facts."""

RULES: tuple[Rule, ...] = ("expired", "locked", "preferred", "standing", "confidence", "newest")
"""The rules in the order in which they are asked; a tie is what they leave undecided."""

_WORDS: dict[Rule, str] = {
    "expired": "it has expired",
    "locked": "an administrator locked the value",
    "preferred": "the attribute prefers another source",
    "standing": "a weightier source spoke",
    "confidence": "another source is surer",
    "newest": "another source spoke later",
    "tie": "both weigh the same, and one has to be taken",
}

_WEIGHT = {standing: -place for place, standing in enumerate(get_args(Standing))}


@dataclass(frozen=True, slots=True)
class Policy:
    """How to choose. An expired fact loses to any live one, whatever else is said here.

    By default a person's word beats an administrator's (unless locked), that a social identity's,
    that a guess; among guesses the surer wins, then the newer. `prefer` lists sources, or kinds
    of them such as `provider`, that win in this order before anything else is asked; but no live
    fact beats what an administrator locked.
    """

    by: Literal["standing", "newest", "most_confident"] = "standing"
    prefer: tuple[str, ...] = ()

    def rank(self, fact: Fact, now: datetime) -> tuple[Any, ...]:
        """Return what the fact scores under each of `RULES`; the highest wins."""
        standing = fact.standing
        weighed = self.by == "standing"
        surer = self.by == "most_confident" or (weighed and standing == "guess")
        return (
            fact.expires_at is None or now < fact.expires_at,
            fact.locked and standing == "administrator",
            -self._place(fact) if self.prefer else 0,
            _WEIGHT[standing] if weighed else 0,
            fact.confidence if surer else 0.0,
            fact.observed_at,
        )

    def _place(self, fact: Fact) -> int:
        kind = fact.source.partition(":")[0]
        places = [place for place, name in enumerate(self.prefer) if name in (fact.source, kind)]
        return places[0] if places else len(self.prefer)


DEFAULT = Policy()

Policies = Mapping[Attribute, Policy]
"""The policies of attributes that have one of their own."""


def policies(schema: Schema) -> Policies:
    """Return the policies a schema sets."""
    ways: dict[Attribute, Merge] = {
        ("standard", attribute.name): attribute.merge for attribute in schema.standard.values()
    }
    ways |= {("custom", attribute.id): attribute.merge for attribute in schema.custom}
    return {place: Policy(way.by, way.prefer) for place, way in ways.items() if way != BY_STANDING}


@dataclass(frozen=True, slots=True)
class Loser:
    """A fact that does not hold, and the rule under which the winner beat it."""

    fact: Fact
    rule: Rule

    @property
    def reason(self) -> str:
        """The rule in words."""
        return _WORDS[self.rule]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a value is here: the fact that holds, whether it is stale, and those it beat."""

    winner: Fact
    stale: bool
    losers: tuple[Loser, ...]


def choose(facts: Iterable[Fact], now: datetime, policy: Policy = DEFAULT) -> Fact:
    """Return the fact that holds, of at least one about one attribute, in whatever order."""
    best, *rest = facts
    if not rest:
        return best
    rank = policy.rank(best, now)
    for fact in rest:
        rival = policy.rank(fact, now)
        if rival > rank or (rival == rank and fact.wins_tie(best)):
            best, rank = fact, rival
    return best


def explain(facts: Iterable[Fact], now: datetime, policy: Policy = DEFAULT) -> Explanation:
    """Return which fact about one attribute holds, and by which rule it beat each other one."""
    said = list(facts)
    winner = choose(said, now, policy)
    others = [fact for fact in said if fact is not winner]
    others.sort(key=lambda fact: policy.rank(fact, now), reverse=True)
    losers = tuple(Loser(fact, _decided(policy, winner, fact, now)) for fact in others)
    return Explanation(winner, not winner.is_live(now), losers)


def _decided(policy: Policy, winner: Fact, loser: Fact, now: datetime) -> Rule:
    scores = zip(RULES, policy.rank(winner, now), policy.rank(loser, now), strict=True)
    return next((rule for rule, ours, theirs in scores if ours != theirs), "tie")
