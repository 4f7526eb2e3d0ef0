"""Answers to requests that named themselves, kept for as long as they may be sent again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from burnish_server.api_keys.models import Answer, ApiKey

KEPT = timedelta(hours=24)
"""How long an answer is kept."""

STALLED = timedelta(minutes=2)
"""After how long a request without an answer counts as lost with its process."""


class Busy(Exception):
    """The request is being worked on."""


class Another(Exception):
    """The name belongs to a request of another content."""


def begin(key: ApiKey, name: str, fingerprint: str, now: datetime) -> Answer:
    """Return the answer to a request; without a status, it is the caller's to give.

    Raises `Busy` or `Another`.
    """
    row, new = Answer.objects.get_or_create(
        api_key=key, name=name, defaults={"fingerprint": fingerprint, "began_at": now}
    )
    if new:
        return row
    age = now - row.began_at
    if age >= KEPT:
        return _taken(row, fingerprint, now)
    if row.fingerprint != fingerprint:
        raise Another
    if row.status is None:
        if age < STALLED:
            raise Busy
        return _taken(row, fingerprint, now)
    return row


def keep(
    answer: Answer, status: int, headers: Mapping[str, str], body: bytes, about: Iterable[UUID]
) -> None:
    """Keep what a request was answered with: a sealed body, and the ids it is about."""
    Answer.objects.filter(pk=answer.pk, began_at=answer.began_at).update(
        status=status, headers=dict(headers), body=body, about=sorted({*about})
    )


def withhold(answer: Answer, status: int) -> None:
    """Keep that a request was done, and nothing of its answer."""
    Answer.objects.filter(pk=answer.pk, began_at=answer.began_at).update(
        status=status, withheld=True
    )


def forget(user_id: UUID) -> int:
    """Remove the answers that may hold something of a user; return how many."""
    return Answer.objects.filter(about__contains=[user_id]).delete()[0]


def drop(answer: Answer) -> None:
    """Give a name back: nothing was done under it."""
    Answer.objects.filter(pk=answer.pk, began_at=answer.began_at).delete()


def prune(now: datetime | None = None) -> int:
    """Remove answers that are too old; return how many."""
    before = (now or timezone.now()) - KEPT
    return Answer.objects.filter(began_at__lte=before).delete()[0]


def _taken(row: Answer, fingerprint: str, now: datetime) -> Answer:
    mine = Answer.objects.filter(pk=row.pk, began_at=row.began_at).update(
        fingerprint=fingerprint,
        began_at=now,
        status=None,
        headers={},
        body=b"",
        withheld=False,
        about=[],
    )
    if not mine:
        raise Busy
    return Answer.objects.get(pk=row.pk)
