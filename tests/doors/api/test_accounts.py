"""Accounts closed, opened, deleted and anonymised by programs; their passwords and sessions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from tests.doors.api.conftest import Program

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.identity.session_keys import stored

pytestmark = pytest.mark.django_db

Person = Callable[..., User]


@pytest.fixture
def ada(person: Person) -> User:
    return person()


@pytest.fixture
def path(ada: User) -> str:
    return f"/api/v1/users/{ada.pk}"


def happened() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("type", flat=True))


def deeds() -> list[str]:
    return list(Entry.objects.filter(door="api").order_by("pk").values_list("action", flat=True))


def test_an_account_is_closed_and_opened(admin: Program, path: str) -> None:
    closed = admin.post(f"{path}/disable", {"reason": "asked us to"}).body
    opened = admin.post(f"{path}/enable").body

    assert (closed["is_disabled"], closed["disable_reason"]) == (True, "asked us to")
    assert (opened["is_disabled"], opened["disable_reason"]) == (False, None)
    assert happened() == ["user.disabled", "user.reenabled"]
    assert deeds() == ["disable", "enable"]


def test_an_account_is_closed_for_a_time(admin: Program, path: str) -> None:
    since, until = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=2)

    said = admin.post(
        f"{path}/disable", {"since": since.isoformat(), "until": until.isoformat()}
    ).body

    assert said["is_disabled"] is False
    assert said["temporarily_disabled_from"] < said["temporarily_disabled_until"]
    for body in (
        {"since": until.isoformat(), "until": since.isoformat()},
        {"since": since.isoformat()},
        {"until": "2027-01-01T00:00:00"},
        {"until": "tomorrow"},
        {"until": 10**30},
        {"reason": "x\x00"},
        {"reason": "x" * 301},
    ):
        assert admin.post(f"{path}/disable", body).problem[:2] == (422, "invalid_request")


def test_an_account_is_to_be_deleted_and_kept_after_all(admin: Program, path: str) -> None:
    scheduled = admin.put(f"{path}/deletion", {"reason": "asked us to"})
    again = admin.put(f"{path}/deletion")
    enabled = admin.post(f"{path}/enable")
    kept = admin.delete(f"{path}/deletion")

    assert (scheduled.body["is_disabled"], scheduled.body["delete_reason"]) == (True, "asked us to")
    assert scheduled.body["delete_at"] is not None
    assert again.problem[:2] == enabled.problem[:2] == (409, "ending_scheduled")
    assert (kept.body["delete_at"], kept.body["is_disabled"]) == (None, False)
    assert admin.delete(f"{path}/deletion").problem[:2] == (409, "not_scheduled")
    assert deeds() == ["delete", "keep"]


def test_an_account_is_deleted_at_once(admin: Program, path: str, ada: User) -> None:
    answer = admin.delete(path)

    assert (answer.status, answer.response.content) == (204, b"")
    assert admin.get(path).problem[:2] == (404, "user_not_found")
    assert happened() == ["user.deleted"]
    assert Entry.objects.get(action="delete").subject_id == str(ada.pk)
    assert ada.email not in str(list(Entry.objects.values()))


def test_an_account_is_anonymised(admin: Program, path: str) -> None:
    later = admin.put(f"{path}/anonymization", {"days": 3}).body
    left = admin.delete(f"{path}/anonymization").body
    done = admin.post(f"{path}/anonymize").body

    assert (later["is_disabled"], later["anonymize_at"] is not None) == (True, True)
    assert (left["is_disabled"], left["anonymize_at"]) == (False, None)
    assert (done["is_anonymized"], done["email"]) == (True, None)
    for method, place in (("POST", "enable"), ("PUT", "deletion"), ("PUT", "password")):
        body = {"password": None} if place == "password" else None
        answer = admin.send(method, f"{path}/{place}", body)
        assert answer.problem[:2] == (409, "user_anonymized")


@pytest.mark.django_db(transaction=True)
def test_hooks_may_refuse_an_end(admin: Program, path: str) -> None:
    script = "export default () => ({is_allowed: false, title: 'No', reason: 'keep'});"
    events = ["user.pre_schedule_deletion", "user.pre_schedule_anonymization"]
    Hook.objects.create(name="no", script=script, events=events)

    for place in ("deletion", "anonymization"):
        assert admin.put(f"{path}/{place}").problem == (403, "hook_disallowed", "No keep")
    assert User.objects.filter(is_active=True, delete_at=None, anonymize_at=None).exists()


def test_administrators_are_no_business_of_programs(admin: Program, path: str) -> None:
    User.objects.update(is_staff=True)

    for method, place, body in (
        ("DELETE", "", None),
        ("PUT", "/password", {"password": "correct horse battery"}),
        ("POST", "/disable", None),
        ("POST", "/identities", {"key": "email", "value": "eva@nordlake.example"}),
        ("PATCH", "/memberships", {"roles": []}),
        ("PATCH", "/profile", {"standard_attributes": {}}),
        ("POST", "/anonymize", None),
    ):
        answer = admin.send(method, path + place, body)
        assert answer.problem[:2] == (403, "user_is_administrator"), place


def test_a_password_is_set_and_taken_away(admin: Program, path: str, ada: User) -> None:
    good = admin.put(f"{path}/password", {"password": "correct horse battery"})
    ada.refresh_from_db()
    assert (good.status, check_password("correct horse battery", ada.password)) == (204, True)
    assert ada.has_usable_password()

    for body in ({"password": "12345678"}, {"password": ""}, {}, {"password": "x\x00" * 9}):
        assert admin.put(f"{path}/password", body).problem[0] == 422

    assert admin.put(f"{path}/password", {"password": None}).status == 204
    ada.refresh_from_db()
    assert not ada.has_usable_password()
    entry = Entry.objects.filter(action="changed", subject_kind="password").first()
    assert entry
    assert "horse" not in str(entry.detail)


def test_a_link_is_mailed_to_set_a_password_with(
    admin: Program, path: str, ada: User, mailoutbox: list[EmailMessage]
) -> None:
    assert admin.post(f"{path}/password-reset").status == 202

    (mail,) = mailoutbox
    assert mail.to == [ada.email]
    assert "/password/reset/key/" in mail.body
    User.objects.update(email=None)
    assert admin.post(f"{path}/password-reset").problem[:2] == (409, "no_email")


def test_sessions_are_listed_and_ended(admin: Program, path: str, ada: User) -> None:
    browsers = [Client(headers={"User-Agent": "Firefox Linux"}) for _ in range(3)]
    for browser in browsers:
        browser.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        UserSession.objects.create(
            user=ada,
            ip="203.0.113.7",
            user_agent="Firefox Linux",
            session_key=stored(browser.session.session_key),
        )

    items = admin.get(f"{path}/sessions").body["items"]
    one = admin.delete(f"{path}/sessions/{items[0]['id']}")

    assert [item["device"] for item in items] == ["Firefox on Linux"] * 3
    assert one.status == 204
    for odd in (items[0]["id"], "x", "9" * 40, "²", "others"):
        answer = admin.delete(f"{path}/sessions/{odd}")
        assert answer.problem[:2] == (404, "session_not_found")
    assert admin.delete(f"{path}/sessions").body == {"ended": 2}
    assert admin.get(f"{path}/sessions").body == {"items": []}
