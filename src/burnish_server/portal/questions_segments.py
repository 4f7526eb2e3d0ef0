"""Progressive profiling > Segments: groups of users by what is known of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from burnish.attributes.schema import Schema
from burnish.profiles.predicate import Predicate
from burnish.segments.rule import Rules, readable
from burnish_server.portal import questions_predicates as conditions
from burnish_server.portal.pages import actor
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles
from burnish_server.questions.store import asking_for
from burnish_server.segments import statistics, store
from burnish_server.segments.models import Segment

LIST = "portal:segments_segment_changelist"


class SegmentForm(forms.Form):
    """A segment's name."""

    name = forms.CharField(
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="In small letters, digits and underscores, such as big_teams.",
    )

    def __init__(self, data: QueryDict | None, row: Segment) -> None:
        super().__init__(data, initial={"name": row.name})
        self.added = row._state.adding
        self.fields["name"].disabled = not self.added
        self.fields["name"].validators += Segment._meta.get_field("name").validators

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name = str(self.cleaned_data["name"])
        if self.added and Segment.objects.filter(pk=name).exists():
            raise ValidationError("There is a segment of this name already.")
        return name


def list_view(request: HttpRequest) -> HttpResponse:
    """List the segments, their rules in words, and how many users are in them."""
    _require(request)
    schema, rules = profiles.schema(), store.rules()
    counted = statistics.count(_countable(rules, schema), schema)
    rows = [
        {
            "name": name,
            "rule": [conditions.in_words(one, schema) for one in rule],
            "wrong": [refusal for one in rule if (refusal := one.refuse(schema))],
            "inside": counted.inside.get(name),
            "used": asking_for(name),
        }
        for name, rule in rules.items()
    ]
    about = {"rows": rows, "counted": counted, "listing": True}
    return site.show(request, "portal/questions_segments.html", "Segments", about)


def add_view(request: HttpRequest) -> HttpResponse:
    """Add a segment."""
    _require(request)
    return _edit(request, Segment(), ())


def change_view(request: HttpRequest, name: str) -> HttpResponse:
    """Change a segment's rule."""
    _require(request)
    row = _one(name)
    return _edit(request, row, store.rules()[row.name])


def _edit(request: HttpRequest, row: Segment, rule: tuple[Predicate, ...]) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    schema, added = profiles.schema(), row._state.adding
    form = SegmentForm(data, row)
    rows = conditions.rows(data, "conditions", schema, rule)
    error = ""
    if data is not None:
        good = [form.is_valid(), rows.is_valid()]
        made = conditions.predicates(rows)
        if all(good) and made:
            with transaction.atomic():
                store.put(form.cleaned_data["name"], made, actor(request))
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return redirect(LIST)
        error = rows.error or ("" if made or rows.filled else "Say what must hold of them.")
    about: dict[str, Any] = {
        "form": form,
        "conditions": rows,
        "row": None if added else row,
        "failed": data is not None,
        "error": error,
        "counted": None if added else _counted(row.name, rule, schema),
        "hidden": not readable(rule, schema, "portal_ui"),
    }
    title = "Add segment" if added else row.name
    return site.show(request, "portal/questions_segment.html", title, about)


def remove_view(request: HttpRequest, name: str) -> HttpResponse:
    """Remove a segment no question asks for, once that is confirmed."""
    _require(request)
    row, used = _one(name), asking_for(name)
    if request.method == "POST" and not used:
        with transaction.atomic():
            store.remove(row, actor(request))
        messages.success(request, f"{name} was removed.")
        return redirect(LIST)
    back = reverse("portal:segments_segment_change", args=[name])
    about = {"row": Segment(name=name), "original": name, "used": used, "trail_back": back}
    return site.show(request, "portal/questions_segment_remove.html", "Remove", about)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("segments.change_segment"):
        raise PermissionDenied


def _one(name: str) -> Segment:
    if "\0" in name:
        raise Http404
    return get_object_or_404(Segment, pk=name)


def _countable(rules: Rules, schema: Schema) -> Rules:
    return {name: rule for name, rule in rules.items() if readable(rule, schema, "portal_ui")}


def _counted(name: str, rule: tuple[Predicate, ...], schema: Schema) -> Mapping[str, Any] | None:
    if not readable(rule, schema, "portal_ui"):
        return None
    counted = statistics.count({name: rule}, schema)
    return {"inside": counted.inside[name], "of": counted.looked_at, "is_all": counted.is_all}


site.add_page("segments/segment/", list_view, "segments_segment_changelist")
# No name begins so.
site.add_page("segments/segment/_add/", add_view, "segments_segment_add")
site.add_page("segments/segment/<str:name>/", change_view, "segments_segment_change")
site.add_page("segments/segment/<str:name>/remove/", remove_view, "segments_segment_delete")
