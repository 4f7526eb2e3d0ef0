"""The keys of tokens: one is made when it is needed, and another takes its place without a gap."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from tests.doors.oidc.conftest import App, claims

from burnish_server.identity.oidc import keys
from burnish_server.identity.oidc.models import SigningKey

pytestmark = pytest.mark.django_db

Register = Callable[..., App]


def published() -> list[str]:
    response = Browser().get("/oauth2/jwks")
    assert response["Cache-Control"] == "public, max-age=300"
    found = json.loads(response.content)["keys"]
    assert all(key.keys() == {"kty", "n", "e", "kid", "use", "alg"} for key in found)
    return [key["kid"] for key in found]


def test_the_first_key_is_made_at_first_need_and_kept_sealed() -> None:
    (kid,) = published()

    row = SigningKey.objects.get()
    assert row.kid == kid
    assert "PRIVATE" not in row.sealed
    assert published() == [kid]


def test_a_new_key_signs_and_the_old_one_s_tokens_stay_good(
    browser: Browser, register: Register
) -> None:
    app = register()
    before = app.log_in()["id_token"]
    old = published()[0]

    new = keys.rotate().kid

    assert published() == [new, old]
    assert claims(before)
    assert claims(app.log_in()["id_token"])
    assert "code" in app.come_back(id_token_hint=before)


def test_a_retired_key_goes_when_its_tokens_are_over(register: Register) -> None:
    register(access_token_lifetime_seconds=7200)
    old = published()[0]
    keys.rotate()

    SigningKey.objects.filter(kid=old).update(retired_at=timezone.now() - timedelta(hours=1))
    assert old in published()
    SigningKey.objects.filter(kid=old).update(retired_at=timezone.now() - timedelta(hours=3))
    assert old not in published()
    keys.rotate()
    assert not SigningKey.objects.filter(kid=old).exists()
