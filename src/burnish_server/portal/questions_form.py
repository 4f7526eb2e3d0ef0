"""The form of a question: its fields, and the rows of words, conditions and variants."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from pydantic import ValidationError

from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.schema import Schema
from burnish.questions.fragment import judge
from burnish.questions.question import Question
from burnish_server.portal import questions_predicates as conditions
from burnish_server.portal import questions_variants as variants
from burnish_server.portal import questions_words as words
from burnish_server.portal.questions_fields import QuestionForm
from burnish_server.questions import models
from burnish_server.segments import store as segments


class QuestionForms:
    """All of a question's form; once it is valid, `question` is what it says."""

    def __init__(
        self, data: QueryDict | None, schema: Schema, row: models.Question, shown: Question | None
    ) -> None:
        self.schema, self.known = schema, list(segments.rules())
        self.bound = data is not None
        self.form = QuestionForm(data, schema, self.known, row)
        self.words = words.rows(data, "words", shown.words if shown else {})
        unmet = shown.when.attributes if shown else ()
        self.conditions = conditions.rows(data, "conditions", schema, unmet)
        self.variants = variants.rows(data, shown.variants if shown else ())
        self.question: Question | None = None
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Say whether all of it is good: what is wrong stands beside what it is about."""
        parts = (self.form, self.words, self.conditions, self.variants)
        good = not [part for part in parts if not part.is_valid()]
        for rows in (self.words, self.conditions, self.variants):
            if rows.error and rows.error not in self.errors:
                self.errors.append(rows.error)
        if self.errors:
            return False
        entry = self._entry()
        try:
            question = Question.model_validate(entry)
        except ValidationError as error:
            for fault in faults_of(error):
                self._blame(fault)
            return False
        for fault in judge(question, self.schema, self.known, ""):
            self._blame(fault)
        good = good and not self._has_errors()
        self.question = question if good else None
        return good

    def _entry(self) -> dict[str, Any]:
        entry = self.form.entry()
        entry["words"] = words.entries(self.words)
        entry["variants"] = [row.entry() for row in self.variants.filled]
        entry["when"]["attributes"] = conditions.predicates(self.conditions)
        return entry

    def _has_errors(self) -> bool:
        rows = (*self.words, *self.conditions, *self.variants)
        deeper = [row for one in self.variants for row in one.words]
        return bool(self.errors or any(one.errors for one in (self.form, *rows, *deeper)))

    def _blame(self, fault: Fault) -> None:
        """Put what is wrong beside the field it speaks of."""
        parts = [part for part in fault.path.split(".") if part]
        sentence = _sentence(fault.message)
        match parts:
            case ["words"]:
                if not self.words.rows:
                    self.errors.append("Write the question.")
                elif not self.words.filled:
                    self.words.rows[0].add_error("title", "Write the question.")
            case ["words", tag, *rest]:
                self._blame_words(self.words.filled, tag, rest, sentence)
            case ["variants", place, "words", tag, *rest] if place.isdigit():
                row = self.variants.filled[int(place)]
                self._blame_words(row.words.filled, tag, rest, sentence)
            case ["variants", place, name, *_] if place.isdigit() and name in ("name", "priority"):
                _add(self.variants.filled[int(place)], name, sentence)
            case ["attributes", *_]:
                _add(self.form, "about", sentence)
            case ["when", "attributes", *_]:
                pass  # its row has said so
            case ["when", name, *_] if name in self.form.fields:
                _add(self.form, name, sentence)
            case [name, *_] if name in self.form.fields:
                _add(self.form, name, sentence)
            case _:
                self.errors.append(sentence)

    def _blame_words(
        self, rows: Iterable[words.WordsForm], tag: str, rest: Sequence[str], sentence: str
    ) -> None:
        row = words.of_language(rows, tag)
        if row is None:
            self.errors.append(sentence)
            return
        name = rest[0] if rest and rest[0] in row.fields else "language"
        if name == "language":
            sentence = "Write a language tag such as en, fr or pt-BR."
        _add(row, name, sentence)


def _add(form: forms.Form, name: str, sentence: str) -> None:
    if not form.has_error(name):
        form.add_error(name, sentence)


def _sentence(text: str) -> str:
    text = {
        "Field required": "This is needed",
        "Input should be a valid tuple": "This is needed",
    }.get(text, text)
    if "should match pattern" in text:
        text = "use small letters, digits and underscores, and begin with a letter"
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
