"""The form of a question: its fields, and the rows of words, conditions and variants."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError as Refused
from django.http import QueryDict
from pydantic import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.questions.fragment import judge
from burnish.questions.question import Question, When
from burnish_server.consent import store as consent
from burnish_server.portal import questions_predicates as conditions
from burnish_server.portal import questions_variants as variants
from burnish_server.portal import questions_words as words
from burnish_server.portal.questions_predicates import attribute_choices, split
from burnish_server.questions import models
from burnish_server.segments import store as segments

GROUPS = (
    ("What is asked", ("key", "about", "required", "confirm", "sign_up", "enabled")),
    ("Which comes first, and what for", ("priority", "weight", "purpose")),
)
WHEN = ("segments", "logins", "days", "clients", "locales")
SWITCHES = ("required", "confirm", "sign_up", "enabled")
UNWRITABLE = "its person may not write it"


def _switch(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget()
    )


def _number(label: str, help_text: str) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(label=label, help_text=help_text, widget=widget)


def _texts(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(),
    )


class QuestionForm(forms.Form):
    """The fields of a question that stand alone."""

    key = forms.CharField(
        label="Key",
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="In small letters, digits and underscores; answers are marked question:KEY.",
    )
    # Not `attributes`: a field of that name would hide what browsers keep under it of the form.
    about = forms.MultipleChoiceField(
        label="Attributes",
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
        help_text="Up to six that belong together. Hold Ctrl or Cmd to choose several.",
    )
    required = _switch(
        "Required", "A login waits for the answer, as long as its person may give it."
    )
    confirm = _switch("Confirm a guess", "A guess is shown to be confirmed, not taken as known.")
    sign_up = _switch("On the sign-up form", "The sign-up form asks it.")
    enabled = _switch("Enabled", "It is asked at all.")
    priority = _number("Priority", "From 0 to 1000: the higher, the sooner. 100 is usual.")
    weight = forms.FloatField(
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text="How useful the answer is, among questions of one priority. 1 is usual.",
    )
    purpose = forms.ChoiceField(
        required=False, widget=UnfoldAdminSelectWidget(), help_text="What the answer is used for."
    )
    segments = forms.MultipleChoiceField(
        label="In one of these segments",
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    logins = _number("From login", "0 for the first one on.")
    days = _number("Days since sign-up", "0 for at once.")
    clients = _texts("By one of these apps", "Client ids, separated by commas; empty for all.")
    locales = _texts("Who reads one of these languages", "Such as fr, en-GB; empty for all.")

    def __init__(
        self, data: QueryDict | None, schema: Schema, known: Iterable[str], row: models.Question
    ) -> None:
        super().__init__(data)
        self.row, self.added = row, row._state.adding
        self.fields["key"].disabled = not self.added
        entry, when = row.entry, row.entry.get("when", {})
        self._choose("about", _attributes(schema, entry.get("attributes", ())))
        self._choose("purpose", _purposes(entry.get("purpose", "")))
        gone = [name for name in when.get("segments", ()) if name not in set(known)]
        self._choose(
            "segments",
            [*((name, name) for name in known), *((name, f"{name} (gone)") for name in gone)],
        )
        if not known and not gone:
            self.fields["segments"].help_text = "There are none yet."
        self._begin(entry, when)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _begin(self, entry: dict[str, Any], when: dict[str, Any]) -> None:
        fields = [*Question.model_fields.items(), *When.model_fields.items()]
        shown: dict[str, Any] = {
            name: about.default for name, about in fields if name in self.fields
        }
        shown |= {name: entry[name] for name in entry if name in self.fields}
        shown |= {name: when[name] for name in WHEN if name in when}
        for name in ("clients", "locales"):
            shown[name] = ", ".join(shown[name])
        shown["segments"] = list(shown["segments"])
        shown["weight"] = f"{shown['weight']:g}"
        self.initial = {**shown, "key": self.row.key}
        self.initial["about"] = list(entry.get("attributes", ()))

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Return the fields of the question itself, by group."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names]

    def when_fields(self) -> list[forms.BoundField]:
        """Return the fields that say who is asked."""
        return [self[name] for name in WHEN]

    def clean_key(self) -> str:
        """Refuse a key that is taken."""
        key = str(self.cleaned_data["key"])
        if self.added and models.Question.objects.filter(pk=key).exists():
            raise Refused("There is a question of this key already.")
        return key

    def entry(self) -> dict[str, Any]:
        """Return the entry a file would hold, without words, conditions and variants."""
        said = self.cleaned_data
        names = ("key", "priority", "weight", "purpose", *SWITCHES)
        entry = {name: said[name] for name in names if name in said}
        entry["attributes"] = self._in_order(said.get("about", []))
        when: dict[str, Any] = {
            name: said[name] for name in ("segments", "logins", "days") if name in said
        }
        when |= {name: split(said[name]) for name in ("clients", "locales") if name in said}
        return {**entry, "when": when}

    def _in_order(self, chosen: Sequence[str]) -> list[str]:
        """Keep the order in which the attributes were asked; new ones come last."""
        before = [name for name in self.row.entry.get("attributes", ()) if name in chosen]
        return [*before, *(name for name in chosen if name not in before)]


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


def _attributes(schema: Schema, chosen: Iterable[str]) -> list[tuple[str, str]]:
    offered = []
    for name, label in attribute_choices(schema):
        if name in IDENTITY_COUPLED:
            continue
        may = schema.may("end_user", "write", name)
        offered.append((name, label if may else f"{label} ({UNWRITABLE})"))
    names = {name for name, _ in offered}
    return [*offered, *((one, f"{one} (nobody defined it)") for one in chosen if one not in names)]


def _purposes(chosen: str) -> list[tuple[str, str]]:
    found = {name: purpose.title or name for name, purpose in consent.purposes().items()}
    if chosen:
        found.setdefault(chosen, chosen)
    return [("", "None is named"), *found.items()]


def _sentence(text: str) -> str:
    text = {
        "Field required": "This is needed",
        "Input should be a valid tuple": "This is needed",
    }.get(text, text)
    if "should match pattern" in text:
        text = "use small letters, digits and underscores, and begin with a letter"
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
