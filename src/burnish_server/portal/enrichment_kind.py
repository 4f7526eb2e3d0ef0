"""Enrichment > Providers > Add: every kind of provider, what it needs, gives, sends and costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.settings import span_text

INPUTS = {
    "ip": "IP address",
    "email": "e-mail address",
    "phone_number": "phone number",
    "user_agent": "browser's name",
    "accept_language": "preferred languages",
    "company_domain": "company domain",
    "linkedin_url": "LinkedIn page",
}
"""Inputs in words, where the name alone does not say it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of provider in words; `hashes` says how inputs leave the house hashed."""

    key: str
    title: str
    about: str
    page: str
    local: bool
    needs: str
    sends: str
    hashes: str
    gives: tuple[str, ...]
    price: str
    licence: str
    attribution: str
    keep: str
    note: str


def catalogue() -> Iterator[tuple[str, list[Kind]]]:
    """Return every kind there is, those that ask a vendor and those that need no network."""
    shown = [shown_kind(kind) for kind in kinds().values()]
    shown.sort(key=lambda one: one.title.lower())
    yield "Over the network", [one for one in shown if not one.local]
    yield "Without any network", [one for one in shown if one.local]


def shown_kind(kind: type[Provider]) -> Kind:
    """Return a kind in words. What is made by its settings alone, they say."""
    asked = bool(kind.needs or kind.any_of)
    sends = kind.needs | kind.any_of | kind.hints
    keep = kind.terms.keep
    return Kind(
        kind.key,
        kind.title or kind.key,
        " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
        kind.page if kind.page.startswith("https://") else "",
        kind.local,
        needs_in_words(kind) if asked else "What its settings say",
        "Nothing" if kind.local else (in_words(sends) if asked else "What its settings say"),
        _hashes(kind),
        tuple(sorted(kind.gives)),
        _price(kind),
        kind.terms.licence,
        kind.terms.attribution,
        "" if keep is None else (span_text(keep) if keep else "not at all"),
        kind.terms.note,
    )


def needs_in_words(provider: Provider | type[Provider]) -> str:
    """Return what a provider cannot be asked without."""
    needs = [in_words(provider.needs)] if provider.needs else []
    needs += [in_words(provider.any_of, "or")] if provider.any_of else []
    return " and ".join(needs) or "Nothing"


def in_words(names: Iterable[str], last: str = "and") -> str:
    """Return inputs in words: `company domain, e-mail address and name`."""
    words = [word(name) for name in sorted(names)]
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def word(name: str) -> str:
    """Return an input in words."""
    return INPUTS.get(name) or name.replace("_", " ")


def _hashes(kind: type[Provider]) -> str:
    if kind.hashed:
        return f"{in_words(kind.hashed)}: as a hash only"
    switches = [name for name in kind.Settings.model_fields if name.startswith("hash_")]
    asked = in_words(name.removeprefix("hash_") for name in switches)
    return f"{asked}: as a hash only, if you choose so" if switches else ""


def _price(kind: type[Provider]) -> str:
    if kind.local:
        return "Free"
    if not kind.price:
        return "No list price: set your own"
    misses = "a miss costs the same" if kind.charges_misses else "a miss is free"
    return f"{kind.price} an answer; {misses}"
