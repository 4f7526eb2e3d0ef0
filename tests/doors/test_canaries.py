"""A hidden attribute leaks through none of the doors, and one that is not hidden is there.

Every address of the URL conf is asked by everybody there is. Who may see which canary follows
from the attributes' access triples alone.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.doors.addresses import every
from tests.doors.inhabited import (
    ADA,
    ALL,
    CANARIES,
    NOBODY,
    SENSITIVE,
    STANDARD,
    House,
    found_in,
    furnish,
    seen_by,
    written_by,
)
from tests.doors.oidc.conftest import BACKEND, FULL, App, claims

from burnish_server import engine
from burnish_server.api import rate
from burnish_server.exports.models import Run as Export
from burnish_server.identity.oidc import consents
from burnish_server.identity.oidc.models import Client as Registered
from burnish_server.portal import columns

Canaries = frozenset[str]

SCOPES = ("openid", "profile", "email", "phone", "address", "offline_access")

MASKED = ("/portal/hooks/", "/api/v1/hook-runs", "/api/v1/deliveries")
"""Where values of sensitive attributes are masked for everybody."""

PROGRAMS = ("/api/", "/_api/", "/graphql", "/oauth2/", "/resolve", "/_allauth/")
"""Where somebody is known by a token or a key; elsewhere whoever has one is a stranger."""

DESCRIPTIONS = ("/_allauth/openapi.", "/api/v1/openapi.json")
"""Long, and written before anybody had a profile."""

UNRESTRICTED = ("/portal/exports/run/", "/_api/admin/users/export/file/")
"""Exports have all there is; they are for whoever was given the address, or for administrators."""


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def house(db: None) -> House:
    """A service that has one of everything."""
    return furnish()


class Visitor:
    """Somebody at the doors; what they do there is undone.

    `sees` is what they may see.
    """

    def __init__(self, sees: Canaries, user: Any = None, bearer: str = "") -> None:
        self.sees = sees
        self.doors = PROGRAMS if bearer else ("/",)
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if user:
            self.client.force_login(user, backend=BACKEND)
            session = self.client.session
            proved = {"method": "password", "at": time.time()}
            session["account_authentication_methods"] = [proved]
            session[columns.CHOSEN] = [one.name for one in CANARIES]
            session.save()
        self.cookies = self.client.cookies.copy()

    def comes_to(self, address: str) -> bool:
        """Whether an address is worth their asking."""
        return address.startswith(self.doors) and not address.startswith(DESCRIPTIONS)

    def get(self, address: str, query: Mapping[str, str] | None = None) -> str:
        """Return all that an answer says: its headers and its body."""
        rate.counter.clear()
        self.client.cookies = self.cookies.copy()
        with transaction.atomic():
            response = self.client.get(address, query, headers=self.headers)
            said = told(response)
            transaction.set_rollback(True)
        assert response.status_code < 500, f"{address} is answered {response.status_code}"
        return said

    def may_see(self, address: str) -> Canaries:
        """Return which canaries an address may show them."""
        if address.startswith(UNRESTRICTED):
            return ALL
        if address == "/oauth2/userinfo" and self.sees:
            # Whoever asks, with a token or with a browser, has a bearer's sight.
            return seen_by("bearer")
        return self.sees - {SENSITIVE} if address.startswith(MASKED) else self.sees


STANDARD_ONES = frozenset(one.text for one in CANARIES if one.name in STANDARD)


def told(response: HttpResponse) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{dict(response.headers)} {response.cookies} {body.decode(errors='replace')}"


def app_of(house: House, kind: str) -> App:
    """Return an app, and a browser in which Ada is signed in."""
    browser = Client()
    browser.force_login(house.ada, backend=BACKEND)
    consents.give(Registered.objects.get(pk=kind), house.ada, [*SCOPES, FULL])
    return App(kind, house.secrets[kind], browser)


@pytest.fixture
def everybody(house: House) -> dict[str, Visitor]:
    """Everybody there is, and what they may see."""
    return {
        "a stranger": Visitor(NOBODY),
        "Ada": Visitor(seen_by("end_user"), house.ada),
        "an administrator": Visitor(seen_by("portal_ui"), house.root),
        "a bearer": Visitor(
            seen_by("bearer"), bearer=app_of(house, "spa").log_in()["access_token"]
        ),
        "a program": Visitor(seen_by("admin_api"), bearer=house.key),
        "a program of few scopes": Visitor(NOBODY, bearer=house.poor_key),
    }


def whole(house: House) -> dict[tuple[str, str], Canaries]:
    """Return who must see exactly what: the pages and answers that a profile is for."""
    ada = f"/portal/identity/user/{house.ada.pk}/"
    api = f"/api/v1/users/{house.ada.pk}"
    export = Export.objects.get().pk
    return {
        ("Ada", "/settings/profile/"): seen_by("end_user"),
        ("Ada", "/oauth2/userinfo"): seen_by("bearer"),
        ("a bearer", "/oauth2/userinfo"): seen_by("bearer"),
        ("an administrator", f"{ada}change/"): seen_by("portal_ui"),
        ("an administrator", f"{ada}history/"): seen_by("portal_ui"),
        ("an administrator", f"{ada}profile/"): written_by("portal_ui"),
        ("an administrator", "/portal/identity/user/"): seen_by("portal_ui") - {SENSITIVE},
        ("an administrator", f"/portal/exports/run/{export}/file/"): ALL,
        ("a program", api): ALL,
        ("a program", f"{api}/profile"): ALL,
        ("a program", f"{api}/facts"): ALL,
        ("a program", f"{api}/history"): ALL,
        ("a program", f"/api/v1/exports/{export}/file"): ALL,
        ("a program", "/api/v1/hook-runs"): ALL - {SENSITIVE},
        ("a program", "/api/v1/deliveries"): ALL - {SENSITIVE},
        **{
            ("Ada", f"/settings/profile/edit/{one.name}/"): {one.text} & written_by("end_user")
            for one in CANARIES
        },
    }


@pytest.mark.parametrize(
    ("kind", "scopes", "at_userinfo", "in_id_token"),
    [
        ("spa", ("openid", FULL), "all", "none"),
        ("spa", SCOPES, "all", "none"),
        ("confidential", ("openid",), "all", "none"),
        ("confidential", SCOPES, "all", "standard"),
        ("third_party_app", ("openid", "email"), "none", "none"),
        ("third_party_app", SCOPES, "standard", "standard"),
    ],
)
def test_tokens_and_userinfo_have_what_the_app_s_kind_and_scopes_allow(
    house: House, kind: str, scopes: tuple[str, ...], at_userinfo: str, in_id_token: str
) -> None:
    seen = {"all": seen_by("bearer"), "standard": seen_by("bearer") & STANDARD_ONES, "none": NOBODY}
    app = app_of(house, kind)
    tokens = app.log_in(scope=" ".join(scopes))
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    got = told(app.program.get("/oauth2/userinfo", headers=headers))
    posted = told(app.program.post("/oauth2/userinfo", headers=headers))
    resolved = told(app.program.get("/resolve", headers=headers))

    assert found_in(got) == found_in(posted) == seen[at_userinfo]
    assert found_in(str(claims(tokens["id_token"]))) == seen[in_id_token]
    assert found_in(str(claims(tokens["access_token"]))) <= seen[in_id_token]
    assert found_in(resolved) == NOBODY


def test_programs_that_ask_by_graphql_see_everything(house: House) -> None:
    program = Visitor(ALL, bearer=house.key)
    query = {"query": "{ users { edges { node { standardAttributes customAttributes } } } }"}
    poor = Visitor(NOBODY, bearer=house.poor_key)

    said = [
        told(one.client.post("/graphql", query, "application/json", headers=one.headers))
        for one in (program, poor, Visitor(NOBODY))
    ]

    assert [found_in(text) for text in said] == [ALL, NOBODY, NOBODY]


def test_nobody_is_found_by_what_may_not_be_seen(house: House) -> None:
    root = Visitor(seen_by("portal_ui"), house.root)
    custom = [one for one in CANARIES if one.name not in STANDARD]

    finds = {
        one.text
        for one in custom
        if ADA in root.get("/portal/identity/user/", {"q": f"{one.name}={one.value}"})
    }
    anywhere = {
        one.text for one in custom if ADA in root.get("/portal/identity/user/", {"q": one.value})
    }

    assert finds == anywhere == seen_by("portal_ui") & {one.text for one in custom}


def test_a_recorded_event_is_shown_to_administrators_as_far_as_they_may_see(house: House) -> None:
    root = Visitor(seen_by("portal_ui"), house.root)

    page = root.get(f"/portal/hooks/hook/{house.hook}/try/", {"event": str(house.event)})

    assert found_in(page) == seen_by("portal_ui") - {SENSITIVE}


def test_every_door_shows_what_may_be_seen_and_nothing_else(
    house: House, everybody: Mapping[str, Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    addresses, exact = list(every(house.gaps)), whole(house)
    leaks, lacks = [], []

    for name, visitor in everybody.items():
        for address in filter(visitor.comes_to, addresses):
            seen = found_in(visitor.get(address))
            if leaked := seen - visitor.may_see(address):
                leaks.append((name, address, sorted(leaked)))
            if seen != exact.pop((name, address), seen):
                lacks.append((name, address, sorted(seen)))

    assert leaks == []
    assert lacks == []
    assert exact == {}, "these were never asked"
    assert found_in(caplog.text) == NOBODY
    for secret in (house.key, house.poor_key, *filter(None, house.secrets.values())):
        assert secret not in caplog.text
