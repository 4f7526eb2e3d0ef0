"""The form of a waterfall: a row a step, in the order of their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from pydantic import ValidationError
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from burnish.attributes.faults import faults_of
from burnish.enrichment.fragment import Step
from burnish.enrichment.providers import kinds
from burnish.enrichment.vocabulary import OUTPUTS, STANDARD
from burnish_server.enrichment import store
from burnish_server.enrichment.models import Provider

SPARE = 3
"""Empty rows at the end."""

MOST = 40


@dataclass(frozen=True, slots=True)
class Able:
    """A provider that can stand in a waterfall, what it gives, and what it costs."""

    name: str
    title: str
    gives: frozenset[str]


def able() -> list[Able]:
    """Return the providers there are, those too that are disabled or have a problem."""
    return [_able(row) for row in Provider.objects.all()]


def _able(row: Provider) -> Able:
    made, kind = store.make(row), kinds().get(row.kind)
    if isinstance(made, list):
        return Able(row.name, f"{row.name} (has a problem)", kind.gives if kind else frozenset())
    state = "" if made.settings.enabled else " (disabled)"
    price = f", {made.cost}" if made.cost else ""
    return Able(row.name, f"{row.name}{price}{state}", made.gives)


class StepForm(forms.Form):
    """One step; without a provider it is none."""

    order = forms.IntegerField(
        required=False, min_value=1, max_value=999, widget=UnfoldAdminIntegerFieldWidget()
    )
    provider = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    output = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    min_confidence = forms.CharField(
        label="Confidence, least",
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
    )
    max_price = forms.CharField(
        label="Price, most", required=False, max_length=40, widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, attribute: str, offered: Sequence[Able], **options: Any) -> None:
        super().__init__(**options)
        self.attribute, self.offered = attribute, {one.name: one for one in offered}
        self.step: Step | None = None
        usual = STANDARD.get(attribute, attribute)
        self.fields["provider"].choices = _providers(offered, usual)  # type: ignore[attr-defined]
        self.fields["output"].choices = _outputs(offered, usual)  # type: ignore[attr-defined]

    @property
    def is_spare(self) -> bool:
        """Whether it is empty, and nothing is wrong with it."""
        return not self["provider"].value() and not self.errors

    def clean(self) -> dict[str, Any]:
        """Make the step, and hold it to what the provider gives."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("provider"):
            return cleaned
        fields = ("provider", "output", "min_confidence", "max_price")
        entry = {name: cleaned[name] for name in fields if cleaned.get(name)}
        try:
            self.step = Step.model_validate(entry)
        except ValidationError as error:
            for fault in faults_of(error):
                self.add_error(fault.path.partition(".")[0], f"{fault.message}.")
            return cleaned
        output, one = self.step.as_choice(self.attribute).output, self.offered[self.step.provider]
        if output not in one.gives and "output" not in self.errors:
            given = ", ".join(sorted(one.gives))
            self.add_error("output", f"{one.name} does not give {output}; it gives {given}.")
        return cleaned


class StepForms:
    """The rows of a waterfall; once they are valid, `steps` are in their order."""

    def __init__(
        self,
        data: QueryDict | None,
        attribute: str,
        steps: Sequence[Step],
        offered: Sequence[Able],
    ) -> None:
        count = len(steps) + SPARE
        if data is not None:
            given = data.get("rows", "")
            count = min(int(given), MOST) if given.isascii() and given.isdigit() else 0
        self.errors: list[str] = []
        self.rows = [
            StepForm(
                attribute,
                offered,
                data=data,
                prefix=f"step-{place}",
                initial=_initial(steps[place], place) if place < len(steps) else None,
            )
            for place in range(count)
        ]
        self.bound = data is not None

    @property
    def steps(self) -> list[Step]:
        """The steps, in their order; those without a number come last."""
        filled = [row for row in self.rows if row.step]
        filled.sort(key=lambda row: row.cleaned_data.get("order") or MOST * 1000)
        return [row.step for row in filled if row.step]

    def is_valid(self) -> bool:
        """Say whether every row is good, and no step stands there twice."""
        good = not any(row.errors for row in self.rows)
        if not self.rows:
            self.errors.append("The form arrived incomplete; please open it again.")
        seen: set[tuple[str, str]] = set()
        for row in self.rows:
            if row.step is None:
                continue
            choice = row.step.as_choice(row.attribute)
            if (choice.provider, choice.output) in seen:
                row.add_error("provider", f"{choice.provider} is asked for this already.")
                good = False
            seen.add((choice.provider, choice.output))
        return good and not self.errors


def _initial(step: Step, place: int) -> dict[str, Any]:
    return {
        "order": place + 1,
        "provider": step.provider,
        "output": step.output,
        "min_confidence": f"{step.min_confidence:g}" if step.min_confidence else "",
        "max_price": "" if step.max_price is None else f"{step.max_price:f}",
    }


def _providers(offered: Sequence[Able], usual: str) -> list[Any]:
    groups = (
        (f"They give {usual}", [one for one in offered if usual in one.gives]),
        ("Others", [one for one in offered if usual not in one.gives]),
    )
    made = [(title, [(one.name, one.title) for one in group]) for title, group in groups if group]
    return [("", "Nobody"), *made]


def _outputs(offered: Sequence[Able], usual: str) -> list[tuple[str, str]]:
    given = sorted({output for one in offered for output in one.gives} - {usual})
    words = {
        output: f"{output}: {OUTPUTS[output]}" if output in OUTPUTS else output for output in given
    }
    return [("", f"{usual}, as usual"), *words.items()]
