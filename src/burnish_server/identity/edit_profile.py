"""A person puts their profile right: changes a value, says that a guess is right, or deletes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from burnish.attributes.faults import InvalidValues
from burnish.attributes.schema import Schema
from burnish.attributes.value import same
from burnish.profiles.fact import NOTHING
from burnish_server.identity import circumstances, own_profile
from burnish_server.identity.flows.update_profile import Update, update
from burnish_server.identity.models import User
from burnish_server.identity.own_profile import Item
from burnish_server.identity.refused import Refused
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit
from burnish_server.profiles.fields import beside_field, field_for
from burnish_server.profiles.store import Conflict, Written

AUTOCOMPLETE = {
    "name": "name",
    "given_name": "given-name",
    "middle_name": "additional-name",
    "family_name": "family-name",
    "nickname": "nickname",
    "birthdate": "bday",
    "gender": "sex",
    "website": "url",
}
"""What browsers call these attributes, so that they can fill them in."""

EMPTY = gettext_lazy("Fill this in, or leave it as it was.")


class ValueForm(forms.Form):
    """One attribute's value."""

    def __init__(self, item: Item, data: Any = None) -> None:
        super().__init__(data)
        field = field_for(item.row)
        field.label = item.label
        # Our templates take help texts for HTML, as those of passwords are.
        field.help_text = conditional_escape(field.help_text)
        if token := AUTOCOMPLETE.get(item.name):
            field.widget.attrs["autocomplete"] = token
        self.fields["value"] = field


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at one of their attributes, as both are now."""

    user: User
    schema: Schema
    at: datetime
    item: Item
    version: int

    def write(self, request: HttpRequest, value: Any) -> Written:
        """Write a value, unless the attribute changed since the version the person saw.

        Raises `Conflict`, `InvalidValues`, or `Refused` where a hook says no.
        """
        wish = Edit({self.item.name: value}, party="end_user", source="user")
        asked = Update(self.user, [wish], self.schema, self.at, _seen(request))
        outcome = update(asked, circumstances.of(request, triggered_by="user"))
        if not isinstance(outcome, Written):
            raise Refused(outcome)
        return outcome

    def holds(self, value: Any, written: Written) -> bool:
        """Return whether this is the value that holds, after a write."""
        group, key = self.schema.find(self.item.name) or ("standard", self.item.name)
        values = written.profile.standard if group == "standard" else written.profile.custom
        return same(values.get(key, NOTHING), value)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Show one value in a form, and save what the person makes of it."""
    desk = _desk(request, name)
    if desk.item.closed:
        return _closed(request, desk.item)
    if request.method != "POST":
        return _form(request, desk, ValueForm(desk.item))
    form = ValueForm(desk.item, request.POST)
    form.is_valid()
    value = form.cleaned_data["value"]
    if value is NOTHING:
        if desk.item.row.winner:
            return redirect("delete_value", name)
        form.add_error("value", EMPTY)
        return _form(request, desk, form)
    try:
        written = desk.write(request, value)
    except InvalidValues as error:
        form.add_error("value", [beside_field(fault) for fault in error.faults])
        return _form(request, desk, form)
    except Refused as refused:
        form.add_error("value", str(refused))
        return _form(request, desk, form)
    except Conflict:
        return _form(request, _desk(request, name), form, changed=True)
    _tell(request, desk, value, written)
    return _back(name)


@login_required
@require_POST
def confirm(request: HttpRequest, name: str) -> HttpResponse:
    """Make the value the person saw their own word."""
    desk = _desk(request, name)
    row = desk.item.row
    if desk.item.closed:
        return _closed(request, desk.item)
    try:
        # A value may take another's place because that has expired, which changes no version.
        if row.source != request.POST.get("source") or not row.winner:
            raise Conflict
        written = desk.write(request, row.value)
    except Conflict:
        sentence = _("%(label)s changed meanwhile. Look at it again before you confirm it.")
        messages.warning(request, sentence % {"label": desk.item.label})
    except InvalidValues:
        sentence = _("%(label)s has to be written in another way by now.")
        messages.warning(request, sentence % {"label": desk.item.label})
        return redirect("change_value", name)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        _tell(request, desk, row.value, written)
    return _back(name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Ask once, then delete a value and turn away whoever guessed it."""
    desk = _desk(request, name)
    if desk.item.closed:
        return _closed(request, desk.item)
    if not desk.item.row.winner:
        return _back(name)
    changed = False
    if request.method == "POST":
        try:
            desk.write(request, NOTHING)
        except Conflict:
            desk, changed = _desk(request, name), True
        except Refused as refused:
            messages.warning(request, str(refused))
            return _back(name)
        else:
            messages.success(request, _gone(desk.item))
            return _back(name)
    context = {"item": desk.item, "version": desk.version, "changed": changed}
    return render(request, "identity/delete_value.html", context)


def _desk(request: HttpRequest, name: str) -> Desk:
    """Return the person at their attribute.

    Raises `Http404` for those they do not see, as for those there are not: nobody is to tell them
    apart. Raises `PermissionDenied` for those they see and may not write.
    """
    user = cast(User, request.user)
    schema, at = store.schema(), timezone.now()
    own = own_profile.of(user, store.of(user.pk), schema, at)
    item = own.item(name)
    if item is None:
        raise Http404
    if not item.writable:
        raise PermissionDenied
    return Desk(user, schema, at, item, own.version)


def _closed(request: HttpRequest, item: Item) -> HttpResponse:
    if elsewhere := item.elsewhere(settings.BURNISH.login.methods):
        return redirect(elsewhere)
    sentence = _("%(label)s cannot be changed here.") % {"label": item.label}
    messages.warning(request, f"{sentence} {item.closed}")
    return _back(item.name)


def _form(
    request: HttpRequest, desk: Desk, form: ValueForm, *, changed: bool = False
) -> HttpResponse:
    context = {"item": desk.item, "version": desk.version, "form": form, "changed": changed}
    return render(request, "identity/change_value.html", context)


def _back(name: str) -> HttpResponse:
    return redirect(f"{reverse('profile')}#{name}")


def _seen(request: HttpRequest) -> int:
    """Return the version the person saw; what cannot be read counts as none."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _tell(request: HttpRequest, desk: Desk, value: Any, written: Written) -> None:
    label = {"label": desk.item.label}
    if desk.holds(value, written):
        messages.success(request, _("%(label)s is saved as your own word.") % label)
    else:
        messages.warning(
            request,
            _(
                "%(label)s: what you said is kept, but this service goes by another source for it, "
                "and still shows what that says."
            )
            % label,
        )


def _gone(item: Item) -> str:
    about = {"label": item.label, "who": item.would_be_refused}
    if not item.would_be_refused:
        return _("%(label)s is deleted.") % about
    return _("%(label)s is deleted, and %(who)s will not fill it in again.") % about
