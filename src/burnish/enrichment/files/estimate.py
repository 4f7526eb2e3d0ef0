"""What enriching a file would take: the questions it comes down to, and what they may cost."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from burnish.enrichment.cache import key_of
from burnish.enrichment.files.looking import Looking
from burnish.enrichment.files.memo import Memo
from burnish.enrichment.files.order import Ready
from burnish.enrichment.files.part import Part, Question
from burnish.enrichment.files.tally import Tally
from burnish.enrichment.outcome import Miss
from burnish.enrichment.waterfall import Waterfall
from burnish.outbound import Outbound

SIZE = 2000


@dataclass(frozen=True, slots=True)
class Calls:
    """How often a provider outside would be asked: at once, and where those before have nothing.

    Each question counts once, however many rows ask it.
    """

    provider: str
    price: Decimal
    first: int
    later: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take."""

    rows: int
    broken: int
    calls: tuple[Calls, ...]

    @property
    def likely(self) -> Decimal:
        """What it costs where whoever is asked first has an answer."""
        return sum((calls.price * calls.first for calls in self.calls), Decimal(0))

    @property
    def most(self) -> Decimal:
        """What it costs at most: everybody is asked, and has an answer that does not suffice."""
        return sum((calls.price * (calls.first + calls.later) for calls in self.calls), Decimal(0))


def estimate(
    ready: Ready, watch: Callable[[Tally, float | None], None] = lambda tally, part: None
) -> Estimate:
    """Read the file, ask local providers, and count what others would be asked. Asks nobody."""
    lookups = Looking(Outbound())
    filler = ready.recipe.filler(ready.setup, lookups)
    parts = [(part, Memo[bool](100_000)) for part in filler.parts if not part.is_local]
    questions = Questions()
    tally = Tally()
    for batch in ready.source.batches(0, SIZE):
        block, broken = ready.recipe.layout.decode(batch)
        for part, seen in parts:
            for question in part.questions(block):
                if _is_new(seen, question):
                    _walk(part, question, lookups, questions)
        tally.rows += len(block.numbers)
        tally.broken += len(broken)
        watch(tally, ready.source.part())
    calls = [
        Calls(name, ready.setup.providers[name].cost, first, later)
        for name, (first, later) in questions.counts().items()
    ]
    return Estimate(tally.rows, tally.broken, tuple(calls))


class Questions:
    """Counts distinct questions, on disk once they are many."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")
        self._file.execute(
            "CREATE TABLE question (key BLOB PRIMARY KEY, provider TEXT, later INT) WITHOUT ROWID"
        )

    def note(self, provider: str, key: str, later: bool) -> None:
        """Note a question; asked at once in one row, it is there in another."""
        self._file.execute(
            "INSERT INTO question VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET later = min(later, excluded.later)",
            (bytes.fromhex(key)[:12], provider, later),
        )

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return how many are asked at once, and how many later, by provider."""
        rows = self._file.execute(
            "SELECT provider, sum(1 - later), sum(later) FROM question GROUP BY provider"
        )
        return {provider: (first, later) for provider, first, later in rows}


def _walk(part: Part, question: Question, lookups: Looking, questions: Questions) -> None:
    """Go down a waterfall on which everybody outside has nothing."""
    _, fall = part.begin(question)
    keys: dict[str, str] = {}
    later = False
    while due := fall.due():
        outside = [one for one in due if not one.local]
        for provider in due:
            if provider.local:
                fall.told(provider.name, lookups.look(provider, fall.known).outcome)
        while more := fall.due():
            for provider in more:
                if provider.local:
                    fall.told(provider.name, lookups.look(provider, fall.known).outcome)
                else:
                    outside.append(provider)
        for provider in outside:
            keys[provider.name] = key_of(provider, fall.known, b"")
            questions.note(provider.name, keys[provider.name], later)
            fall.told(provider.name, Miss())
        later = later or bool(outside)
    _walk_on(part, fall, keys, questions)


def _walk_on(part: Part, fall: Waterfall, keys: Mapping[str, str], questions: Questions) -> None:
    """Count those too who are asked with what others find: there is a question for each of that."""
    for name, provider in part.providers.items():
        if provider.local or name in keys or not provider.lacks(fall.known):
            continue
        for giver, key in keys.items():
            if part.providers[giver].gives & (provider.needs | provider.any_of):
                about = hashlib.sha256(f"{name} {key}".encode()).hexdigest()
                questions.note(name, about, True)
                break


def _is_new(seen: Memo[bool], question: Question) -> bool:
    if seen.get(question):
        return False
    seen.keep(question, True)
    return True
