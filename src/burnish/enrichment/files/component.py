"""Wanted attributes that have to be looked up together, and those that need not.

Where an address is and what a browser says have nothing to do with each other: each is looked up
by its own inputs, and remembered by them, however the rows combine the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from burnish.enrichment.provider import Provider
from burnish.enrichment.setup import Setup


@dataclass(frozen=True, slots=True)
class Component:
    """Attributes, the providers that may be asked for them, and the inputs these look at."""

    attributes: tuple[str, ...]
    providers: Mapping[str, Provider]
    inputs: tuple[str, ...]

    @property
    def is_local(self) -> bool:
        """Whether nobody outside is asked."""
        return all(one.local for one in self.providers.values())


def components(setup: Setup, want: Iterable[str], inputs: Iterable[str]) -> list[Component]:
    """Return the components of what is wanted; `inputs` are those the rows have."""
    groups: list[tuple[list[str], set[str]]] = []
    for attribute in want:
        names = _reachable(setup, {choice.provider for choice in setup.waterfall(attribute)})
        attributes = [attribute]
        apart = []
        for others, theirs in groups:
            if _touch(setup, names, theirs):
                attributes = [*others, *attributes]
                names |= theirs
            else:
                apart.append((others, theirs))
        groups = [*apart, (attributes, names)]
    known = sorted(set(inputs))
    return _joined([_component(setup, attributes, names, known) for attributes, names in groups])


def asked(setup: Setup, want: Iterable[str]) -> list[Provider]:
    """Return all providers that may be asked for what is wanted."""
    first = {choice.provider for attribute in want for choice in setup.waterfall(attribute)}
    names = _reachable(setup, first)
    return [one for name, one in setup.providers.items() if name in names]


def looks_at(provider: Provider) -> frozenset[str]:
    """Return all inputs that may change what a provider answers."""
    return provider.needs | provider.any_of | provider.hints


def _reachable(setup: Setup, names: set[str]) -> set[str]:
    """Add to providers those that may be asked for what these need."""
    reached, edge = set(names), set(names)
    while edge:
        needed = frozenset().union(
            *(setup.providers[name].needs | setup.providers[name].any_of for name in edge)
        )
        edge = {name for name, one in setup.providers.items() if one.gives & needed} - reached
        reached |= edge
    return reached


def _touch(setup: Setup, ours: set[str], theirs: set[str]) -> bool:
    """Say whether what one of two groups finds may change what the other one finds."""
    if ours & theirs:
        return True
    return any(
        setup.providers[giver].gives & looks_at(setup.providers[taker])
        for givers, takers in ((ours, theirs), (theirs, ours))
        for giver in givers
        for taker in takers
    )


def _component(setup: Setup, attributes: list[str], names: set[str], known: list[str]) -> Component:
    providers = {name: one for name, one in setup.providers.items() if name in names}
    seen: set[str] = set()
    for provider in providers.values():
        seen |= looks_at(provider)
    return Component(tuple(attributes), providers, tuple(name for name in known if name in seen))


def _joined(parts: list[Component]) -> list[Component]:
    """Join components that look at the same inputs, for they are remembered by the same."""
    joined: dict[tuple[tuple[str, ...], bool], Component] = {}
    for part in parts:
        key = part.inputs, part.is_local
        if (before := joined.get(key)) is None:
            joined[key] = part
        else:
            attributes = (*before.attributes, *part.attributes)
            joined[key] = Component(attributes, {**before.providers, **part.providers}, part.inputs)
    return list(joined.values())
