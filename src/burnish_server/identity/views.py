"""Pages of people who are signed in, and the sandbox's letter box."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from burnish_server.identity import own_profile, settings_questions
from burnish_server.identity.models import User
from burnish_server.identity.own_profile import OwnProfile
from burnish_server.identity.sms import senders
from burnish_server.profiles import store


@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show people at a glance what is known about them, and where they change their account."""
    return render(request, "identity/settings.html", {"profile": _own(request)})


@login_required
def profile_page(request: HttpRequest) -> HttpResponse:
    """Show people what is known about them and from where, as far as they may see it."""
    context = {"profile": _own(request), "sheets": settings_questions.sheets(request)}
    return render(request, "identity/profile.html", context)


def _own(request: HttpRequest) -> OwnProfile:
    user = cast(User, request.user)
    return own_profile.of(user, store.of(user.pk), store.schema(), timezone.now())


def sandbox_mail(request: HttpRequest) -> HttpResponse:
    """Show the mails that would have been sent; there is such a page only in the sandbox."""
    if not settings.BURNISH.sandbox:
        raise Http404
    files = sorted((settings.BURNISH.data_dir / "mail").glob("*.log"), reverse=True)[:50]
    mails = [_read(file.read_bytes()) for file in files]
    return render(request, "sandbox/mail.html", {"mails": mails})


def sandbox_sms(request: HttpRequest) -> HttpResponse:
    """Show the text messages that would have been sent; in the sandbox only."""
    if not settings.BURNISH.sandbox:
        raise Http404
    sent = [
        {**one, "at": datetime.fromtimestamp(one["at"], UTC)} for one in senders.folder().newest(50)
    ]
    return render(request, "sandbox/sms.html", {"messages_sent": sent})


def _read(stored: bytes) -> dict[str, str]:
    message = message_from_bytes(stored, policy=policy.default)
    part = message.get_body(("plain",))
    return {
        "subject": str(message["subject"]),
        "to": str(message["to"]),
        "date": str(message["date"]),
        "body": part.get_content().split("-" * 79)[0] if part else "",
    }
