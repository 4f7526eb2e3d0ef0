"""Owners hear by mail, at each proved address, that how their account is signed in to changed."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from tests.doors.api.conftest import Program
from tests.server.conftest import hook
from tests.server.identity.test_first_proof import by_password, by_reset, mailed
from tests.server.identity.test_headless import App
from tests.server.identity.test_way_in import STEPS, demanding, page
from tests.server.identity.test_way_in import code_of as totp_of
from tests.server.identity.ways import NUMBER, PASSWORD, code_of, turn_on

from burnish_server.api_keys import store as keys
from burnish_server.api_keys.scope import SCOPES
from burnish_server.audit.log import Actor
from burnish_server.hooks.models import Hook
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User
from burnish_server.imports import store as imports
from burnish_server.imports import tasks
from burnish_server.profiles import store as profiles

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["hook"]

EMAIL, SECOND, UNPROVED = "ada@acme.example", "ada@home.example", "ada@unproved.example"
NEW = "the owner's own horse"
SUBJECT = "Your account was changed"


@pytest.fixture
def ada() -> User:
    """Somebody who came in before, and has two proved addresses and one that is not."""
    user = User.objects.create(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=SECOND, verified=True)
    EmailAddress.objects.create(user=user, email=UNPROVED)
    profiles.forget(user.pk)
    by_password(Client(), PASSWORD)
    return user


@pytest.fixture
def own(ada: User) -> Client:
    """The browser they are signed in with, and have just proved it."""
    client = Client()
    by_password(client, PASSWORD)
    client.post("/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def app(ada: User) -> App:
    """A program they are signed in with."""
    app = App()
    app.post("auth/login", {"email": EMAIL, "password": PASSWORD})
    app.post("auth/reauthenticate", {"password": PASSWORD})
    return app


@pytest.fixture
def program() -> Program:
    return Program(keys.create("crm", SCOPES, Actor.at_command_line())[1])


def heard() -> dict[str, set[str]]:
    """Return who heard what, by address."""
    found: dict[str, set[str]] = {}
    for one in mail.outbox:
        if one.subject == SUBJECT:
            found.setdefault(one.to[0], set()).add(str(one.body).splitlines()[0])
    return found


def both(*sentences: str) -> dict[str, set[str]]:
    return {EMAIL: {*sentences}, SECOND: {*sentences}}


def identity(program: Program, user: User, value: str) -> str:
    """Return the path of one of somebody's identities."""
    path = f"/api/v1/users/{user.pk}/identities"
    found = next(one for one in program.get(path).body["items"] if value in json.dumps(one))
    return f"{path}/{found['id']}"


PASSWORD_CHANGED = "The password of your account was changed."


def test_a_password_changed_on_the_pages(own: Client) -> None:
    own.post("/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert heard() == both(PASSWORD_CHANGED)
    assert NEW not in str([one.body for one in mail.outbox])


def test_a_password_changed_by_json(app: App) -> None:
    app.post("account/password/change", {"current_password": PASSWORD, "new_password": NEW})

    assert heard() == both(PASSWORD_CHANGED)


def test_a_password_set_anew_by_a_link(ada: User, client: Client) -> None:
    by_reset(client)

    assert heard() == both(PASSWORD_CHANGED)


def test_a_password_set_by_a_program(ada: User, program: Program) -> None:
    path = f"/api/v1/users/{ada.pk}/password"

    program.put(path, {"password": NEW})
    assert heard() == both(PASSWORD_CHANGED)
    mail.outbox.clear()
    program.put(path, {"password": None})
    assert heard() == both("The password of your account was removed.")


def test_a_password_set_by_graphql(ada: User, program: Program) -> None:
    program.post("/graphql", _mutation("resetPassword", ada, password=NEW))

    assert heard() == both(PASSWORD_CHANGED)


def _mutation(name: str, user: User, **more: str) -> dict[str, str]:
    node = urlsafe_b64encode(f"User:{user.pk}".encode()).decode().rstrip("=")
    said = "".join(f', {key}: "{value}"' for key, value in more.items())
    query = f'mutation {{ {name}(input: {{userID: "{node}"{said}}}) {{ user {{ id }} }} }}'
    return {"query": query}


def test_an_address_added_and_removed_on_the_pages(own: Client, ada: User) -> None:
    new = "ada@new.example"
    own.post("/email/", {"action_add": "", "email": new})
    own.post("/confirm-email/", {"code": mailed(to=new)})
    assert heard() == both("An email address was added to your account.")
    mail.outbox.clear()

    own.post("/email/", {"action_remove": "", "email": SECOND})

    removed = {"An email address was removed from your account."}
    assert heard() == {EMAIL: removed, SECOND: removed, new: removed}


def test_another_address_first_by_json(app: App) -> None:
    app.call("PATCH", "account/email", {"email": SECOND, "primary": True})

    assert heard() == both("The email address of your account was changed.")


def test_addresses_changed_by_a_program(ada: User, program: Program) -> None:
    path = f"/api/v1/users/{ada.pk}/identities"

    program.post(path, {"key": "email", "value": "eve@acme.example"})
    assert heard() == both("An email address was added to your account.")
    mail.outbox.clear()
    changed = program.patch(identity(program, ada, EMAIL), {"value": "eve@other.example"})
    assert changed.status == 200, changed.body
    assert heard() == both("The email address of your account was changed.")
    mail.outbox.clear()
    program.delete(identity(program, ada, SECOND))
    assert heard() == {SECOND: {"An email address was removed from your account."}}


def test_an_address_added_by_graphql(ada: User, program: Program) -> None:
    asked = _mutation("createIdentity", ada)
    definition = 'definition: {loginID: {key: "email", value: "eve@acme.example"}}'
    asked["query"] = asked["query"].replace("}) {", f", {definition}}}) {{")

    answer = program.post("/graphql", asked)

    assert "errors" not in answer.body, answer.body
    assert heard() == both("An email address was added to your account.")


def test_a_number_added_and_removed(own: Client, settings: Any) -> None:
    turn_on(settings, methods=("email", "phone"))

    own.post("/phone/change/", {"phone": NUMBER, "action": "change"})
    own.post("/phone/verify/", {"code": code_of()})
    assert heard() == both("A phone number was added to your account.")
    mail.outbox.clear()
    own.post("/phone/remove/")
    assert heard() == both("The phone number was removed from your account.")


def test_a_number_set_in_the_portal(ada: User) -> None:
    administrator.create("root@staff.example", PASSWORD)
    client = Client()
    root = User.objects.get(is_staff=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")

    client.post(f"/portal/identity/user/{ada.pk}/ways-in/", {"act": "change", "phone": NUMBER})

    assert heard() == both("A phone number was added to your account.")


def test_an_authenticator_app_on_and_off(own: Client) -> None:
    EmailAddress.objects.filter(verified=False).delete()
    secret = own.get("/2fa/totp/activate/").context["form"].secret
    code = auth.format_hotp_value(
        auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    )
    own.post("/2fa/totp/activate/", {"code": code})

    added = "An authenticator app was added to your account."
    made = "New recovery codes were made for your account."
    assert heard() == both(added, made)
    mail.outbox.clear()
    own.post("/2fa/recovery-codes/generate/")
    assert heard() == both(made)
    mail.outbox.clear()
    own.post("/2fa/totp/deactivate/")
    assert "The authenticator app was removed from your account." in heard()[SECOND]


def test_an_authenticator_app_that_a_hook_demands(
    ada: User, client: Client, hook: Callable[..., Hook]
) -> None:
    hook("strict", demanding("mfa"), events=[STEPS[1]])
    by_password(client, PASSWORD)
    secret = re.findall(r"<code>([A-Z2-7]+)</code>", page(client.get("/login/factor/")))[0]

    client.post("/login/factor/", {"code": totp_of(secret)})

    assert heard() == both("An authenticator app was added to your account.")


def test_a_passkey_removed_by_a_program(ada: User, program: Program) -> None:
    data = {"name": "key", "credential": {"id": "c1"}}
    Authenticator.objects.create(user=ada, type="webauthn", data=data)

    program.delete(identity(program, ada, '"passkey"'))

    assert not Authenticator.objects.exists()
    assert heard() == both("A passkey or security key was removed from your account.")


def test_a_social_account_disconnected_by_a_program(ada: User, program: Program) -> None:
    SocialAccount.objects.create(user=ada, provider="acme", uid="1")

    program.delete(identity(program, ada, "oauth"))

    assert heard() == both("An account of another service was disconnected from yours.")


def test_an_import_that_moves_somebody(ada: User, settings: Any) -> None:
    rows = [{"email": EMAIL, "phone_number": NUMBER}]
    _imported(rows)
    assert heard() == both("A phone number was added to your account.")
    mail.outbox.clear()

    _imported([{"phone_number": NUMBER, "email": "eve@evil.example"}], identifier="phone_number")
    assert heard() == both("The email address of your account was changed.")
    mail.outbox.clear()

    quiet = settings.BURNISH.accounts.model_copy(update={"import_mails": False})
    settings.BURNISH = settings.BURNISH.model_copy(update={"accounts": quiet})
    _imported([{"email": "eve@evil.example", "phone_number": "+4915223433333"}])
    assert heard() == {}


def _imported(rows: list[Any], identifier: str = "email") -> None:
    wish = imports.Wish(identifier=identifier, upsert=True)
    run = imports.take_records(rows, wish, Actor.at_command_line())
    tasks.go_on(str(run.pk))
    run.refresh_from_db()
    assert run.updated == len(rows), list(run.outcomes.values())


def test_who_signs_up_hears_nothing(client: Client) -> None:
    client.post("/signup/", {"email": EMAIL, "password1": PASSWORD})
    client.post("/confirm-email/", {"code": mailed()})

    assert client.get("/settings/").status_code == 200
    assert heard() == {}


def test_they_hear_in_their_own_language(ada: User, program: Program) -> None:
    path = f"/api/v1/users/{ada.pk}"
    program.patch(f"{path}/profile", {"standard_attributes": {"locale": "de"}})

    program.put(f"{path}/password", {"password": NEW})

    assert {one.subject for one in mail.outbox} >= {"Ihr Konto wurde geändert"}
    assert "Wenn nicht, setzen Sie ein neues Passwort" in str(mail.outbox[-1].body)
