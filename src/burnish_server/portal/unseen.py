"""What hooks were told and said, as far as the portal may see it.

Hooks are told every attribute. Where their events, answers and words are shown, the values of
attributes that are hidden from the portal are masked, as those of sensitive ones are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest
from unfold.views import ChangeList

from burnish_server.hooks import masking
from burnish_server.hooks.models import Delivery, Event, Run
from burnish_server.profiles import store

Row = TypeVar("Row", Run, Delivery)

_HOLDERS = frozenset({"standard_attributes", "custom_attributes", "claims"})
"""Where attributes stand in events and answers; elsewhere a `name` is something else."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """The names of attributes whose values are masked: wherever they stand, or as attributes."""

    sensitive: frozenset[str]
    hidden: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """All the names."""
        return self.sensitive | self.hidden

    def masked(self, value: Any) -> Any:
        """Return an event or an answer with the values masked."""
        return _in_holders(masking.masked(value, self.sensitive), self.hidden)

    def values_of(self, value: Any) -> set[str]:
        """Return the values in an event or an answer that are masked."""
        hidden = (masking.values_of(one, self.hidden) for one in _holders(value))
        return masking.values_of(value, self.sensitive).union(*hidden)


def now() -> Unseen:
    """Return what the portal does not show just now."""
    schema = store.schema()
    names = (*schema.standard, *schema.by_name)
    hidden = {name for name in names if not schema.may("portal_ui", "read", name)}
    return Unseen(frozenset(masking.names()), frozenset(hidden))


def covered(rows: Iterable[Row]) -> list[Row]:
    """Return rows to be shown, and never to be saved, with what they have to say masked."""
    shown = list(rows)
    wordy = [row for row in shown if _words(row) or _answer(row) is not None]
    if not wordy:
        return shown
    unseen = now()
    told = Event.objects.filter(seq__in={row.event_seq for row in wordy})
    payloads = {event.seq: event.payload for event in told}
    for row in wordy:
        values = unseen.values_of([payloads.get(row.event_seq), _answer(row)])
        for name, words in _words(row).items():
            setattr(row, name, masking.redacted(words, values))
        if isinstance(row, Run):
            row.answer = unseen.masked(row.answer)
    return shown


class CoveredList(ChangeList):
    """A list of what hooks did, masked."""

    def get_results(self, request: HttpRequest) -> None:
        """Mask the page's rows; there are no others in memory."""
        super().get_results(request)
        covered(self.result_list)


def _words(row: Run | Delivery) -> dict[str, str]:
    other = ("console", row.console) if isinstance(row, Run) else ("reply", row.reply)
    return {name: words for name, words in (("error_message", row.error_message), other) if words}


def _answer(row: Run | Delivery) -> Any:
    return row.answer if isinstance(row, Run) else None


def _holders(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _HOLDERS:
                yield inner
            else:
                yield from _holders(inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _holders(item)


def _in_holders(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: masking.masked(inner, names) if key in _HOLDERS else _in_holders(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_in_holders(item, names) for item in value]
    return value
