"""Consent: what people let somebody else's app have, asked once for each scope."""

from collections.abc import Container, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from burnish.oauth import scopes
from burnish_server.identity.models import User
from burnish_server.identity.oidc.asked import Asked
from burnish_server.identity.oidc.models import Client, Consent


def missing(wanted: Asked, user: User) -> bool:
    """Return whether somebody has to be asked before an app gets what it wants."""
    if "consent" in wanted.prompts:
        return True
    if not wanted.client.kind.third_party:
        return False
    return not set(wanted.scopes) <= set(given(wanted.client, user))


def given(client: Client, user: User) -> list[str]:
    """Return the scopes somebody lets an app have."""
    found = Consent.objects.filter(client=client, user=user).first()
    return list(found.scopes) if found else []


def give(client: Client, user: User, wanted: Iterable[str]) -> None:
    """Remember that somebody agrees."""
    now = sorted({*given(client, user), *wanted})
    Consent.objects.update_or_create(
        client=client, user=user, defaults={"scopes": now, "at": timezone.now()}
    )


def described(wanted: Container[str]) -> list[str]:
    """Return what an app would get, in words for its person."""
    words = {
        scopes.OPENID: _("know that you signed in"),
        "profile": _("see your name and what else you say of yourself"),
        "email": _("see your e-mail address"),
        "phone": _("see your phone number"),
        "address": _("see your postal address"),
        scopes.OFFLINE: _("do this while you are away, until you sign out of it"),
        scopes.FULL_USERINFO: _("see your whole profile, and how you sign in"),
        scopes.FULL_ACCESS: _("act for you in all your settings"),
    }
    return [words[scope] for scope in words if scope in wanted]
