"""What is known of one part: answers, and which questions are being asked."""

from collections.abc import Sequence
from typing import cast

from burnish.enrichment.files.memo import MOST, Memo
from burnish.enrichment.files.part import Question, Said


class Known:
    """Remembers what was said to a part's questions; answers that are alike stand in it once."""

    def __init__(self, most: int = MOST) -> None:
        self._said: Memo[Said] = Memo(most)
        self._same: Memo[Said] = Memo(most)
        self._asked: set[Question] = set()

    def recall(self, questions: Sequence[Question]) -> list[Said | None]:
        """Return the answers that are known."""
        return self._said.all(questions)

    def unasked(
        self, questions: Sequence[Question], answers: Sequence[Said | None]
    ) -> list[Question]:
        """Return the questions, each once, that have no answer and are not asked; now they are."""
        if None not in answers:
            return []
        pairs = zip(questions, answers, strict=True)
        new = {question: None for question, said in pairs if said is None}
        unasked = [question for question in new if question not in self._asked]
        self._asked.update(unasked)
        return unasked

    def keep(self, question: Question, said: Said) -> None:
        """Remember an answer."""
        try:
            key = said, tuple(map(type, said))  # True and 1 are equal, but not alike
            if (alike := self._same.get(key)) is None:
                self._same.keep(key, said)
        except TypeError:  # a list is among the values
            alike = None
        self._said.keep(question, alike or said)
        self._asked.discard(question)

    def complete(
        self, questions: Sequence[Question], answers: Sequence[Said | None]
    ) -> Sequence[Said]:
        """Return all answers: those that were missing are known by now."""
        if None not in answers:
            return cast(Sequence[Said], answers)
        return [
            said if said is not None else cast(Said, self._said.get(question))
            for question, said in zip(questions, answers, strict=True)
        ]
