"""What a program did, in the audit log: every change that succeeded is there, once.

A view writes the entry in the transaction that makes the change, or lets a room write it; whatever
nobody wrote down is noted when the request has been answered.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from burnish_server.api import call as calls
from burnish_server.api.auth import actor as named
from burnish_server.api.call import Call
from burnish_server.audit import log
from burnish_server.audit.log import Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def actor(request: HttpRequest) -> Actor:
    """Return who acts, for a room that writes the entry itself: the door writes none then."""
    call = _call(request)
    call.recorded = True
    return named(call.key)


def program(request: HttpRequest) -> Actor:
    """Return who acts, to be asked what they may change; what is written down stays open."""
    return named(_call(request).key)


def record(
    request: HttpRequest,
    action: str,
    kind: str,
    subject_id: object,
    subject: object,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write what is being done, in the transaction that does it: see `audit.log.record`."""
    log.record(actor(request), action, kind, subject_id, subject, detail)


def nothing(request: HttpRequest) -> None:
    """Say that nothing is changed, though the request is no GET: the door writes no entry then."""
    _call(request).recorded = True


def note(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Write down a change that succeeded and that nobody wrote down; `name` is the operation's."""
    call = calls.of(request)
    if call is None or call.recorded or request.method in SAFE or response.status_code >= 400:
        return
    place = f"{request.method} {request.path}"
    log.record(named(call.key), name, "request", request.path[-80:], place)
    call.recorded = True


def _call(request: HttpRequest) -> Call:
    call = calls.of(request)
    assert call  # noqa: S101 - only a program's views ask
    return call
