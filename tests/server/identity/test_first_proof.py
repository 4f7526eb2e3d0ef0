"""What a stranger set up with somebody's address is gone once its owner proves it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client, RequestFactory
from tests.server.identity.test_headless import App, pending
from tests.server.identity.test_social import come_in, provider
from tests.server.identity.vouching import ADA, Vouching, serving
from tests.server.identity.ways import NUMBER, code_of, turn_on
from tests.server.imports.conftest import finish

from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event
from burnish_server.identity import user_sessions
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import administrator, on_behalf, signup
from burnish_server.identity.models import Sms, User
from burnish_server.identity.oidc import grants
from burnish_server.identity.oidc.models import Client as OidcClient
from burnish_server.identity.oidc.models import Consent, Grant
from burnish_server.imports import store as imports
from burnish_server.imports.store import Wish
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, STRANGERS = "ada@acme.example", "a stranger's battery"
NEW = "the owner's own horse"


@pytest.fixture(scope="module")
def _server() -> Iterator[Vouching]:
    with serving() as vouching:
        yield vouching


@pytest.fixture
def vouching(_server: Vouching) -> Vouching:
    _server.reset()
    _server.answers["/userinfo"] = ADA | {"email_verified": False}
    provider("oidc")
    return _server


@pytest.fixture
def strangers() -> User:
    """The account of somebody who signed up with an address of Ada's."""
    Client().post("/signup/", {"email": EMAIL, "password1": STRANGERS})
    return User.objects.get()


PROGRAM = Actor(Entry.Door.API, "mover")
CODE = r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$"


def mailed(pattern: str = CODE, to: str = EMAIL, before: int = 0) -> str:
    """Return the code, or what else is looked for, in the newest mail to an address."""
    bodies = [str(one.body) for one in mail.outbox if one.to == [to]]
    found = [match[1] for body in bodies if (match := re.search(pattern, body, re.MULTILINE))]
    return found[-1 - before]


def in_now(client: Client) -> bool:
    """Return whether somebody is in, and stays so at the next page."""
    return client.get("/settings/").status_code == 200


def by_code(client: Client, email: str = EMAIL) -> None:
    client.post("/login/code/", {"email": email})
    client.post("/login/code/confirm/", {"code": mailed(to=email)})


def by_password(client: Client, password: str, login: str = EMAIL) -> None:
    client.post("/login/", {"login": login, "password": password})


def by_reset(client: Client) -> None:
    client.post("/password/reset/", {"email": EMAIL})
    link = mailed(r"https?://[^/]+(/password/reset/key/\S+)")
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})


def test_a_code_to_the_address_shuts_the_strangers_password_out(
    client: Client, strangers: User
) -> None:
    by_code(client)
    by_password(stranger := Client(), STRANGERS)

    assert in_now(client)
    assert not in_now(stranger)
    strangers.refresh_from_db()
    assert not strangers.has_usable_password()
    assert strangers.email == EMAIL
    assert EmailAddress.objects.get().verified


def test_a_code_by_json_does_so_too(strangers: User) -> None:
    app = App()
    app.post("auth/code/request", {"email": EMAIL})
    done = app.post("auth/code/confirm", {"code": mailed()})

    assert done.status_code == 200
    strangers.refresh_from_db()
    assert not strangers.has_usable_password()


def test_a_link_for_a_new_password_leaves_the_new_one_alone(
    client: Client, vouching: Vouching
) -> None:
    come_in(stranger := Client(), "oidc")
    assert not in_now(stranger)

    by_reset(client)
    by_password(client, NEW)
    come_in(stranger, "oidc")

    assert in_now(client)
    assert not in_now(stranger)
    assert not SocialAccount.objects.exists()
    assert User.objects.get().check_password(NEW)
    assert EmailAddress.objects.get().verified


def test_a_link_for_a_new_password_does_so_by_json_too(vouching: Vouching) -> None:
    come_in(Client(), "oidc")
    app = App()
    app.post("auth/password/request", {"email": EMAIL})
    key = mailed(r"/password/reset/key/(\S+?)/?$")
    app.post("auth/password/reset", {"key": key, "password": NEW})

    assert app.post("auth/login", {"email": EMAIL, "password": NEW}).status_code == 200
    assert not SocialAccount.objects.exists()


def test_a_strangers_social_account_is_disconnected_by_a_code(
    client: Client, vouching: Vouching
) -> None:
    come_in(Client(), "oidc")

    by_code(client)
    come_in(stranger := Client(), "oidc")

    assert in_now(client)
    assert not in_now(stranger)
    assert not SocialAccount.objects.exists()
    assert Event.objects.filter(type="identity.oauth.disconnected").exists()


def test_factors_sessions_and_grants_of_before_go_too(client: Client, strangers: User) -> None:
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=strangers, type=kind, data={})
    session = Client()
    session.force_login(strangers, backend="django.contrib.auth.backends.ModelBackend")
    app = OidcClient.objects.create(client_id="shop", name="Shop", application_type="spa")
    request = RequestFactory().get("/")
    request.user, request.session = strangers, session.session
    user_sessions.begun(request)
    login = grants.Login(strangers, strangers.created_at)
    grant = grants.begin(app, login, ["openid", "offline_access"])
    Consent.objects.create(client=app, user=strangers)

    by_code(client)

    assert in_now(client)
    assert not in_now(session)
    assert not Authenticator.objects.exists()
    assert not Consent.objects.exists()
    assert Grant.objects.get(pk=grant.pk).revoked_at


def test_a_strangers_own_number_goes_even_if_they_proved_it(client: Client, settings: Any) -> None:
    turn_on(settings, methods=("email", "phone"), sign_up=("email+phone",))
    stranger = Client()
    stranger.post("/signup/", {"email": EMAIL, "phone": NUMBER, "password1": STRANGERS})
    stranger.post("/phone/verify/", {"code": code_of()})
    assert User.objects.get().phone_number_verified
    late = Client()
    late.post("/login/code/?with=phone", {"phone": NUMBER})
    code = code_of()

    by_code(client)
    page = late.post("/login/code/confirm/", {"code": code})

    assert in_now(client)
    assert page.status_code == 302
    assert not in_now(late)
    user = User.objects.get()
    assert (user.email, user.phone_number) == (EMAIL, None)
    assert "phone_number" not in store.of(user.pk).standard


def test_a_strangers_own_address_goes_when_a_number_is_proved(
    client: Client, settings: Any
) -> None:
    turn_on(settings, methods=("email", "phone"), sign_up=("email+phone",))
    Client().post("/signup/", {"email": EMAIL, "phone": NUMBER, "password1": STRANGERS})
    (late := Client()).post("/login/code/", {"email": EMAIL})
    (app := App()).post("auth/code/request", {"email": EMAIL})

    client.post("/login/code/?with=phone", {"phone": NUMBER})
    client.post("/login/code/confirm/", {"code": code_of()})
    app.post("auth/code/confirm", {"code": mailed()})
    page = late.post("/login/code/confirm/", {"code": mailed(before=1)})

    assert in_now(client)
    assert page.status_code == 302
    assert not in_now(late)
    assert app.get("auth/session").status_code == 401
    user = User.objects.get()
    assert (user.email, user.phone_number) == (None, NUMBER)
    assert not EmailAddress.objects.exists()
    assert not user.has_usable_password()


def test_a_number_proved_for_a_new_password_shuts_social_accounts_out(
    client: Client, settings: Any
) -> None:
    turn_on(settings, methods=("email", "phone"))
    Client().post("/signup/?with=phone", {"phone": NUMBER, "password1": STRANGERS})
    user = User.objects.get()
    SocialAccount.objects.create(user=user, provider="acme", uid="1")

    client.post("/password/reset/phone/", {"phone": NUMBER})
    client.post("/password/reset/phone/code/", {"code": code_of()})
    client.post("/password/reset/phone/new/", {"password1": NEW, "password2": NEW})

    assert not SocialAccount.objects.exists()
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert user.phone_number == NUMBER


def test_a_password_of_an_administrators_ends_a_strangers_social_account(
    client: Client, vouching: Vouching
) -> None:
    come_in(Client(), "oidc")
    on_behalf.set_password(User.objects.get(), NEW)

    by_password(client, NEW)
    client.post("/confirm-email/", {"code": mailed()})
    come_in(stranger := Client(), "oidc")

    assert in_now(client)
    assert not in_now(stranger)
    assert not SocialAccount.objects.exists()


def test_who_signs_up_and_confirms_keeps_their_password(client: Client) -> None:
    client.post("/signup/", {"email": EMAIL, "password1": STRANGERS})
    client.post("/confirm-email/", {"code": mailed()})

    assert in_now(client)
    assert User.objects.get().check_password(STRANGERS)


def test_who_signs_up_by_a_social_account_and_confirms_keeps_it(
    client: Client, vouching: Vouching
) -> None:
    come_in(client, "oidc")
    client.post("/confirm-email/", {"code": mailed()})
    come_in(again := Client(), "oidc")

    assert in_now(client)
    assert in_now(again)


def test_who_goes_on_with_their_password_on_another_device_keeps_it(
    client: Client, strangers: User
) -> None:
    by_password(client, STRANGERS)
    client.post("/confirm-email/", {"code": mailed()})

    assert in_now(client)
    strangers.refresh_from_db()
    assert strangers.check_password(STRANGERS)


def test_by_json_who_signs_up_and_confirms_keeps_their_password() -> None:
    app = App()
    made = app.post("auth/signup", {"email": EMAIL, "password": STRANGERS})
    done = app.post("auth/email/verify", {"key": mailed()})

    assert pending(made) == ["verify_email"]
    assert done.status_code == 200
    assert User.objects.get().check_password(STRANGERS)


SECOND = "work@acme.example"


@pytest.fixture
def settled() -> User:
    """Somebody who came in with a proved address; one that is not proved was added."""
    administrator.create(EMAIL, STRANGERS)
    by_password(Client(), STRANGERS)
    user = User.objects.get()
    EmailAddress.objects.create(user=user, email=SECOND, verified=False)
    return user


def test_a_second_address_takes_nothing_from_who_came_in_with_a_first(
    client: Client, settled: User
) -> None:
    by_password(client, STRANGERS)
    client.post("/email/", {"action_send": "", "email": SECOND})
    client.post("/confirm-email/", {"code": mailed(to=SECOND)})

    settled.refresh_from_db()
    assert settled.check_password(STRANGERS)
    assert EmailAddress.objects.filter(user=settled, verified=True).count() == 2


def test_an_unproved_second_address_opens_nothing(client: Client, settled: User) -> None:
    client.post("/login/code/", {"email": SECOND})
    client.post("/password/reset/", {"email": SECOND})
    app = App()
    app.post("auth/code/request", {"email": SECOND})
    app.post("auth/password/request", {"email": SECOND})

    bodies = [str(one.body) for one in mail.outbox if one.to == [SECOND]]
    assert len(bodies) == 4
    assert not [body for body in bodies if re.search(CODE, body, re.MULTILINE) or "/key/" in body]
    by_code(other := Client())
    assert in_now(other)


def test_an_unproved_number_opens_nothing_either(
    client: Client, settled: User, settings: Any
) -> None:
    turn_on(settings, methods=("email", "phone"))
    account = User.objects.filter(pk=settled.pk)

    account.update(phone_number=NUMBER)
    Client().post("/login/code/?with=phone", {"phone": NUMBER})
    Client().post("/password/reset/phone/", {"phone": NUMBER})
    assert not Sms.objects.filter(is_silent=False).exists()

    account.update(phone_number_verified=True)
    client.post("/login/code/?with=phone", {"phone": NUMBER})
    client.post("/login/code/confirm/", {"code": code_of()})
    assert in_now(client)


def test_a_programs_word_for_an_address_shuts_the_strangers_password_out(
    client: Client, strangers: User, vouch: Callable[[], None]
) -> None:
    vouch()
    by_password(client, STRANGERS)

    assert not in_now(client)
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_an_imports_word_for_an_address_shuts_the_strangers_password_out(
    client: Client, strangers: User
) -> None:
    row = json.dumps({"email": EMAIL, "email_verified": True}).encode()

    run = finish(imports.take("ndjson", [row], Wish(upsert=True), PROGRAM, work=False))
    by_password(client, STRANGERS)

    assert run.updated == 1
    assert not in_now(client)
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_an_account_a_program_made_keeps_the_password_it_was_given(client: Client) -> None:
    around, schema = Circumstances("admin_api"), store.schema()
    who = signup.candidate(EMAIL, NEW)
    user = signup.create(who, signup.ask(who, around, schema), around, schema)

    on_behalf.set_verified(user, "email", EMAIL, True, around)
    by_password(client, NEW)

    assert in_now(client)


@pytest.fixture
def vouch(strangers: User) -> Callable[[], None]:
    """Say that the address is theirs, as an administrator does."""

    def say() -> None:
        on_behalf.set_verified(strangers, "email", EMAIL, True, Circumstances("admin_api"))

    return say
