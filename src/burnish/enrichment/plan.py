"""Which lookups are worth making for a profile, and which are not, and why. Asks nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from burnish.consent.decide import lacking
from burnish.enrichment.inputs import Inputs
from burnish.enrichment.outcome import Skipped
from burnish.enrichment.provider import Provider
from burnish.enrichment.setup import Setup
from burnish.enrichment.waterfall import Choice, May, Waterfall
from burnish.profiles.document import Document
from burnish.profiles.fact import NOTHING, Fact
from burnish.profiles.policy import DEFAULT, choose, policies

Turn = Literal["first", "then", "after", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an attribute's waterfall, and its turn.

    `first` is asked at once, `then` if those before have nothing, `after` once others gave what it
    needs, and `skipped` not at all; `detail` says after whom, or why not.
    """

    attribute: str
    provider: str
    turn: Turn
    price: Decimal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be asked. `settled` are attributes nobody is asked about, and why."""

    steps: tuple[Step, ...] = ()
    settled: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> list[str]:
        """The providers asked at once, each once."""
        return list(dict.fromkeys(step.provider for step in self.steps if step.turn == "first"))

    @property
    def most(self) -> Decimal:
        """What it can cost at most: every provider that may be asked has an answer."""
        prices = {step.provider: step.price for step in self.steps if step.turn != "skipped"}
        return sum(prices.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a profile: the waterfalls to go down, and what is settled already."""

    wanted: Mapping[str, Sequence[Choice]]
    settled: Mapping[str, str]


def wish(setup: Setup, want: Iterable[str], document: Document, now: datetime) -> Wish:
    """Return what is missing, has expired, or is not sure enough, of what somebody wants."""
    wanted: dict[str, Sequence[Choice]] = {}
    settled: dict[str, str] = {}
    for attribute in want:
        choices = setup.waterfall(attribute)
        if why := _settled(setup, attribute, choices, document, now):
            settled[attribute] = why
        else:
            wanted[attribute] = choices
    return Wish(wanted, settled)


def may(setup: Setup, document: Document, granted: Collection[str]) -> May:
    """Return what says whether a provider may be asked: consent, and what the person refused."""

    def asked(provider: Provider, attribute: str | None) -> Skipped | None:
        if purpose := lacking(provider.settings.purposes, granted, setup.purposes):
            return Skipped("no_consent", f"the person did not consent to {purpose}")
        if attribute is not None and _is_refused(setup, document, attribute, provider.name):
            return Skipped("refused", f"the person removed what it said of {attribute}")
        return None

    return asked


def explain(
    setup: Setup, inputs: Inputs, wish: Wish, document: Document, granted: Collection[str]
) -> Plan:
    """Return the whole plan."""
    allowed = may(setup, document, granted)
    steps: list[Step] = []
    for attribute, choices in wish.wanted.items():
        waits = False
        for choice in choices:
            step = _step(setup, inputs, attribute, choice, allowed)
            if step.turn == "first" and waits:
                step = Step(attribute, step.provider, "then", step.price)
            waits = waits or step.turn != "skipped"
            steps.append(step)
    return Plan(tuple(steps), wish.settled)


def _step(setup: Setup, inputs: Inputs, attribute: str, choice: Choice, allowed: May) -> Step:
    provider = setup.providers[choice.provider]
    fall = Waterfall({attribute: [choice]}, inputs.known, setup.providers, allowed)
    first = [one.name for one in fall.due()]
    if first == [choice.provider]:
        return Step(attribute, choice.provider, "first", provider.cost)
    if first:
        return Step(attribute, choice.provider, "after", provider.cost, " and ".join(first))
    hindrance = fall.skipped.get(choice.provider)
    detail = hindrance.detail if hindrance else ""
    for name in provider.lacks(inputs.known):
        detail = f"{name} {inputs.unfit[name]}" if name in inputs.unfit else detail
    return Step(attribute, choice.provider, "skipped", provider.cost, detail)


def _settled(
    setup: Setup,
    attribute: str,
    choices: Sequence[Choice],
    document: Document,
    now: datetime,
) -> str:
    """Return why nobody needs to be asked about an attribute; empty where somebody does."""
    place = setup.place(attribute)
    if place is None:
        return "nobody defined this attribute"
    if not choices:
        return "no provider gives it"
    heard = [fact for fact in _facts(setup, document, attribute) if not fact.refused]
    live = [fact for fact in heard if fact.is_live(now)]
    if not live:
        return ""
    policy = policies(setup.schema).get(place, DEFAULT) if setup.schema else DEFAULT
    holds = choose(live, now, policy)
    if holds.value is NOTHING and holds.standing != "guess":
        return "the person wants no value here"
    if holds.standing != "guess":
        words = {"person": "the person said it", "administrator": "an administrator said it"}
        return words.get(holds.standing, "a social identity said it")
    least = {f"provider:{choice.provider}": choice.min_confidence for choice in choices}
    if holds.confidence >= least.get(holds.source, 0.0):
        return f"{holds.source} said it, and that still holds"
    return ""


def _facts(setup: Setup, document: Document, attribute: str) -> list[Fact]:
    place = setup.place(attribute)
    if place is None:
        return []
    group, key = place
    slots = document.facts.get(group, {}).get(key, {})
    return [Fact.from_json(group, key, source, stored) for source, stored in slots.items()]


def _is_refused(setup: Setup, document: Document, attribute: str, provider: str) -> bool:
    source = f"provider:{provider}"
    return any(
        fact.refused and fact.source == source for fact in _facts(setup, document, attribute)
    )
