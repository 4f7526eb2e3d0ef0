"""User management > Social sign-in: services are set up, and their secrets are never shown."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.hooks import sealing
from burnish_server.social import store
from burnish_server.social.models import SocialProvider

pytestmark = pytest.mark.django_db

LIST = "/portal/social/socialprovider/"
GIVEN = {"name": "Google", "client_id": "c-1", "secret": "s3cret-canary", "enabled": "on"}


def test_the_six_are_listed_and_one_is_set_up(portal: Client) -> None:
    said = text(portal.get(LIST))
    for name in ("Google", "GitHub", "Microsoft", "Apple", "LinkedIn", "OpenID Connect"):
        assert f"{name} Not set up" in said

    form = portal.get(f"{LIST}add/?kind=google")
    assert "http://testserver/social/google/login/callback/" in form.content.decode()
    page = portal.post(f"{LIST}add/?kind=google", GIVEN, follow=True)

    assert "Google was added" in text(page)
    assert "s3cret-canary" not in page.content.decode()
    row = SocialProvider.objects.get()
    assert sealing.unseal(row.sealed) == "s3cret-canary"
    assert "s3cret-canary" not in row.sealed
    assert [one.alias for one in store.enabled()] == ["google"]
    assert "Continue with Google" in text(Client().get("/login/"))
    entry = Entry.objects.get(subject_kind="social provider")
    assert (entry.action, "s3cret" in str(entry.detail)) == ("added", False)


def test_a_secret_stays_until_another_is_typed(portal: Client) -> None:
    portal.post(f"{LIST}add/?kind=google", GIVEN)

    portal.post(f"{LIST}google/change/", {**GIVEN, "secret": "", "client_id": "c-2"})
    (kept,) = store.enabled()
    assert (kept.client_id, kept.secret) == ("c-2", "s3cret-canary")
    portal.post(f"{LIST}google/change/", {**GIVEN, "secret": "other"})
    assert store.enabled()[0].secret == "other"


def test_one_is_switched_off_and_removed(portal: Client) -> None:
    portal.post(f"{LIST}add/?kind=google", GIVEN)

    portal.post(f"{LIST}google/switch/")
    assert store.enabled() == ()
    assert "Google Off" in text(portal.get(LIST))
    portal.post(f"{LIST}google/delete/", {"post": "yes"})

    assert not SocialProvider.objects.exists()


def test_of_openid_connect_there_may_be_several(portal: Client) -> None:
    about = {**GIVEN, "server_url": "https://login.acme.example"}

    for alias in ("acme", "globex"):
        portal.post(f"{LIST}add/?kind=oidc", {**about, "alias": alias, "name": alias.title()})

    assert [one.alias for one in store.enabled()] == ["acme", "globex"]
    page = portal.get(f"{LIST}globex/change/").content.decode()
    assert "http://testserver/social/oidc/globex/login/callback/" in page
    assert "Another by OpenID Connect" in text(portal.get(LIST))


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("oidc", {"alias": "Acme"}, "small letters"),
        ("oidc", {"alias": "github"}, "another provider's"),
        ("oidc", {"alias": "linkedin"}, "another provider's"),
        ("oidc", {"server_url": "http://login.acme.example"}, "https://"),
        ("oidc", {"server_url": "javascript:alert(1)"}, "https://"),
        ("oidc", {"server_url": "https://[::"}, "https://"),
        ("google", {"secret": ""}, "required"),
        ("google", {"client_id": ""}, "required"),
        ("google", {"name": "x" * 41}, "40"),
        ("microsoft", {"tenant": "a/b"}, "letters, digits"),
        ("apple", {"secret": "-----BEGIN NOTHING-----"}, ".p8 file"),
    ],
)
def test_what_cannot_be_right_is_refused(
    portal: Client, kind: str, given: dict[str, Any], sentence: str
) -> None:
    right = {
        "alias": "acme",
        "server_url": "https://login.acme.example",
        "tenant": "common",
        "team_id": "TEAM123456",
        "key_id": "KEY1234567",
    }

    page = portal.post(f"{LIST}add/?kind={kind}", {**GIVEN, **right, **given})

    assert page.status_code == 200
    assert sentence in text(page)
    assert not SocialProvider.objects.exists()


def test_those_of_the_settings_are_shown_and_win(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.post(f"{LIST}add/?kind=google", GIVEN)
    said = {"id": "google", "provider": "google", "client_id": "c-9", "client_secret": "s"}
    options = type(settings.BURNISH).model_validate({"social": [said]})
    monkeypatch.setattr(
        settings, "BURNISH", settings.BURNISH.model_copy(update={"social": options.social})
    )

    assert "Google On, by the settings" in text(portal.get(LIST))
    assert [one.client_id for one in store.enabled()] == ["c-9"]


def test_secrets_are_sealed_anew_with_the_first_key(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.post(f"{LIST}add/?kind=google", GIVEN)
    monkeypatch.setattr(settings, "SECRET_KEYS", ["new", *settings.SECRET_KEYS])

    assert store.reseal() == 1

    monkeypatch.setattr(settings, "SECRET_KEYS", ["new"])
    assert sealing.unseal(SocialProvider.objects.get().sealed) == "s3cret-canary"


def test_one_whose_key_is_gone_is_left_out(portal: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    portal.post(f"{LIST}add/?kind=google", GIVEN)
    SocialProvider.objects.update(sealed="gone")

    assert store.enabled() == ()
    assert portal.get(LIST).status_code == 200
