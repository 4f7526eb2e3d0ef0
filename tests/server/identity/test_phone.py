"""Somebody signs up and signs in with a phone number, and has no e-mail address at all."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from tests.server.identity.conftest import text
from tests.server.identity.ways import NUMBER, PASSWORD, code_of, sign_up, turn_on

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity.models import Sms, User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = "+4915223433333"


@pytest.fixture(autouse=True)
def _by_phone(settings: Any) -> None:
    turn_on(settings, methods=("email", "phone"))


def told(kind: str) -> list[Any]:
    return [event.payload for event in Event.objects.filter(type=kind).order_by("pk")]


def in_now(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_number_is_enough_to_sign_up_and_its_code_lets_its_owner_in(client: Client) -> None:
    user = sign_up(client, phone="+46 70-174 06 05")

    assert in_now(client)
    assert (user.email, user.phone_number_verified) == (None, True)
    assert not EmailAddress.objects.exists()
    assert store.of(user.pk).standard == {"phone_number": NUMBER}
    assert client.get("/settings/").status_code == 200
    assert client.get("/settings/profile/").status_code == 200


def test_hooks_hear_of_the_number_before_and_after_there_is_a_user(
    client: Client, hook: Callable[..., Hook], attribute: Callable[..., CustomAttribute]
) -> None:
    attribute("city")
    hook(
        "who",
        "export default (e) => { const of = e.payload.identities[0];"
        " console.log(of.type, of.claims.phone_number,"
        " of.claims['https://authgear.com/claims/login_id/key']);"
        " return {is_allowed: true, mutations: {user: {custom_attributes: {city: 'Lyon'}}}}; }",
    )

    user = sign_up(client)

    assert Run.objects.get().console.strip() == f"login_id {NUMBER} phone"
    assert list(store.of(user.pk).custom.values()) == ["Lyon"]
    (created,) = told("user.created")
    assert created["identities"][0]["claims"]["phone_number"] == NUMBER
    assert created["user"]["standard_attributes"]["phone_number_verified"] is False
    (verified,) = told("identity.phone.verified")
    assert verified["user"]["standard_attributes"]["phone_number_verified"] is True
    assert verified["user"]["is_verified"] is True


def test_a_hook_that_denies_keeps_a_number_out(client: Client, hook: Callable[..., Hook]) -> None:
    hook("no", "export default () => ({is_allowed: false, title: 'Not you', reason: 'Sorry'})")

    page = client.post("/signup/?with=phone", {"phone": NUMBER, "password1": PASSWORD})

    assert "Not you" in text(page)
    assert not User.objects.exists()
    assert not Sms.objects.exists()


def test_a_number_that_cannot_exist_is_refused_with_what_to_write(client: Client) -> None:
    page = client.post("/signup/?with=phone", {"phone": "070 123", "password1": PASSWORD})

    assert "Write the number with its country code" in text(page)


def test_a_wrong_code_lets_nobody_in(client: Client) -> None:
    client.post("/signup/?with=phone", {"phone": NUMBER, "password1": PASSWORD})
    wrong = "000000" if code_of() != "000000" else "000001"

    client.post("/phone/verify/", {"code": wrong})

    assert not in_now(client)


def test_a_number_that_has_an_account_looks_the_same_at_sign_up(client: Client) -> None:
    sign_up(Client())

    first = client.post("/signup/?with=phone", {"phone": OTHER, "password1": PASSWORD}, follow=True)
    again = Client().post(
        "/signup/?with=phone", {"phone": NUMBER, "password1": PASSWORD}, follow=True
    )

    assert text(first).replace(OTHER, "") == text(again).replace(NUMBER, "")
    assert User.objects.count() == 2
    assert "has one already" in Sms.objects.filter(to=NUMBER).latest("pk").text


def test_number_and_password_sign_in_however_the_number_is_spaced(client: Client) -> None:
    sign_up(Client())

    client.post("/login/", {"login": "+46 70 174 06 05", "password": PASSWORD})

    assert in_now(client)


def test_an_unknown_number_and_a_wrong_password_read_the_same(client: Client) -> None:
    sign_up(Client())

    unknown = client.post("/login/", {"login": OTHER, "password": "nothing of the kind"})
    wrong = client.post("/login/", {"login": NUMBER, "password": "nothing of the kind"})

    assert text(unknown) == text(wrong)


def test_a_code_to_the_number_signs_in_and_hooks_hear_how(
    client: Client, hook: Callable[..., Hook]
) -> None:
    sign_up(Client())
    hook(
        "how",
        "export default (e) => { console.log(e.payload.authentication_context.amr.join());"
        " return {is_allowed: true}; }",
        events=["authentication.pre_authenticated"],
    )

    client.post("/login/code/?with=phone", {"phone": NUMBER})
    client.post("/login/code/confirm/", {"code": code_of()})

    assert in_now(client)
    assert Run.objects.get().console.strip() == "otp,sms,x_primary_oob_otp_sms"


def test_a_code_for_an_unknown_number_looks_the_same_and_costs_nothing(client: Client) -> None:
    sign_up(Client())

    known = client.post("/login/code/?with=phone", {"phone": NUMBER}, follow=True)
    unknown = Client().post("/login/code/?with=phone", {"phone": OTHER}, follow=True)

    assert text(known).replace(NUMBER, "") == text(unknown).replace(OTHER, "")
    assert Sms.objects.get(to=OTHER).is_silent


def test_whoever_signs_in_by_code_to_an_unverified_number_shuts_its_stranger_out(
    client: Client,
) -> None:
    stranger = {"phone": NUMBER, "password1": PASSWORD}
    Client().post("/signup/?with=phone", stranger)

    client.post("/login/code/?with=phone", {"phone": NUMBER})
    client.post("/login/code/confirm/", {"code": code_of()})

    assert in_now(client)
    assert not User.objects.get().has_usable_password()


def test_few_messages_go_to_one_number_whoever_asks(client: Client) -> None:
    sign_up(Client())

    pages = [Client().post("/login/code/?with=phone", {"phone": NUMBER}) for _ in range(4)]

    assert [page.status_code for page in pages][-1] == 200
    assert "Try again later" in text(pages[-1])


def test_one_visitor_cannot_have_messages_sent_to_many_numbers(client: Client) -> None:
    numbers = [f"+4670174{n:04}" for n in range(600, 625)]

    pages = [Client().post("/login/code/?with=phone", {"phone": number}) for number in numbers]

    assert sum(page.status_code == 302 for page in pages) == 20


def test_a_number_is_changed_once_the_new_one_is_shown_to_be_theirs(client: Client) -> None:
    user = sign_up(client)

    client.post("/reauthenticate/", {"password": PASSWORD})
    client.post("/phone/change/", {"phone": OTHER, "action": "change"})
    before = store.of(user.pk).standard
    client.post("/phone/verify/", {"code": code_of(OTHER)})

    assert before == {"phone_number": NUMBER}
    assert store.of(user.pk).standard == {"phone_number": OTHER}
    (updated,) = told("identity.phone.updated")
    assert updated["old_identity"]["claims"]["phone_number"] == NUMBER
    assert updated["new_identity"]["claims"]["phone_number"] == OTHER


def test_the_only_number_cannot_be_removed_but_beside_an_address_it_can(client: Client) -> None:
    user = sign_up(client)
    client.post("/reauthenticate/", {"password": PASSWORD})

    page = client.post("/phone/remove/")
    assert "add an email address first" in text(page)

    EmailAddress.objects.create(user=user, email="ada@nordlake.example", verified=True)
    client.post("/phone/remove/")

    user.refresh_from_db()
    assert user.phone_number is None
    assert store.of(user.pk).standard == {"email": "ada@nordlake.example"}
    assert told("identity.phone.removed")


def test_where_numbers_are_off_there_is_no_page_about_them(client: Client, settings: Any) -> None:
    turn_on(settings, methods=("email",))

    assert client.get("/phone/change/").status_code == 404
    assert client.get("/phone/verify/").status_code == 404


def test_without_passwords_a_code_is_all_there_is(client: Client, settings: Any) -> None:
    turn_on(settings, methods=("email", "phone"), passwords="off")
    client.post("/signup/?with=phone", {"phone": NUMBER})
    client.post("/phone/verify/", {"code": code_of()})
    assert in_now(client)
    assert not User.objects.get().has_usable_password()

    other = Client()
    other.post("/login/", {"login": NUMBER})
    other.post("/login/code/confirm/", {"code": code_of()})

    assert in_now(other)


def test_where_passwords_are_optional_the_form_says_so(client: Client, settings: Any) -> None:
    turn_on(settings, methods=("phone",), passwords="optional")

    assert "Password (optional)" in text(client.get("/signup/"))
    client.post("/signup/", {"phone": NUMBER})
    client.post("/phone/verify/", {"code": code_of()})

    assert in_now(client)


def test_too_many_sign_ups_with_one_number_are_told_to_wait() -> None:
    said = {"phone": NUMBER, "password1": PASSWORD}

    pages = [Client().post("/signup/?with=phone", said) for _ in range(4)]

    assert pages[-1].status_code == 429
    assert "Wait a few minutes and try again." in text(pages[-1])


# --- A forgotten password ----------------------------------------------------------------------


def test_a_forgotten_password_is_set_anew_by_a_code_to_the_number(client: Client) -> None:
    sign_up(Client())
    assert "/password/reset/phone/" in client.get("/password/reset/").content.decode()

    client.post("/password/reset/phone/", {"phone": "+46 70 174 06 05"})
    wrong = "000000" if code_of() != "000000" else "000001"
    client.post("/password/reset/phone/code/", {"code": wrong})
    assert client.get("/password/reset/phone/new/")["Location"] == "/password/reset/phone/"
    client.post("/password/reset/phone/code/", {"code": code_of()})
    new = "a new battery horse"
    done = client.post("/password/reset/phone/new/", {"password1": new, "password2": new})

    assert done["Location"] == reverse("account_reset_password_from_key_done")
    assert User.objects.get(phone_number=NUMBER).check_password(new)
    assert client.get("/password/reset/phone/new/")["Location"] == "/password/reset/phone/"
    assert Entry.objects.filter(action="authentication.primary.oob_otp_sms.failed").exists()


def test_who_has_a_username_alone_is_told_whom_to_ask(client: Client, settings: Any) -> None:
    assert "ask whoever runs this service" not in text(client.get("/password/reset/"))

    turn_on(settings, methods=("email", "username"))

    assert "ask whoever runs this service" in text(client.get("/password/reset/"))


def test_a_reset_for_a_number_nobody_has_looks_the_same_and_costs_nothing(client: Client) -> None:
    sign_up(Client())
    Sms.objects.all().delete()

    pages = []
    for number in (NUMBER, OTHER):
        client.post("/password/reset/phone/", {"phone": number})
        page = text(client.post("/password/reset/phone/code/", {"code": "1"}))
        pages.append(page.replace(number, ""))

    assert pages[0] == pages[1]
    assert [sms.to for sms in Sms.objects.filter(is_silent=False)] == [NUMBER]
