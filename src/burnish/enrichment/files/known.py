"""What is known of a file's questions: answers, and which questions are being asked."""

from collections.abc import Sequence
from itertools import islice
from sys import intern
from typing import cast

from burnish.enrichment.files.part import Question, Said

MOST = 500_000
"""How many answers are remembered, of all parts together: about 100 MB."""

ALIKE = 20_000
"""Of how many different answers only one is kept in memory."""


class Room:
    """Place for so many answers, whichever part they belong to: some have few, some many.

    When it is full, every part forgets its oldest tenth.
    """

    def __init__(self, most: int = MOST) -> None:
        self._left = self._most = most
        self._tenants: list[Known] = []

    def known(self) -> "Known":
        """Return a new tenant."""
        tenant = Known(self)
        self._tenants.append(tenant)
        return tenant

    def take(self) -> None:
        """Take one place."""
        self._left -= 1
        if self._left <= 0:
            self._left += sum(tenant.forget() for tenant in self._tenants)


class Known:
    """Remembers what was said to a part's questions."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._said: dict[Question, Said] = {}
        self._alike: dict[object, Said] = {}
        self._asked: set[Question] = set()
        self.get = self._said.get

    def recall(self, questions: Sequence[Question]) -> list[Said | None]:
        """Return the answers that are known."""
        return list(map(self.get, questions))

    def unasked(self, questions: Sequence[Question], missing: Sequence[int]) -> list[Question]:
        """Return the questions at some places, each once, that are not asked; now they are."""
        new = dict.fromkeys(questions[place] for place in missing)
        unasked = [question for question in new if question not in self._asked]
        self._asked.update(unasked)
        return unasked

    def keep(self, question: Question, said: Said) -> None:
        """Remember an answer."""
        self._said[question] = self._shared(said)
        self._asked.discard(question)
        self._room.take()

    def complete(
        self, questions: Sequence[Question], answers: list[Said | None], missing: Sequence[int]
    ) -> Sequence[Said]:
        """Return all answers: those that were missing are known by now."""
        for place in missing:
            answers[place] = self._said[questions[place]]
        return cast(Sequence[Said], answers)

    def forget(self) -> int:
        """Forget the oldest tenth, and return how much that is."""
        oldest = list(islice(self._said, (len(self._said) + 9) // 10))
        for question in oldest:
            del self._said[question]
        return len(oldest)

    def _shared(self, said: Said) -> Said:
        """Return an answer that is like this one and in memory already, where there is one."""
        key = said, tuple(map(type, said))  # True and 1 are equal, and yet not alike
        try:
            if (alike := self._alike.get(key)) is not None:
                return alike
        except TypeError:  # a list is among the values
            return said
        said = tuple(intern(one) if type(one) is str else one for one in said)
        if len(self._alike) < ALIKE:
            self._alike[said, key[1]] = said
        return said
