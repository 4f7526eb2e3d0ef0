"""Somebody a social provider vouches for signs up like everybody else: hooks first."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.http import HttpResponse
from django.test import Client
from tests.server.identity.conftest import text
from tests.server.identity.vouching import Vouching, serving

from burnish.attributes.access import OPEN
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Event, Hook
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Question
from burnish_server.social.models import SocialProvider

pytestmark = pytest.mark.django_db(transaction=True)

CLAIM = "https://authgear.com/claims/oauth/"
APPLE_KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
EXTRAS = {
    "microsoft": {"tenant": "acme.example"},
    "apple": {"team_id": "TEAM123456", "key_id": "KEY1234567"},
    "oidc": {"server_url": "https://login.acme.example"},
}


@pytest.fixture(scope="module")
def _server() -> Iterator[Vouching]:
    with serving() as vouching:
        yield vouching


@pytest.fixture
def vouching(_server: Vouching) -> Vouching:
    _server.reset()
    return _server


def provider(kind: str, **more: Any) -> SocialProvider:
    """Set a provider up as an administrator does: `provider("google")`."""
    secret = APPLE_KEY if kind == "apple" else "s3cret"
    about = {"alias": "acme" if kind == "oidc" else kind, "name": kind.title(), **more}
    return SocialProvider.objects.create(
        kind=kind,
        client_id="burnish",
        sealed=sealing.seal(secret),
        extras=EXTRAS.get(kind, {}),
        **about,
    )


def address(kind: str) -> str:
    """Return where the way to a provider begins."""
    aliases = {"oidc": "oidc/acme", "linkedin": "oidc/linkedin"}
    return f"/social/{aliases.get(kind, kind)}/"


def sent_to(response: HttpResponse) -> dict[str, str]:
    """Return what somebody carries to the provider."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', response.content.decode())
    assert found
    query = parse_qs(urlsplit(unescape(found[1])).query)
    return {name: values[0] for name, values in query.items()}


def come_in(client: Client, kind: str, process: str = "login", **more: str) -> HttpResponse:
    """Press a provider's button, and come back from it."""
    begin = address(kind)
    carried = sent_to(client.post(f"{begin}login/?process={process}"))
    back = {"code": "c0de", "state": carried["state"], **more}
    if kind != "apple":
        return client.get(f"{begin}login/callback/", back)
    sent = client.post(f"{begin}login/callback/", back)
    return client.get(sent["Location"])


def claims_of_sign_up() -> dict[str, Any]:
    claims: dict[str, Any] = Event.objects.get(type="user.pre_create").payload["identities"][0][
        "claims"
    ]
    return claims


def test_the_pages_name_the_providers_that_are_on(vouching: Vouching, client: Client) -> None:
    provider("google", name="Google")
    provider("github", name="GitHub", enabled=False)

    for path in ("/login/", "/signup/"):
        said = text(client.get(path))
        assert "Continue with Google" in said
        assert "GitHub" not in said


def test_a_provider_that_is_off_or_unknown_is_not_there(client: Client) -> None:
    provider("github", enabled=False)

    for path in ("github/login/", "github/login/callback/", "oidc/nobody/login/"):
        assert client.post(f"/social/{path}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "gives"),
    [
        (
            "google",
            {
                "given_name": "Ada",
                "name": "Ada Brand",
                "picture": "https://img.acme.example/ada.png",
            },
        ),
        ("github", {"nickname": "ada", "profile": "https://github.com/ada", "name": "Ada Brand"}),
        ("microsoft", {"given_name": "Ada", "family_name": "Brand", "locale": "sv-SE"}),
        ("apple", {"given_name": "Ada", "family_name": "Brand", "name": "Ada Brand"}),
        ("linkedin", {"given_name": "Ada", "family_name": "Brand", "locale": "en-US"}),
        ("oidc", {"given_name": "Ada", "family_name": "Brand"}),
    ],
)
def test_a_sign_up_is_put_before_the_hooks_and_filled_in(
    vouching: Vouching,
    client: Client,
    hook: Callable[..., Hook],
    kind: str,
    gives: dict[str, str],
) -> None:
    hook(
        "greet",
        "export default (e) => ({is_allowed: true, mutations: {user: {standard_attributes:"
        " {...e.payload.user.standard_attributes, gender: e.payload.identities[0].type}}}});",
    )
    alias = provider(kind).alias
    user_field = '{"name": {"firstName": "Ada", "lastName": "Brand"}}'

    come_in(client, kind, **({"user": user_field} if kind == "apple" else {}))

    user = User.objects.get()
    assert user.email == "ada@acme.example"
    profile = store.of(user.pk)
    assert {name: profile.standard.get(name) for name in gives} == gives
    assert profile.standard["gender"] == "oauth"
    assert profile.facts["standard"]["given_name" if kind != "github" else "name"].keys() == {
        f"social:{alias}"
    }
    claims = claims_of_sign_up()
    assert claims[f"{CLAIM}provider_alias"] == alias
    assert claims[f"{CLAIM}subject_id"] == SocialAccount.objects.get().uid
    assert "access_token" not in claims[f"{CLAIM}profile"]
    assert "refresh_token" not in SocialAccount.objects.get().extra_data
    told = set(Event.objects.values_list("type", flat=True))
    assert "user.created" in told
    # Microsoft does not say whether an address is somebody's own, so they are asked to show it.
    assert ("_auth_user_id" in client.session) is (kind != "microsoft")


def test_apple_is_shown_a_signature_instead_of_a_secret(vouching: Vouching, client: Client) -> None:
    provider("apple")

    come_in(client, "apple")

    form = vouching.asked[0]
    assert form["client_id"] == "burnish"
    assert form["client_secret"].count(".") == 2


def test_a_hook_that_refuses_leaves_nothing(
    vouching: Vouching, client: Client, hook: Callable[..., Hook]
) -> None:
    provider("oidc")
    hook("no", "export default () => ({is_allowed: false, reason: 'staff only'});")

    page = come_in(client, "oidc")

    assert "staff only" in text(page)
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_who_comes_again_is_the_same_user(vouching: Vouching, client: Client) -> None:
    provider("oidc")

    come_in(client, "oidc")
    come_in(Client(), "oidc")

    assert User.objects.count() == 1
    assert Event.objects.filter(type="user.created").count() == 1
    assert Event.objects.filter(type="user.authenticated").count() == 2


def test_an_address_that_has_an_account_is_neither_connected_nor_told(
    vouching: Vouching, client: Client, user: User
) -> None:
    vouching.answers["/userinfo"]["email"] = user.email
    provider("oidc")

    page = come_in(client, "oidc")

    assert page["Location"] == "/confirm-email/"
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_who_has_no_address_there_is_asked_for_one(vouching: Vouching, client: Client) -> None:
    provider("github")
    vouching.answers["/user/emails"] = []

    page = client.get(come_in(client, "github")["Location"])
    assert "Almost there" in text(page)
    client.post("/social/signup/", {"email": "ada@home.example"})

    user = User.objects.get()
    assert user.email == "ada@home.example"
    assert store.of(user.pk).standard["nickname"] == "ada"
    assert "_auth_user_id" not in client.session


def test_the_questions_of_the_sign_up_form_are_asked_here_too(
    vouching: Vouching,
    client: Client,
    attribute: Callable[..., CustomAttribute],
    question: Callable[..., Question],
) -> None:
    city = attribute("city", access=OPEN.model_dump())
    question("city", sign_up=True, required=True)
    question("name", "given_name", sign_up=True)
    provider("oidc")
    said = {"email": "ada@acme.example"}

    page = client.get(come_in(client, "oidc")["Location"]).content.decode()
    refused = client.post("/social/signup/", said)
    client.post("/social/signup/", {**said, "answer-city": "Lyon"})

    assert 'name="answer-city"' in page
    assert 'name="answer-given_name"' not in page
    assert refused.status_code == 200
    user = User.objects.get()
    assert store.of(user.pk).custom[city.pk] == "Lyon"
    assert "_auth_user_id" in client.session


def test_a_refusal_of_the_form_is_an_error_of_the_form(
    vouching: Vouching, client: Client, hook: Callable[..., Hook]
) -> None:
    provider("github")
    vouching.answers["/user/emails"] = []
    hook("no", "export default () => ({is_allowed: false, title: 'Closed', reason: 'Sorry.'});")
    come_in(client, "github")

    page = client.post("/social/signup/", {"email": "ada@home.example"})

    assert "Closed" in text(page)
    assert not User.objects.exists()


def test_accounts_are_connected_and_disconnected_but_the_last_way_in_stays(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    provider("google", name="Google")
    come_in(client, "oidc")
    first = SocialAccount.objects.get()

    refused = client.post("/social/", {"account": first.pk})
    assert "only way to sign in" in text(refused)

    come_in(client, "google", process="connect")
    assert "Google" in text(client.get("/social/"))
    client.post("/social/", {"account": first.pk})

    assert SocialAccount.objects.get().provider == "google"
    told = list(Event.objects.filter(type__startswith="identity.oauth").order_by("seq"))
    assert [one.type for one in told] == [
        "identity.oauth.connected",
        "identity.oauth.disconnected",
    ]
    assert told[0].payload["identity"]["claims"][f"{CLAIM}provider_type"] == "google"


def test_an_account_of_a_provider_that_was_removed_can_be_disconnected(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    come_in(client, "oidc")
    user = User.objects.get()
    user.set_password("correct horse battery")
    user.save()
    client.logout()
    client.post("/login/", {"login": user.email, "password": "correct horse battery"})
    SocialProvider.objects.all().delete()

    assert "acme" in text(client.get("/social/"))
    client.post("/reauthenticate/", {"password": "correct horse battery"})
    client.post("/social/", {"account": SocialAccount.objects.get().pk})

    assert not SocialAccount.objects.exists()


AMISS: tuple[dict[str, Any], ...] = (
    {"/oidc/token": b"not json"},
    {"/oidc/token": {"error": "invalid_grant"}},
    {"/userinfo": {"email": "ada@acme.example"}},
    {"/userinfo": [1, 2]},
    {"/userinfo": b"{" * 1_100_000},
    {"/userinfo": None},
    {"/.well-known/openid-configuration": {"issuer": "https://login.acme.example/oidc"}},
)


def test_whatever_a_provider_answers_people_read_a_sentence(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    for amiss in AMISS:
        vouching.reset()
        begun = sent_to(client.post("/social/oidc/acme/login/"))
        vouching.answers.update(amiss)

        back = {"code": "c0de", "state": begun["state"]}
        page = client.get("/social/oidc/acme/login/callback/", back)

        assert page.status_code == 401, list(amiss)
        assert "did not tell us who you are" in text(page)
    assert not User.objects.exists()


def test_who_turns_back_reads_that_nothing_happened(vouching: Vouching, client: Client) -> None:
    provider("oidc")
    state = sent_to(client.post("/social/oidc/acme/login/"))["state"]
    back = {"error": "access_denied", "state": state}

    page = client.get("/social/oidc/acme/login/callback/", back, follow=True)

    assert "You are not signed in" in text(page)


def test_nobody_is_let_in_who_did_not_begin_here(vouching: Vouching, client: Client) -> None:
    provider("oidc")

    for state in ("", "never-given"):
        back = {"code": "c0de", "state": state}
        page = client.get("/social/oidc/acme/login/callback/", back)
        assert page.status_code == 401
    assert not User.objects.exists()


def leave_by_json(client: Client) -> HttpResponse:
    """Leave for the provider from a page of one's own."""
    about = {"provider": "acme", "process": "login", "callback_url": "/mine/"}
    return client.post("/_allauth/browser/v1/auth/provider/redirect", about)


def test_a_page_of_ones_own_hears_what_became_of_it(
    vouching: Vouching, client: Client, hook: Callable[..., Hook]
) -> None:
    provider("oidc")
    hook("no", "export default () => ({is_allowed: false, reason: 'staff only'});")
    back = "/social/oidc/acme/login/callback/"

    for expected in ("/mine/?error=hook_disallowed&error_process=login", "/mine/"):
        query = parse_qs(urlsplit(leave_by_json(client)["Location"]).query)
        came = client.get(back, {"code": "c0de", "state": query["state"][0]})
        assert came["Location"] == expected
        Hook.objects.all().delete()

    assert client.get("/_allauth/browser/v1/auth/session").status_code == 200
    listed = client.get("/_allauth/browser/v1/account/providers").json()["data"]
    assert [one["provider"]["id"] for one in listed] == ["acme"]


def test_a_provider_that_cannot_be_reached_keeps_nobody_waiting(
    vouching: Vouching, client: Client
) -> None:
    provider("oidc")
    vouching.answers["/.well-known/openid-configuration"] = None
    token = {"client_id": "burnish", "id_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}
    shown = {"provider": "acme", "process": "login", "token": token}

    assert client.post("/social/oidc/acme/login/").status_code == 401
    assert leave_by_json(client).status_code == 401
    refused = client.post(
        "/_allauth/app/v1/auth/provider/token", shown, content_type="application/json"
    )
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "invalid_token"
