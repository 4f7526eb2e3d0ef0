"""What hooks did and what went wrong at sign-in is in the audit log: no values of attributes."""

import json
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.server.conftest import GEO

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Hook
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

ADA = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
NO = """export default () => ({ is_allowed: false, title: "No", reason: "not you" });"""


def test_what_a_hook_wrote_and_what_another_refused_is_there_without_values(
    client: Client, attribute: Callable[..., CustomAttribute], hook: Callable[..., Hook]
) -> None:
    attribute("city")
    attribute("country")
    hook("geo", GEO)

    client.post("/signup/", ADA)
    hook("no", NO)
    Client().post("/signup/", {**ADA, "email": "bo@nordlake.example"})

    refused, wrote = Entry.objects.filter(door="hook").order_by("-id")
    user = User.objects.get()
    assert (wrote.actor, wrote.action, wrote.subject_id) == ("geo", "changed", str(user.pk))
    assert sorted(wrote.detail["attributes"]) == ["city", "country"]
    assert (refused.actor, refused.action) == ("no", "refused")
    assert refused.detail == {"event": "user.pre_create"}
    assert "Lyon" not in str([wrote.detail, refused.detail])


def test_who_cannot_prove_who_they_are_is_there_and_so_is_who_signs_out(client: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")

    client.post("/login/", {"login": "ada@nordlake.example", "password": "a wrong one"})
    client.post("/login/", {"login": "nobody@nordlake.example", "password": "a wrong one"})
    client.force_login(user)
    client.post("/logout/")

    told = list(Entry.objects.order_by("id").values_list("action", "subject_id"))
    assert told == [
        ("authentication.primary.password.failed", str(user.pk)),
        ("authentication.identity.login_id.failed", ""),
        ("user.signed_out", str(user.pk)),
    ]
    assert "nobody@nordlake.example" not in str(list(Entry.objects.values()))


def test_codes_and_passkeys_that_prove_nothing_are_there(client: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, generate_totp_secret())

    client.post("/login/code/", {"email": user.email})
    client.post(reverse("account_confirm_login_code"), {"code": "ABCDEF"})
    for wrong in ({"id": "none"}, [1], {"rawId": "AA", "response": {}}):
        page = Client().post(reverse("mfa_login_webauthn"), {"credential": json.dumps(wrong)})
        assert page.status_code in {200, 302}
    client.force_login(user)
    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    told = list(Entry.objects.order_by("id").values_list("action", "subject_id"))
    assert told == [
        ("authentication.primary.oob_otp_email.failed", str(user.pk)),
        *[("authentication.primary.passkey.failed", "")] * 3,
        ("authentication.secondary.totp.failed", str(user.pk)),
    ]


def test_who_signs_out_elsewhere_is_there(client: Client) -> None:
    user = User.objects.create(email="ada@nordlake.example")
    UserSession.objects.create(user=user, ip="198.51.100.4", session_key="elsewhere")
    client.force_login(user)

    client.post("/settings/sessions/", {"end": "others"})

    entry = Entry.objects.get(action="user.session.terminated")
    assert (entry.door, entry.actor_id, entry.detail) == ("user", user.pk, {"sessions": 1})


def test_who_tries_too_often_is_there_once_a_minute(client: Client) -> None:
    cache.clear()

    for _ in range(8):
        client.post("/login/", {"login": "ada@nordlake.example", "password": "a wrong one"})

    assert Entry.objects.filter(action="rate_limit.blocked").count() == 1
