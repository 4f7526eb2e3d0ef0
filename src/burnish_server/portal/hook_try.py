"""Advanced > Hooks > Try it: a hook is called with an event, and nothing is written."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.widgets import TEXTAREA_CLASSES

from burnish.events import envelopes
from burnish.events.catalogue import ALL, CATALOGUE, NON_BLOCKING
from burnish.events.event import envelope
from burnish.events.samples import sample
from burnish_server.hooks import masking, store, trial
from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.portal import unseen
from burnish_server.portal.pages import Page, duration, moment
from burnish_server.profiles import store as profiles

RECENT = 20


class EventForm(forms.Form):
    """An event as JSON."""

    event = forms.CharField(
        label="Event",
        strip=True,
        max_length=1_000_000,
        widget=forms.Textarea(
            {
                "class": " ".join([*TEXTAREA_CLASSES, "portal-json"]),
                "rows": 22,
                "spellcheck": "false",
                "wrap": "off",
            }
        ),
    )

    def clean_event(self) -> dict[str, Any]:
        """Refuse what no hook could be given."""
        try:
            event = json.loads(self.cleaned_data["event"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"This is not JSON: {error}.") from None
        if refusal := envelopes.refuse(event):
            raise ValidationError(refusal)
        found: dict[str, Any] = event
        return found


def page(admin: Page, request: HttpRequest, hook: Hook) -> HttpResponse:
    """Show the events there are to try a hook with, and what came of it."""
    chosen = request.GET.get("event", "")
    recorded = _recorded(chosen)
    form = EventForm(request.POST or None, initial={"event": _text(_chosen(hook, chosen))})
    about: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        event = _unmasked(form.cleaned_data["event"], recorded)
        ready = store.equipped(Hook.objects.filter(pk=hook.pk))[hook.pk]
        seconds = ready.timeout or store.limits().hook
        tried = trial.of(ready, event, profiles.schema(), seconds)
        about = _shown(tried, unseen.now().values_of(event) | {*ready.context.secrets.values()})
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Try {hook.name}",
        "subtitle": None,
        "opts": admin.opts,
        "original": hook,
        "hook": hook,
        "form": form,
        "chosen": chosen,
        "types": _types(hook),
        "recent": _recent(hook),
        "masked": bool(unseen.now().names),
        **about,
    }
    return render(request, "portal/hook_try.html", context)


def _types(hook: Hook) -> list[str]:
    return list(NON_BLOCKING) if hook.events == [ALL] else hook.events


def _recent(hook: Hook) -> list[dict[str, str]]:
    events = Event.objects.filter(type__in=_types(hook)).order_by("-created_at")[:RECENT]
    return [
        {
            "value": str(event.seq),
            "label": f"{event.type}, {moment(event.created_at)}, {_who(event)}",
        }
        for event in events
    ]


def _who(event: Event) -> str:
    attributes = event.payload.get("user", {}).get("standard_attributes", {})
    return str(attributes.get("email") or event.user_id or "nobody yet")


def _recorded(chosen: str) -> dict[str, Any] | None:
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        return None
    event = Event.objects.filter(seq=int(chosen)).first()
    if event is None:
        return None
    return envelope(event.type, event.payload, event.seq, event.context)


def _chosen(hook: Hook, chosen: str) -> Mapping[str, Any]:
    types = _types(hook)
    usual = types[0] if types else "user.created"
    return _recorded(chosen) or sample(chosen if chosen in CATALOGUE else usual)


def _text(event: Mapping[str, Any]) -> str:
    return json.dumps(unseen.now().masked(event), ensure_ascii=False, indent=2)


def _unmasked(given: Any, recorded: Any) -> Any:
    """Return the event with recorded values where only their masks were shown."""
    if given == masking.MASK and recorded is not None:
        return recorded
    if isinstance(given, dict) and isinstance(recorded, dict):
        return {key: _unmasked(value, recorded.get(key)) for key, value in given.items()}
    return given


def _shown(tried: trial.Trial, hidden: set[str]) -> dict[str, Any]:
    run, masks = tried.run, unseen.now()
    hidden |= masks.values_of(run.answer)
    trouble = run.trouble or tried.refused
    return {
        "tried": tried,
        "outcome": Run.Outcome(run.outcome).label,
        "took": duration(run.ms),
        "answer": _text(run.answer) if run.answer is not None else "",
        "console": masking.redacted(run.console, hidden),
        "trouble": trouble,
        "message": masking.redacted(trouble.message, hidden) if trouble else "",
        "rows": [
            {
                "name": row.name,
                "before": _value(row.name, row.before, masks.names),
                "after": _value(row.name, row.after, masks.names),
                "changed": row.changed,
            }
            for row in tried.rows
        ],
        "requests": [(one.host, one.status, duration(one.ms)) for one in run.requests],
    }


def _value(name: str, value: Any, names: masking.Names) -> str:
    if value is None:
        return "-"
    if name in names:
        return masking.MASK
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
