"""The rows of a question's words: one for each language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from burnish.questions.question import Words
from burnish_server.portal.questions_rows import Rows


class WordsForm(forms.Form):
    """How a question is put in one language; without any words it is none."""

    language = forms.CharField(
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "fr", "autocapitalize": "none"}),
        help_text="A tag such as en, fr or pt-BR.",
    )
    title = forms.CharField(
        label="Question", required=False, max_length=200, widget=UnfoldAdminTextInputWidget()
    )
    help = forms.CharField(
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="What helps to answer it.",
    )
    why = forms.CharField(
        label="Why it is asked",
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text="For the person, below the question.",
    )

    def __init__(self, data: QueryDict | None, prefix: str, shown: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=prefix, initial=dict(shown))

    @property
    def is_spare(self) -> bool:
        """Whether no words stand in it."""
        return not any(self[name].value() for name in ("title", "help", "why"))

    @property
    def called(self) -> str:
        """The language, as a heading; empty for another one."""
        tag = str(self["language"].value() or "")
        return dict(settings.LANGUAGES).get(tag, tag)

    def clean(self) -> dict[str, Any]:
        """Ask for the language of words."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.is_spare:
            for name, sentence in (
                ("language", "Say which language this is."),
                ("title", "Write the question."),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned

    def entry(self) -> dict[str, Any]:
        """Return what is written in it."""
        return {name: self.cleaned_data.get(name, "") for name in ("title", "help", "why")}


def rows(data: QueryDict | None, prefix: str, shown: Mapping[str, Words]) -> Rows[WordsForm]:
    """Return a row for each of the service's languages, each other one there is, and a spare."""
    tags = [tag for tag, _ in settings.LANGUAGES]
    tags += [tag for tag in shown if tag not in tags]
    initials = [{"language": tag, **_fields(shown.get(tag))} for tag in tags]
    return Rows(data, prefix, WordsForm, initials, most=60)


def entries(made: Rows[WordsForm]) -> dict[str, dict[str, Any]]:
    """Return the words by language; a language that stands twice is refused."""
    found: dict[str, dict[str, Any]] = {}
    for row in made.filled:
        tag = row.cleaned_data.get("language", "")
        if tag in found:
            row.add_error("language", "This language stands above already.")
        found[tag] = row.entry()
    return found


def of_language(made: Iterable[WordsForm], tag: str) -> WordsForm | None:
    """Return the row of a language."""
    return next((row for row in made if row["language"].value() == tag), None)


def _fields(words: Words | None) -> dict[str, str]:
    return words.model_dump() if words else {}
