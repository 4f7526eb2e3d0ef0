"""Enrichment > Providers > Test: a provider is asked for real, and nothing is written."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from burnish.enrichment import inputs
from burnish.enrichment.lookup import Lookup
from burnish.enrichment.outcome import Found, Miss, Pending
from burnish.enrichment.provider import Provider as Made
from burnish_server.audit.log import record
from burnish_server.enrichment import models, store, trial
from burnish_server.portal.enrichment_kind import needs_in_words, word
from burnish_server.portal.enrichment_state import money
from burnish_server.portal.pages import actor, duration, moment
from burnish_server.portal.site import site
from burnish_server.profiles.wording import lines


class TryForm(forms.Form):
    """The inputs a provider is asked with."""

    def __init__(self, data: QueryDict | None, provider: Made) -> None:
        super().__init__(data)
        self.provider = provider
        self.known: Mapping[str, Any] = {}
        for name in self.inputs():
            self.fields[name] = forms.CharField(
                label=word(name)[:1].upper() + word(name)[1:],
                required=False,
                max_length=inputs.LONGEST,
                help_text="" if name not in provider.hints else "It is given too, where known.",
                widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
            )
        if not provider.local:
            self.fields["anew"] = forms.BooleanField(
                label="Ask anew",
                required=False,
                help_text="Even where an answer is kept already; that may cost again.",
                widget=UnfoldBooleanSwitchWidget(),
            )

    def inputs(self) -> list[str]:
        """Return the names of the inputs, those first which it cannot do without."""
        one = self.provider
        groups = (one.needs, one.any_of, one.hints - one.needs - one.any_of)
        return [name for group in groups for name in sorted(group)]

    def clean(self) -> dict[str, Any]:
        """Bring the inputs into their one form, or say why they are unfit."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        read = inputs.read({name: cleaned.get(name) for name in self.inputs()})
        for name, reason in read.unfit.items():
            self.add_error(name, f"It {reason}.")
        lacking = self.provider.lacks(read.known)
        if lacking and not self.errors:
            needs = needs_in_words(self.provider)
            self.add_error(None, f"It cannot be asked without: {needs}.")
        self.known = read.known
        return cleaned


def page(request: HttpRequest, row: models.Provider) -> HttpResponse:
    """Show the form, and what the provider said."""
    made = store.make(row)
    about: dict[str, Any] = {
        "row": row,
        "original": row,
        "trail_back": reverse("portal:enrichment_provider_change", args=[row.name]),
    }
    title = f"Test {row}"
    if isinstance(made, list):
        about["problem"] = "; ".join(fault.message for fault in made)
        return site.show(request, "portal/enrichment_try.html", title, about)
    form = TryForm(request.POST if request.method == "POST" else None, made)
    about |= {"form": form, "made": made, "needs": needs_in_words(made), "price": price_of(made)}
    if form.is_valid():
        about["tried"] = _try(request, made, form)
    return site.show(request, "portal/enrichment_try.html", title, about)


def price_of(made: Made) -> str:
    """Return what a found answer costs, as far as somebody said so."""
    if made.cost:
        return money(made.cost)
    return "Free" if made.local or made.settings.price is not None else "Not set"


def _try(request: HttpRequest, made: Made, form: TryForm) -> dict[str, Any]:
    """Ask, note that, and return what came of it in words. Nothing that was typed is kept."""
    anew = form.cleaned_data.get("anew", False)

    def note() -> None:
        record(actor(request), "tested", "provider", made.name, made.name)

    tried = trial.of(made, form.known, anew=anew, also=note)
    if tried is None:
        return {"outcome": "failed", "title": "No answer", "why": "It took too long."}
    return _shown(tried.lookup, tried.line)


def _shown(lookup: Lookup, line: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        "outcome": line["outcome"],
        "title": line["outcome"].capitalize(),
        "reason": line["reason"],
        "why": line["detail"],
        "took": duration(lookup.ms),
        "cost": money(lookup.cost),
        "kept": {"fresh": "kept already", "stale": "kept, and past its time"}.get(lookup.kept, ""),
        "at": moment(lookup.at),
    }
    match lookup.outcome:
        case Found() as found:
            shown["answers"] = [
                (output, lines(value), f"{found.confidence_of(output):g}")
                for output, value in sorted(found.values.items())
            ]
        case Miss(suppressed=True):
            shown["why"] = "The person does not want to be known."
        case Miss():
            shown["why"] = "It knows nothing of this."
        case Pending(retry_after=seconds):
            shown["why"] = f"It still looks. Test again in {seconds:.0f} s to see the answer."
    return shown
