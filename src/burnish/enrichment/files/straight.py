"""A waterfall on which nobody is asked with what another one found, laid out beforehand.

Most are of this kind: where an address is needs nothing but the address. It comes to what
`Waterfall` comes to, without keeping account of who is under way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

from burnish.enrichment.inputs import Known
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.provider import Provider
from burnish.enrichment.waterfall import Choice, Fits, May, Taken, judged, too_dear

Walked: TypeAlias = tuple[dict[str, Any], list[Lookup]]


class Straight:
    """Asks local providers in turn, each at most once, until an attribute has its value."""

    def __init__(
        self,
        wanted: Mapping[str, Sequence[Choice]],
        providers: Mapping[str, Provider],
        may: May,
        fits: Fits,
    ) -> None:
        """Leave out those who may not be asked, whatever is known."""
        self._fits = fits
        self._steps = [
            (
                attribute,
                [
                    (choice, providers[choice.provider])
                    for choice in choices
                    if not too_dear(attribute, choice, providers[choice.provider])
                    and not may(providers[choice.provider], attribute)
                ],
            )
            for attribute, choices in wanted.items()
        ]

    @staticmethod
    def suits(providers: Collection[Provider], looked_at: Collection[str]) -> bool:
        """Say whether nobody is asked with what another one finds."""
        return all(one.local and one.gives.isdisjoint(looked_at) for one in providers)

    def walk(self, known: Known, ask: Callable[[Provider, Known], Lookup]) -> Walked:
        """Return the values there are by attribute, and what was asked for them."""
        values: dict[str, Any] = {}
        asked: dict[str, Lookup | None] = {}
        for attribute, steps in self._steps:
            for choice, provider in steps:
                name = choice.provider
                if name not in asked:
                    asked[name] = None if provider.lacks(known) else ask(provider, known)
                lookup = asked[name]
                if lookup is None:
                    continue
                taken = judged(attribute, choice, provider, lookup.outcome, self._fits)
                if isinstance(taken, Taken):
                    values[attribute] = taken.value
                    break
        return values, [lookup for lookup in asked.values() if lookup is not None]
