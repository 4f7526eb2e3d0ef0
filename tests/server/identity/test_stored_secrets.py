"""What lies in the database lets nobody in who reads it."""

import json
import re
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from tests.server.identity.ways import NUMBER, code_of, turn_on

from burnish_server.hooks import sealing
from burnish_server.identity import factor_secrets
from burnish_server.identity.flows import administrator
from burnish_server.identity.mail import DeferredBackend
from burnish_server.identity.models import Mail, Sms, User
from burnish_server.identity.session_keys import stored

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "ada@nordlake.example", "correct horse battery"
MIGRATION = import_module("burnish_server.identity.migrations.0007_stored_secrets")


@pytest.fixture
def ada() -> User:
    administrator.create(ADDRESS, PASSWORD)
    return User.objects.get()


@pytest.fixture
def inside(client: Client, ada: User) -> Client:
    """The browser in which Ada has signed in."""
    client.post("/login/", {"login": ADDRESS, "password": PASSWORD})
    return client


def tables_with(text: str) -> list[str]:
    """Return the tables of which some row has a text, in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            whole = f'SELECT 1 FROM "{name}" AS t WHERE strpos(t::text, %s) > 0 LIMIT 1'
            cursor.execute(whole, [text])
            if cursor.fetchone():
                found.append(name)
    return found


def app_session(client: Client) -> str:
    """Sign in by JSON, and return the session token."""
    said = {"email": ADDRESS, "password": PASSWORD}
    answer = client.post("/_allauth/app/v1/auth/login", json.dumps(said), "application/json")
    token: str = answer.json()["meta"]["session_token"]
    return token


def in_by_cookie(key: str) -> bool:
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    return browser.get("/settings/").status_code == 200


def in_by_token(key: str) -> bool:
    answer = Client().get("/_allauth/app/v1/auth/session", headers={"X-Session-Token": key})
    return answer.status_code == 200


def test_a_stored_session_key_opens_no_session_at_either_door(inside: Client) -> None:
    keys = {*Session.objects.values_list("session_key", flat=True)}
    keys |= {*UserSession.objects.values_list("session_key", flat=True)}

    assert keys == {stored(inside.session.session_key)}
    for key in keys:
        assert not in_by_cookie(key)
        assert not in_by_token(key)
    assert in_by_cookie(str(inside.session.session_key))


def test_a_session_token_of_an_app_is_stored_as_a_hash_and_works(ada: User) -> None:
    token = app_session(Client())

    assert tables_with(token) == []
    assert in_by_token(token)


def test_a_session_key_is_found_in_no_table(inside: Client) -> None:
    assert tables_with(str(inside.session.session_key)) == []
    assert "django_session" in tables_with(stored(inside.session.session_key))


def test_sessions_are_listed_and_ended_by_json(inside: Client, ada: User) -> None:
    other = Client()
    other.post("/login/", {"login": ADDRESS, "password": PASSWORD})
    address = "/_allauth/browser/v1/auth/sessions"

    items = inside.get(address).json()["data"]
    (second,) = [one["id"] for one in items if not one["is_current"]]
    inside.delete(address, json.dumps({"sessions": [second]}), "application/json")

    assert len(items) == 2
    assert inside.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_a_changed_password_leaves_no_session_key_behind(inside: Client) -> None:
    said = {"oldpassword": PASSWORD, "password1": "sunken-lantern-7", "password2": ""}
    inside.post("/password/change/", {**said, "password2": said["password1"]})

    assert tables_with(str(inside.session.session_key)) == []
    assert inside.get("/settings/").status_code == 200


def test_codes_in_sessions_mails_and_messages_are_sealed(
    client: Client, ada: User, settings: Any
) -> None:
    turn_on(settings, methods=("email", "phone"))
    settings.EMAIL_BACKEND = "burnish_server.identity.mail.DeferredBackend"
    User.objects.update(phone_number=NUMBER, phone_number_verified=True)

    client.post("/login/code/", {"email": ADDRESS})
    stage = client.session["account_login"]["state"]["stages"]["login_by_code"]
    mailed = stage["data"]["code"]
    assert mailed in Mail.objects.get().text
    Client().post("/login/code/?with=phone", {"phone": NUMBER})

    assert tables_with(mailed) == []
    assert tables_with(code_of()) == []
    assert client.post("/login/code/confirm/", {"code": mailed}).status_code == 302


def test_a_link_to_a_new_password_lies_in_no_table(ada: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "burnish_server.identity.mail.DeferredBackend"

    Client().post("/password/reset/", {"email": ADDRESS})

    link = re.findall(r"/password/reset/key/\S+", Mail.objects.get().text)[0]
    assert tables_with(link) == []


def test_mails_of_an_older_version_are_read_as_they_are(db: None) -> None:
    DeferredBackend().send_messages([EmailMultiAlternatives("s", "new", "a@b.example", ["c@d"])])
    Sms.objects.create(to=NUMBER, text="new", template="t", variables={"code": "1"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_mail SET text = 'old'")
        cursor.execute("""UPDATE identity_sms SET text = 'old', variables = '{"code": "2"}'""")

    assert Mail.objects.get().text == "old"
    assert (Sms.objects.get().text, Sms.objects.get().variables) == ("old", {"code": "2"})


def test_secrets_of_apps_and_recovery_codes_are_sealed_and_work(ada: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    codes = RecoveryCodes.activate(ada)

    kept = {one.type: one.data for one in Authenticator.objects.all()}
    assert tables_with(secret) == []
    assert kept["totp"]["secret"].startswith("gAAAA")
    assert kept["recovery_codes"]["seed"].startswith("gAAAA")
    assert codes.validate_code(codes.get_unused_codes()[0])


def test_an_older_database_s_factors_open_and_are_sealed_by_the_migration(ada: User) -> None:
    secret = generate_totp_secret()
    Authenticator.objects.create(user=ada, type="totp", data={"secret": secret})
    seed = RecoveryCodes.generate_seed()
    clear = {"seed": seed, "used_mask": 1}
    row = Authenticator.objects.create(user=ada, type="recovery_codes", data=clear)
    before = RecoveryCodes(row).get_unused_codes()

    assert factor_secrets.reseal() == 2

    assert tables_with(secret) == tables_with(seed) == []
    row.refresh_from_db()
    assert RecoveryCodes(row).get_unused_codes() == before
    assert row.data["used_mask"] == 1


def test_factors_are_sealed_anew_when_keys_change(ada: User, settings: Any) -> None:
    secret = generate_totp_secret()
    row = TOTP.activate(ada, secret).instance
    old, settings.SECRET_KEYS = settings.SECRET_KEYS, ["new", *settings.SECRET_KEYS]

    factor_secrets.reseal()
    settings.SECRET_KEYS = ["new"]

    row.refresh_from_db()
    assert sealing.unseal(row.data["secret"]) == secret
    settings.SECRET_KEYS = old


def test_a_session_sealed_with_a_key_that_is_gone_is_signed_out(
    inside: Client, settings: Any
) -> None:
    settings.SECRET_KEYS = ["another"]

    assert inside.get("/settings/").status_code == 302


def test_sessions_and_grants_of_an_older_database_go_on(inside: Client) -> None:
    key = str(inside.session.session_key)
    content = signing.dumps(
        dict(inside.session.items()),
        salt="django.contrib.sessions.SessionStore",
        serializer=db.SessionStore().serializer,
        compress=True,
    )
    Session.objects.update(session_key=key, session_data=content)
    UserSession.objects.update(session_key=key)

    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.HASHED)

    assert inside.get("/settings/").status_code == 200
    assert inside.get("/settings/sessions/").context["sessions"][0].is_current
    assert tables_with(key) == []
