"""Browser sessions: one statement each, and Django's own behaviour."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from burnish_server.project.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_a_session_that_begins_is_written_once(django_assert_num_queries: Any) -> None:
    session = SessionStore()

    with django_assert_num_queries(1):
        session.create()
        session["seen"] = 1
        session.save()

    assert SessionStore(session.session_key)["seen"] == 1


def test_a_session_goes_on_under_another_key_and_the_old_one_is_gone() -> None:
    session = SessionStore()
    session["seen"] = 1
    session.save()
    before = session.session_key

    session.cycle_key()
    session.save()

    assert session.session_key != before
    assert SessionStore(session.session_key)["seen"] == 1
    assert not Session.objects.filter(session_key=before).exists()


def test_a_session_that_somebody_ended_meanwhile_is_not_written_again() -> None:
    session = SessionStore()
    session["seen"] = 1
    session.save()
    SessionStore().delete(session.session_key)

    with pytest.raises(UpdateError):
        session.save()

    assert not Session.objects.exists()


def test_a_session_that_expired_or_never_was_is_empty_and_has_no_key() -> None:
    session = SessionStore()
    session["seen"] = 1
    session.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    for key in (session.session_key, "n" * 32):
        late = SessionStore(key)
        assert late.get("seen") is None
        assert late.session_key is None
