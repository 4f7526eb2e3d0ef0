"""No program changes an administrator, whatever its key may do, at any operation there is.

Every operation of the description of the Admin API and every mutation of GraphQL that names users
is called with a key for each single scope, on an administrator. A new operation fails here until
it is told what to call it with.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from tests.doors.addresses import every
from tests.doors.graphql.conftest import Script, global_id, script
from tests.doors.inhabited import PASSWORD, ROOT, furnish
from tests.server.imports.conftest import finish

from burnish_server import engine
from burnish_server.api import rate
from burnish_server.api.graphql.schema import schema
from burnish_server.api_keys import store
from burnish_server.api_keys.scope import SCOPES, USERS_IMPORT
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity import authority
from burnish_server.identity.crowd import Crowd
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User
from burnish_server.imports import store as imports
from burnish_server.imports.models import Outcome
from burnish_server.imports.store import Wish
from burnish_server.profiles import store as profiles
from burnish_server.roles import edit, models
from burnish_server.roles import store as roles

__all__ = ["script"]

ACTOR = Actor.at_command_line()
LOGIN_ID = {"loginID": {"key": "email", "value": "eva@nordlake.example"}}

BODIES: dict[str, Any] = {
    "add_identity": {"key": "email", "value": "eva@nordlake.example"},
    "change_identity": {"value": "eva@nordlake.example"},
    "change_memberships": {"roles": ["editor"]},
    "change_profile": {"standard_attributes": {"given_name": "Eva"}},
    "replace_profile": {
        "standard_attributes": {"given_name": "Eva"},
        "custom_attributes": {},
    },
    "set_password": {"password": "correct horse battery"},
}
"""What an operation is called with, by its name; most take nothing."""

INPUTS: dict[str, Any] = {
    "claimName": "email",
    "claimValue": ROOT,
    "definition": LOGIN_ID,
    "groupKey": "staff",
    "groupKeys": ["staff"],
    "isDisabled": True,
    "isVerified": False,
    "password": "correct horse battery",
    "roleKey": "editor",
    "roleKeys": ["editor"],
    "standardAttributes": {"given_name": "Eva"},
}
"""What a mutation is called with, by the name of the input's field."""

NAMING_USERS = frozenset({"userID", "userIDs", "identityID", "sessionID"})


class Administrator(NamedTuple):
    """An administrator, and what names them and their belongings."""

    user: User
    identity: str
    session: str

    @property
    def is_untouched(self) -> bool:
        """Whether they are as they were made."""
        user = User.objects.get(pk=self.user.pk)
        address = EmailAddress.objects.get(user=user)
        held = roles.of(user.pk)
        return (
            (user.email, address.email, address.verified) == (ROOT, ROOT, True)
            and (user.is_active, user.is_superuser) == (True, True)
            and (user.delete_at, user.anonymize_at, user.anonymized_at) == (None, None, None)
            and check_password(PASSWORD, user.password)
            and not profiles.of(user.pk).standard.get("given_name")
            and UserSession.objects.filter(user=user).count() == 1
            and not (held.roles or held.groups)
        )


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def root(db: None) -> Administrator:
    administrator.create(ROOT, PASSWORD)
    edit.create(models.Role, "editor", "Editor", "", ACTOR)
    edit.create(models.Group, "staff", "Staff", "", ACTOR)
    user = User.objects.get(email=ROOT)
    Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    UserSession.objects.create(user=user, ip="203.0.113.7", session_key="s" * 32)
    SessionStore(session_key="s" * 32).save(must_create=True)
    crowd = Crowd([user])
    return Administrator(user, crowd.identities(user)[0].id, crowd.sessions(user)[0].id)


@pytest.fixture
def keys(db: None) -> Mapping[str, str]:
    """A key for each scope, with that scope alone."""
    return {scope: store.create(scope.replace(":", "-"), [scope], ACTOR)[1] for scope in SCOPES}


def operations() -> Iterator[tuple[str, str, str]]:
    """Yield method, path and name of each operation that changes a user named in its path."""
    described = Client().get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            if "{user_id}" in path and method != "get":
                yield method, path, operation["operationId"]


def mutations() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each mutation that names users, and the fields of its input that must be given."""
    mutation = schema._schema.mutation_type
    assert mutation
    for name, field in mutation.fields.items():
        fields = field.args["input"].type.of_type.fields
        if NAMING_USERS & fields.keys():
            needed = {one for one, what in fields.items() if str(what.type).endswith("!")}
            yield name, frozenset(needed | ({"standardAttributes", "password"} & fields.keys()))


def test_no_key_changes_an_administrator_by_an_operation_of_the_admin_api(
    root: Administrator, keys: Mapping[str, str]
) -> None:
    reached: dict[str, set[str]] = {}
    for method, path, name in operations():
        address = path.format(
            user_id=root.user.pk, identity_id=root.identity, session_id=root.session
        )
        body = next((what for end, what in BODIES.items() if name.endswith(end)), None)
        for scope, key in keys.items():
            rate.counter.clear()
            answer = Client(headers={"Authorization": f"Bearer {key}"}).generic(
                method.upper(),
                address,
                b"" if body is None else json.dumps(body),
                "application/merge-patch+json" if method == "patch" else "application/json",
            )
            assert answer.status_code == 403, (method, path, scope, answer.content)
            reached.setdefault(f"{method} {path}", set()).add(answer.json()["code"])

    assert len(reached) >= 18
    assert {tuple(sorted(codes)) for codes in reached.values()} == {
        ("insufficient_scope", "user_is_administrator")
    }, reached
    assert root.is_untouched


def test_no_program_changes_an_administrator_by_a_mutation(
    root: Administrator, keys: Mapping[str, str], script: Script
) -> None:
    named = {
        "userID": global_id("User", root.user.pk),
        "userIDs": [global_id("User", root.user.pk)],
        "identityID": global_id("Identity", f"{root.user.pk}/{root.identity}"),
        "sessionID": global_id("Session", f"{root.user.pk}/{root.session}"),
    }
    reached: dict[str, set[str]] = {}
    for mutation, fields in mutations():
        given = {field: (INPUTS | named)[field] for field in fields}
        of_type = f"{mutation[0].upper()}{mutation[1:]}Input!"
        query = f"mutation M($input: {of_type}) {{ {mutation}(input: $input) {{ __typename }} }}"
        body = {"query": query, "variables": {"input": given}}
        for token in (*keys.values(), script.token()):
            rate.counter.clear()
            name, reason = script.post(body, token).refusal
            assert name == "Forbidden", (mutation, reason)
            reached.setdefault(mutation, set()).add(reason)

    assert len(reached) >= 23
    assert {tuple(sorted(reasons)) for reasons in reached.values()} == {
        ("InsufficientScope", "UserIsAdministrator")
    }, reached
    assert root.is_untouched


@pytest.mark.parametrize("place", ["/api/v1/imports", "/_api/admin/users/import"])
def test_no_key_changes_an_administrator_by_an_import(root: Administrator, place: str) -> None:
    User.objects.filter(pk=root.user.pk).update(phone_number="+46701740605")
    key = store.create("mover", [USERS_IMPORT], ACTOR)[1]
    client = Client(headers={"Authorization": f"Bearer {key}"})
    address = {"email": "eva@nordlake.example", "email_verified": True}

    for identifier, record in (
        ("phone_number", {"phone_number": "+46701740605", **address}),
        ("email", {"email": ROOT, "disabled": True, "given_name": "Eva", "roles": ["editor"]}),
        ("email", {"email": ROOT.upper(), "email_verified": False}),
    ):
        if place.startswith("/api"):
            query = f"{place}?identifier={identifier}&upsert=true&enrich=true"
            begun = client.post(query, json.dumps(record), "application/x-ndjson").json()
        else:
            body = {"identifier": identifier, "upsert": True, "records": [record]}
            begun = client.post(place, json.dumps(body), "application/json").json()["result"]
        run = imports.find(begun["id"])
        assert run
        assert finish(run).failed == 1
        [outcome] = Outcome.objects.filter(run=run)
        assert outcome.errors[0]["reason"] == "UserIsAdministrator"
    assert root.is_untouched


def test_an_import_leaves_alone_who_becomes_an_administrator_meanwhile(
    root: Administrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "out_of_reach", lambda *_: frozenset())
    program = Actor(Entry.Door.API, "mover")
    row = json.dumps({"email": ROOT, "given_name": "Eva"}).encode()

    run = finish(imports.take("ndjson", [row], Wish(upsert=True), program, work=False))

    assert (run.failed, run.updated) == (1, 0)
    assert Outcome.objects.get(run=run).errors[0]["reason"] == "UserIsAdministrator"
    assert root.is_untouched


def test_an_administrator_is_imported_at_the_command_line(root: Administrator) -> None:
    row = json.dumps({"email": ROOT, "given_name": "Rut"}).encode()

    run = finish(imports.take("ndjson", [row], Wish(upsert=True), ACTOR, work=False))

    assert run.updated == 1
    assert profiles.of(root.user.pk).standard["given_name"] == "Rut"


def test_the_portal_lets_nobody_change_somebody_who_may_do_more(root: Administrator) -> None:
    helper = User.objects.create(email="kim@staff.example", is_staff=True)
    helper.user_permissions.set(Permission.objects.all())
    client = Client()
    client.force_login(helper, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/portal/identity/user/{root.user.pk}/"

    for part, form in (
        ("profile/", {"given_name": "Eva"}),
        ("account/", {"act": "disable"}),
        ("ways-in/", {"act": "sign_out"}),
        ("enrich/", {}),
        ("roles/", {"roles": []}),
        ("change/", {"is_active": ""}),
        ("delete/", {"post": "yes"}),
    ):
        assert client.post(page + part, form).status_code == 403, part
        own = f"/portal/identity/user/{helper.pk}/{part}"
        assert client.post(own, form).status_code == 403, part
    assert root.is_untouched


def test_staff_without_permissions_come_to_no_page_but_the_first(db: None) -> None:
    house = furnish()
    helper = User.objects.create(email="kim@staff.example", is_staff=True)
    client = Client(raise_request_exception=False)
    client.force_login(helper, backend="django.contrib.auth.backends.ModelBackend")

    entered = set()
    for address in dict.fromkeys(every(house.gaps)):
        if address.startswith("/portal/"):
            answers = (client.get(address), client.post(address))
            if any(answer.status_code < 300 for answer in answers):
                entered.add(address)
    assert entered == {"/portal/", "/portal/search/"}
    found = client.get("/portal/search/", {"s": "nordlake"}).content.decode()
    assert "ada@" not in found
