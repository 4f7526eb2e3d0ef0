"""Lookups as files make them: what local providers said is remembered by what they were sent."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from typing import Any

from burnish.enrichment.cache import Entry
from burnish.enrichment.files.memo import MOST, Memo
from burnish.enrichment.files.purse import ENDINGS, PASSING, Purse
from burnish.enrichment.inputs import Known
from burnish.enrichment.lookup import Lookup, Lookups
from burnish.enrichment.outcome import Failed, Found, Miss
from burnish.enrichment.provider import Provider


class Looking(Lookups):
    """Asks providers for many rows, many of which ask the same."""

    def __init__(
        self,
        *arguments: Any,
        remembered: int = MOST,
        purse: Purse | None = None,
        **more: Any,
    ) -> None:
        """Keep what `Lookups` keeps, and `remembered` answers of each local provider.

        The `purse` says who may be asked, and knows which vendors are away.
        """
        super().__init__(*arguments, meter=purse, **more)
        self._purse = purse
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

    def go_on(self) -> None:
        """Raise `Halted` where the run cannot go on."""
        if self._purse and self._purse.halted:
            raise self._purse.halted

    def is_away(self, provider: str) -> bool:
        """Say whether a vendor gives no answer to anybody just now."""
        return self._purse is not None and self._purse.is_away(provider)

    async def _keep(
        self,
        provider: Provider,
        key: str,
        answer: Found | Miss | Failed,
        at: datetime,
        last: Entry | None,
    ) -> None:
        """Keep an answer; a failure that passes is no answer, for it is asked again."""
        if not isinstance(answer, Failed) or answer.reason not in PASSING | ENDINGS.keys():
            await super()._keep(provider, key, answer, at, last)
