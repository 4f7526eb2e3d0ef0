"""The merge policy: of several facts about one attribute, which one holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from burnish.profiles.fact import Fact, Standing

Rule = Literal["expired", "preferred", "locked", "standing", "confidence", "newest", "tie"]
"""What may decide between two facts, in the order in which it is asked."""

_WEIGHT = {standing: -place for place, standing in enumerate(get_args(Standing))}


@dataclass(frozen=True, slots=True)
class Policy:
    """How to choose. An expired fact loses to any live one, whatever else is said here.

    By default a person's word beats an administrator's (unless locked), that a social identity's,
    that a guess; among guesses the surer wins, then the newer. `prefer` lists sources, or kinds
    of them such as `provider`, that win in this order before anything else is asked.
    """

    by: Literal["standing", "newest", "most_confident"] = "standing"
    prefer: tuple[str, ...] = ()
    locked: bool = False

    def rank(self, fact: Fact, now: datetime) -> tuple[tuple[Rule, Any], ...]:
        """Return what the fact scores under each rule; the highest wins."""
        administrators = self.locked and fact.standing == "administrator"
        surer = self.by == "most_confident" or (self.by == "standing" and fact.standing == "guess")
        return (
            ("expired", fact.is_live(now)),
            ("preferred", -self._place(fact)),
            ("locked", administrators),
            ("standing", _WEIGHT[fact.standing] if self.by == "standing" else 0),
            ("confidence", fact.confidence if surer else 0.0),
            ("newest", fact.observed_at),
            ("tie", fact.tie_break()),
        )

    def _place(self, fact: Fact) -> int:
        kind = fact.source.partition(":")[0]
        places = [place for place, name in enumerate(self.prefer) if name in (fact.source, kind)]
        return places[0] if places else len(self.prefer)


DEFAULT = Policy()


@dataclass(frozen=True, slots=True)
class Loser:
    """A fact that does not hold, and the rule under which the winner beat it."""

    fact: Fact
    rule: Rule


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a value is here: the fact that holds, whether it is stale, and those it beat."""

    winner: Fact
    stale: bool
    losers: tuple[Loser, ...]


def choose(facts: Iterable[Fact], now: datetime, policy: Policy = DEFAULT) -> Fact:
    """Return the fact that holds, of at least one about one attribute, in whatever order."""
    return max(facts, key=lambda fact: policy.rank(fact, now))


def explain(facts: Iterable[Fact], now: datetime, policy: Policy = DEFAULT) -> Explanation:
    """Return which fact about one attribute holds, and by which rule it beat each other one."""
    ordered = sorted(facts, key=lambda fact: policy.rank(fact, now), reverse=True)
    winner, *others = ordered
    losers = tuple(Loser(fact, _decided(policy, winner, fact, now)) for fact in others)
    return Explanation(winner, not winner.is_live(now), losers)


def _decided(policy: Policy, winner: Fact, loser: Fact, now: datetime) -> Rule:
    pairs = zip(policy.rank(winner, now), policy.rank(loser, now), strict=True)
    return next((rule for (rule, ours), (_, theirs) in pairs if ours != theirs), "tie")
