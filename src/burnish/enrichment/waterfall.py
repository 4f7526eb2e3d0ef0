"""The waterfall: providers asked in order, for each attribute, until nothing is wanted.

Pure: it says who is to be asked next, and is told what came of it.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from burnish.enrichment.inputs import FORMS, Unfit, plain
from burnish.enrichment.outcome import Found, Outcome, Pending, Skipped
from burnish.enrichment.provider import Provider


@dataclass(frozen=True, slots=True)
class Choice:
    """One step of a waterfall: a provider, the output that fills the attribute, and conditions.

    A value less sure than `min_confidence` is not taken. A lookup dearer than `max_price` is not
    made for this attribute alone.
    """

    provider: str
    output: str
    min_confidence: float = 0.0
    max_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An attribute that has its value: from which provider and output."""

    provider: str
    output: str
    value: Any
    confidence: float


May = Callable[[Provider, str | None], Skipped | None]
"""Says what forbids asking a provider, for an attribute or (None) for what others need."""

Fits = Callable[[str, Any], str | None]
"""Says why a value may not be stored in an attribute, or None."""


def judged(
    attribute: str, choice: Choice, provider: Provider, outcome: Outcome, fits: Fits
) -> Taken | str:
    """Return the value a step takes from an outcome; or why not, empty where there is none."""
    if not isinstance(outcome, Found) or choice.output not in outcome.values:
        return ""
    confidence = outcome.confidence_of(choice.output)
    most = provider.settings.confidence
    confidence = confidence if most is None else min(confidence, most)
    value = outcome.values[choice.output]
    if confidence < choice.min_confidence:
        return f"is only {confidence:g} sure, and {choice.min_confidence:g} is asked for"
    return fits(attribute, value) or Taken(choice.provider, choice.output, value, confidence)


def too_dear(attribute: str, choice: Choice, provider: Provider) -> Skipped | None:
    """Return why a step costs more than its attribute is worth, or None."""
    if choice.max_price is None or provider.cost <= choice.max_price:
        return None
    words = f"it costs {provider.cost}, and {attribute} is worth {choice.max_price} at most"
    return Skipped("too_expensive", words)


class Waterfall:
    """One profile's way down: what is wanted, what is known, who was asked.

    What one provider gives and another needs is wanted too, as far as it is needed.
    """

    def __init__(
        self,
        wanted: Mapping[str, Sequence[Choice]],
        known: Mapping[str, Any],
        providers: Mapping[str, Provider],
        may: May = lambda provider, attribute: None,
        fits: Fits = lambda attribute, value: None,
        unfit: Mapping[str, str] | None = None,
        useful: Container[str] | None = None,
    ) -> None:
        """Begin at the top. `useful` are the outputs to ask others with, where that is known."""
        self.known: dict[str, Any] = dict(known)
        self.taken: dict[str, Taken] = {}
        self.skipped: dict[str, Skipped] = {}
        """Providers that were not asked, and why."""
        self.refused: dict[str, dict[str, str]] = {}
        """Values that were not taken, and why, by provider and attribute."""
        self.outcomes: dict[str, Outcome] = {}
        self._open = {attribute: list(choices) for attribute, choices in wanted.items()}
        self._providers = providers
        self._may = may
        self._fits = fits
        self._unfit = unfit or {}
        self._useful = useful
        self._under_way: set[str] = set()

    @property
    def wanting(self) -> list[str]:
        """The attributes that have no value yet, though somebody may still have one."""
        return list(self._open)

    def due(self) -> list[Provider]:
        """Return the providers to be asked now, each once; they are under way from here on."""
        due: dict[str, None] = {}
        for attribute in list(self._open):
            due.update(dict.fromkeys(self._next(attribute)))
        self._under_way.update(due)
        return [self._providers[name] for name in due]

    def told(self, name: str, outcome: Outcome) -> None:
        """Take in what came of asking a provider; one that is pending is still under way."""
        if isinstance(outcome, Pending):
            return
        self._under_way.discard(name)
        self.outcomes[name] = outcome
        if isinstance(outcome, Skipped):
            self.skipped[name] = outcome
        if isinstance(outcome, Found):
            for output, value in outcome.values.items():
                if output not in self.known and (self._useful is None or output in self._useful):
                    self._learn(output, value)

    def _learn(self, output: str, value: Any) -> None:
        if isinstance(value, str | int | float):
            try:
                self.known[output] = FORMS.get(output, plain)(value)
            except Unfit:
                return

    def _next(self, attribute: str) -> Iterable[str]:
        """Return whom to ask next for an attribute: nobody while the next one is under way."""
        choices = self._open[attribute]
        while choices:
            choice = choices[0]
            name = choice.provider
            if name in self._under_way:
                return ()
            if name in self.outcomes:
                if self._takes(attribute, choice):
                    return ()
            elif refusal := self._hindrance(choice, attribute):
                self.skipped.setdefault(name, refusal)
            else:
                lacks = self._providers[name].lacks(self.known)
                if not lacks:
                    return (name,)
                if helpers := self._helpers(self._providers[name], {name}):
                    return [helper for helper in helpers if helper not in self._under_way]
                self.skipped.setdefault(name, self._missing(lacks))
            choices.pop(0)
        del self._open[attribute]
        return ()

    def _takes(self, attribute: str, choice: Choice) -> bool:
        outcome = self.outcomes[choice.provider]
        match judged(attribute, choice, self._providers[choice.provider], outcome, self._fits):
            case Taken() as taken:
                self.taken[attribute] = taken
                del self._open[attribute]
                return True
            case str(refusal) if refusal:
                self.refused.setdefault(choice.provider, {})[attribute] = refusal
        return False

    def _hindrance(self, choice: Choice, attribute: str) -> Skipped | None:
        provider = self._providers[choice.provider]
        return too_dear(attribute, choice, provider) or self._may(provider, attribute)

    def _missing(self, lacks: list[str]) -> Skipped:
        for name in lacks:
            if reason := self._unfit.get(name):
                return Skipped("unfit_input", f"{name} {reason}")
        return Skipped("missing_input", f"it needs {' and '.join(lacks)}")

    def _helpers(self, provider: Provider, asking: set[str]) -> list[str]:
        """Return who is to be asked first so that a provider gets what it lacks.

        Empty where nobody can give it. The cheapest is asked, local ones before others.
        """
        helpers: list[str] = []
        for need in provider.needs - self.known.keys():
            if not (found := self._givers({need}, asking)):
                return []
            helpers += found
        if provider.any_of and not provider.any_of & self.known.keys():
            if not (found := self._givers(provider.any_of, asking)):
                return []
            helpers += found
        return helpers

    def _givers(self, needs: Iterable[str], asking: set[str]) -> list[str]:
        wanted = set(needs)
        able = [
            one
            for one in self._providers.values()
            if one.name not in asking
            and one.name not in self.outcomes
            and wanted & one.gives
            and not self._may(one, None)
        ]
        for one in sorted(able, key=lambda one: (one.cost, not one.local)):
            if not one.lacks(self.known):
                return [one.name]
            if helpers := self._helpers(one, asking | {one.name}):
                return helpers
        return []
