"""Lookups as files make them: what local providers said is remembered by what they were sent."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from burnish.enrichment.files.memo import MOST, Memo
from burnish.enrichment.inputs import Known
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed
from burnish.enrichment.provider import Provider


class Looking(Lookups):
    """Asks providers for many rows, many of which ask the same."""

    def __init__(self, *arguments: Any, remembered: int = MOST, **more: Any) -> None:
        """Keep what `Lookups` keeps, and `remembered` answers of each local provider."""
        super().__init__(*arguments, **more)
        self._remembered = remembered
        self._memos: dict[str, Memo[Lookup]] = {}

    def look(self, provider: Provider, known: Known) -> Lookup:
        """Return what a local provider knows, now or before."""
        sent = provider.sends(known)
        key: Hashable = tuple(sorted(sent.items()))
        if (memo := self._memos.get(provider.name)) is None:
            memo = self._memos[provider.name] = Memo(self._remembered)
        if (before := memo.get(key)) is not None:
            return before
        lookup = self.look_anew(provider, sent)
        if not isinstance(lookup.outcome, Failed):
            memo.keep(key, replace(lookup, asked=False, ms=0.0))
        return lookup

    def look_anew(self, provider: Provider, known: Known) -> Lookup:
        """Return what a local provider knows, of what is not asked twice anyway."""
        return super().look(provider, provider.sends(known))
