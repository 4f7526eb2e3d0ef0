"""Ways in: hooks are asked when one begins, when somebody is known, and before they are let in."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from burnish_server.hooks.models import Delivery, Event, Hook, Run
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)

Configure = Callable[..., Hook]
ADA = {"login": "ada@nordlake.example", "password": "correct horse battery"}
STEPS = (
    "authentication.pre_initialize",
    "authentication.post_identified",
    "authentication.pre_authenticated",
)


@pytest.fixture
def ada(transactional_db: None) -> User:
    administrator.create("ada@nordlake.example", "correct horse battery")
    return User.objects.get()


def answering(verdict: str) -> str:
    return f"export default (e) => {{ console.log(JSON.stringify(e)); return {verdict}; }};"


def demanding(amr: str) -> str:
    return answering(f"({{is_allowed: true, constraints: {{amr: ['{amr}']}}}})")


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def page(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("step", STEPS)
def test_a_hook_may_refuse_at_each_step(
    step: str, client: Client, ada: User, hook: Configure
) -> None:
    hook(
        "no",
        answering("({is_allowed: false, title: 'Closed', reason: 'on Sundays'})"),
        events=[step],
    )

    opened = client.get("/login/")
    posted = client.post("/login/", ADA)

    assert "on Sundays" in page(opened) + page(posted)
    assert not signed_in(client)
    assert set(Run.objects.values_list("outcome", flat=True)) == {"denied"}


@pytest.mark.parametrize("step", STEPS)
def test_a_hook_that_fails_lets_nobody_in_and_says_so_calmly(
    step: str, client: Client, ada: User, hook: Configure
) -> None:
    hook("broken", "export default () => { throw new Error('k3y'); };", events=[step])

    client.get("/login/")
    posted = client.post("/login/", ADA)

    assert "could not be checked just now" in page(posted)
    assert "k3y" not in page(posted)
    assert not signed_in(client)


def test_hooks_that_agree_see_how_far_somebody_has_come(
    client: Client, ada: User, hook: Configure
) -> None:
    for number, step in enumerate(STEPS):
        hook(f"step-{number}", answering("({is_allowed: true})"), events=[step])

    client.get("/login/")
    client.post("/login/", ADA)

    assert signed_in(client)
    events = {event.type: event for event in Event.objects.all()}
    begun = events[STEPS[0]].payload["authentication_context"]
    assert begun["authentication_flow"] == {"type": "login", "name": "default"}
    assert (begun["user"], events[STEPS[0]].user_id) == (None, None)
    known = events[STEPS[1]].payload
    assert known["identification"]["identity"]["claims"]["email"] == "ada@nordlake.example"
    assert known["authentication_context"]["user"]["id"] == str(ada.pk)
    proved = events[STEPS[2]].payload["authentication_context"]
    assert proved["amr"] == ["pwd", "x_primary_password"]
    assert proved["asserted_authentications"][0]["authentication"] == "primary_password"


def test_an_unknown_address_is_put_before_no_hook_and_told_nothing(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("watch", answering("({is_allowed: true})"), events=[STEPS[1]])

    client.post("/login/", {**ADA, "login": "nobody@nordlake.example"})

    assert not Run.objects.exists()


def test_a_sign_up_takes_the_same_steps(client: Client, hook: Configure) -> None:
    for number, step in enumerate(STEPS[:2]):
        hook(f"step-{number}", answering("({is_allowed: true})"), events=[step])

    client.get("/signup/")
    client.post("/signup/", {"email": "bo@nordlake.example", "password1": "correct horse battery"})

    flows = [
        event.payload["authentication_context"]["authentication_flow"]["type"]
        for event in Event.objects.filter(type__startswith="authentication")
    ]
    assert flows == ["signup", "signup"]
    assert User.objects.filter(email="bo@nordlake.example").exists()


def test_who_signs_in_is_told_to_hooks_with_their_session(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("told", "", kind="webhook", url="https://hooks.nordlake.example/", events=["*"])

    client.post("/login/", ADA, REMOTE_ADDR="203.0.113.40", HTTP_USER_AGENT="Firefox")

    event = Event.objects.get(type="user.authenticated")
    session = event.payload["session"]
    assert (session["type"], session["amr"]) == ("idp", ["pwd", "x_primary_password"])
    assert (session["createdByIP"], session["userAgent"]) == ("203.0.113.40", "Firefox")
    assert session["id"] != client.session.session_key
    assert event.context["triggered_by"] == "user"
    assert Delivery.objects.get().event_type == "user.authenticated"


def code_of(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def test_a_second_factor_that_is_demanded_is_set_up_on_the_way_in(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("strict", demanding("mfa"), events=[STEPS[1]])

    client.get("/login/")
    posted = client.post("/login/", ADA)
    assert posted["Location"] == "/login/factor/"
    assert not signed_in(client)
    shown = page(client.get("/login/factor/"))
    secret = re.findall(r"<code>([A-Z2-7]+)</code>", shown)[0]
    assert "not right" in page(client.post("/login/factor/", {"code": "000000"}))
    assert not signed_in(client)

    kept = page(client.post("/login/factor/", {"code": code_of(secret)}))
    assert "Keep these codes" in kept
    client.post("/login/factor/", {"act": "go_on"})

    assert signed_in(client)
    assert Authenticator.objects.filter(user=ada, type="totp").exists()
    amr = Event.objects.get(type="user.authenticated").payload["session"]["amr"]
    assert set(amr) >= {"mfa", "otp", "pwd", "x_secondary_totp"}


def test_codes_cannot_be_tried_out(client: Client, ada: User, hook: Configure) -> None:
    hook("strict", demanding("mfa"), events=[STEPS[1]])
    client.post("/login/", ADA)
    shown = page(client.get("/login/factor/"))
    secret = re.findall(r"<code>([A-Z2-7]+)</code>", shown)[0]

    for _ in range(5):
        assert "not right" in page(client.post("/login/factor/", {"code": "000000"}))
    late = page(client.post("/login/factor/", {"code": code_of(secret)}))

    assert "Too many" in late
    assert not signed_in(client)


def test_nobody_goes_on_without_the_factor_that_is_demanded(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("strict", demanding("mfa"), events=[STEPS[2]])

    client.post("/login/", ADA)
    client.post("/login/factor/", {"act": "go_on"})
    client.get("/settings/")

    assert client.get("/login/factor/").status_code == 200
    assert not signed_in(client)


def test_a_proof_this_service_does_not_offer_is_a_clear_refusal(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("sms", demanding("sms"), events=[STEPS[0]])

    client.get("/login/")
    posted = client.post("/login/", ADA)

    assert posted.status_code == 403
    assert "asks for a kind of proof that it does not offer" in page(posted)
    assert not signed_in(client)


def test_the_latest_demand_holds_in_the_place_of_an_earlier_one(
    client: Client, ada: User, hook: Configure
) -> None:
    hook("strict", demanding("sms"), events=[STEPS[0]])
    hook("mild", answering("({is_allowed: true, constraints: {amr: []}})"), events=[STEPS[1]])

    client.get("/login/")
    client.post("/login/", ADA)

    assert signed_in(client)


def test_an_attempt_may_count_for_several(client: Client, ada: User, hook: Configure) -> None:
    limits = "({is_allowed: true, rate_limits: {'authentication.general': {weight: 4}}})"
    hook("slow", answering(limits), events=[STEPS[0]])
    client.get("/login/")

    said = [page(client.post("/login/", {**ADA, "password": "wrong"})) for _ in range(4)]

    assert "Too many failed login attempts" in said[2] + said[3]
    assert "Too many failed login attempts" not in said[0]


def test_an_attempt_may_count_for_none(client: Client, ada: User, hook: Configure) -> None:
    limits = "({is_allowed: true, rate_limits: {'authentication.general': {weight: 0}}})"
    hook("calm", answering(limits), events=[STEPS[0]])
    client.get("/login/")

    said = [page(client.post("/login/", {**ADA, "password": "wrong"})) for _ in range(12)]

    assert not any("Too many failed login attempts" in one for one in said)


def test_a_code_is_mailed_and_lets_somebody_in(client: Client, ada: User, hook: Configure) -> None:
    hook("no", answering("({is_allowed: false, title: 'Closed'})"), events=[STEPS[1]])

    refused = client.post("/login/code/", {"email": "ada@nordlake.example"})

    assert "Closed" in page(refused)


def test_nothing_is_read_for_hooks_that_nobody_configured(client: Client, ada: User) -> None:
    client.post("/login/", ADA)
    client.post("/logout/")

    with CaptureQueriesContext(connection) as captured:
        client.post("/login/", ADA)

    assert signed_in(client)
    profiles = [one for one in captured if "FROM profiles_profile" in one["sql"]]
    # For what is said of the login in the outbox.
    assert len(profiles) == 1
