"""Which of several ways to sign up, or to get a code, a page is about: its address says so."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

WITH = "with"
"""The parameter of a page's address that names the way."""

NAMES: "Mapping[str, Words]" = {
    "email": _("Email"),
    "phone": _("Phone number"),
    "username": _("Username"),
}
_SEVERAL: "Mapping[frozenset[str], Words]" = {
    frozenset({"email", "phone"}): _("Email or phone number"),
    frozenset({"email", "username"}): _("Email or username"),
    frozenset({"phone", "username"}): _("Phone number or username"),
    frozenset(NAMES): _("Email, phone number or username"),
}
INSTEAD: "Mapping[str, Words]" = {
    "email": _("Use your email address instead"),
    "phone": _("Use your phone number instead"),
    "username": _("Choose a username instead"),
}


def label(methods: Sequence[str]) -> "Words":
    """Return what a field is called that takes any of several."""
    return _SEVERAL[frozenset(methods)] if len(methods) > 1 else NAMES[methods[0]]


def reachable() -> list[str]:
    """Return to what a code can be sent."""
    return [name for name in settings.BURNISH.login.methods if name != "username"]


def chosen(request: HttpRequest, offered: Sequence[str]) -> str:
    """Return which of these a page is about: the first one, unless its address names another."""
    wish = request.GET.get(WITH, "")
    return wish if wish in offered else offered[0]


def meant(form: forms.Form, request: HttpRequest, offered: Sequence[str]) -> str:
    """Return which of these a form is about: the one that was sent, or its page's."""
    sent = [one for one in offered if form.is_bound and set(one.split("+")) <= set(form.data)]
    return max(sent, key=len) if sent else chosen(request, offered)


def narrow(form: forms.Form, request: HttpRequest) -> tuple[str, ...]:
    """Leave a sign-up form what is asked for on one way, all of it needed; return that way."""
    offered = {"+".join(way): way for way in settings.BURNISH.login.ways}
    way = offered[meant(form, request, list(offered))]
    for name in NAMES:
        if name not in form.fields:
            continue
        if name in way:
            form.fields[name].required = True
            form.fields[name].label = NAMES[name]
        else:
            del form.fields[name]
    return way


def others(way: Sequence[str]) -> "list[tuple[str, Words]]":
    """Return the other ways to sign up: what the address says, and what the link says."""
    rest = [one for one in settings.BURNISH.login.ways if one != tuple(way)]
    return [("+".join(one), INSTEAD[one[0]]) for one in rest]
