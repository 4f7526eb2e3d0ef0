"""Accounts, identities, sessions, roles and groups are changed."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, RequestFactory
from tests.doors.graphql.conftest import Script, global_id

from burnish_server.hooks.models import Delivery
from burnish_server.identity import entities
from burnish_server.identity.models import User
from burnish_server.roles import models, store

Make = Callable[..., User]

STATE = "user { isDisabled disableReason deleteAt deleteReason isAnonymized anonymizeAt }"
IDENTITY = "identity { id type claims } user { standardAttributes loginIDs { id } }"


def idof(user: User) -> str:
    return global_id("User", user.pk)


def login_ids(user: User) -> list[str]:
    user.refresh_from_db()
    claim = "https://authgear.com/claims/login_id/value"
    return [one.claims[claim] for one in entities.identities(user)]


def definition(key: str, value: str) -> dict[str, Any]:
    return {"loginID": {"key": key, "value": value}}


def test_an_account_is_closed_and_opened(script: Script, user: Make) -> None:
    ada = idof(user())

    closed = script.change(
        "setDisabledStatus", STATE, {"userID": ada, "isDisabled": True, "reason": "spam"}
    )
    opened = script.change("setDisabledStatus", STATE, {"userID": ada, "isDisabled": False})

    state = closed.data["setDisabledStatus"]["user"]
    assert (state["isDisabled"], state["disableReason"]) == (True, "spam")
    assert opened.data["setDisabledStatus"]["user"]["isDisabled"] is False


@pytest.mark.parametrize("what", ["Deletion", "Anonymization"])
def test_an_end_is_scheduled_and_called_off(script: Script, user: Make, what: str) -> None:
    ada = {"userID": idof(user())}
    at = "deleteAt" if what == "Deletion" else "anonymizeAt"

    scheduled = script.change(f"scheduleAccount{what}", STATE, ada)
    twice = script.change(f"scheduleAccount{what}", STATE, ada)
    kept = script.change(f"unscheduleAccount{what}", STATE, ada)
    never = script.change(f"unscheduleAccount{what}", STATE, ada)

    assert scheduled.data[f"scheduleAccount{what}"]["user"][at] is not None
    assert scheduled.data[f"scheduleAccount{what}"]["user"]["isDisabled"] is True
    assert kept.data[f"unscheduleAccount{what}"]["user"][at] is None
    assert twice.refusal == never.refusal == ("Invalid", "InvalidAccountStatus")


def test_a_user_is_deleted_or_anonymised_at_once(script: Script, user: Make) -> None:
    ada, ben = idof(user()), idof(user("ben@nordlake.example"))

    gone = script.change("deleteUser", "deletedUserID", {"userID": ada, "reason": "asked"})
    empty = script.change("anonymizeUser", "anonymizedUserID", {"userID": ben})
    later = script.change("setDisabledStatus", STATE, {"userID": ben, "isDisabled": False})

    assert gone.data["deleteUser"]["deletedUserID"] == ada
    assert empty.data["anonymizeUser"]["anonymizedUserID"] == ben
    assert later.refusal == ("Invalid", "UserIsAnonymized")
    assert User.objects.get().email is None


def test_identities_come_change_and_go(script: Script, user: Make) -> None:
    ada = user()
    who = {"userID": idof(ada)}

    for key, value in (("email", "A@shop.example"), ("phone", "+46701740605"), ("username", "ada")):
        made = script.change(
            "createIdentity", IDENTITY, {**who, "definition": definition(key, value)}
        )
        assert made.errors == []
    whole = ["ada@nordlake.example", "a@shop.example", "+46701740605", "ada"]
    assert login_ids(ada) == whole
    ids = [one["id"] for one in made.data["createIdentity"]["user"]["loginIDs"]]
    changes = [
        ("email", "ada@shop.example"),
        ("email", "b@shop.example"),
        ("phone", "+46701740606"),
    ]
    for id, (key, value) in zip(ids, changes, strict=False):
        given = {**who, "identityID": id, "definition": definition(key, value)}
        assert script.change("updateIdentity", IDENTITY, given).errors == []
    assert login_ids(ada) == ["ada@shop.example", "b@shop.example", "+46701740606", "ada"]

    query = "query ($id: ID!) { node(id: $id) { ... on User { loginIDs { id } } } }"
    left = script(query, id=idof(ada)).data["node"]["loginIDs"]
    answers = [
        script.change("deleteIdentity", "user { standardAttributes }", {"identityID": one["id"]})
        for one in left
    ]

    assert [answer.errors for answer in answers[:3]] == [[], [], []]
    assert answers[3].refusal == ("Invalid", "RemoveLastIdentity")
    assert login_ids(ada) == ["ada"]
    known = answers[2].data["deleteIdentity"]["user"]["standardAttributes"]
    assert known.keys() - {"updated_at"} == {"preferred_username"}


@pytest.mark.parametrize(
    ("key", "value", "refusal"),
    [
        ("email", "ben@nordlake.example", ("AlreadyExists", "DuplicatedIdentity")),
        ("username", "ben", ("AlreadyExists", "DuplicatedIdentity")),
        ("phone", "+46701740606", ("Invalid", "ValidationFailed")),
        ("email", "x", ("Invalid", "ValidationFailed")),
    ],
)
def test_an_identity_that_cannot_be_is_refused(
    script: Script, user: Make, key: str, value: str, refusal: tuple[str, str]
) -> None:
    ada = user(phone_number="+46701740605")
    user("ben@nordlake.example", username="ben")
    given = {"userID": idof(ada), "definition": definition(key, value)}

    assert script.change("createIdentity", IDENTITY, given).refusal == refusal


def test_an_identity_made_with_a_password_gives_one_to_who_has_none(
    script: Script, user: Make
) -> None:
    ada = user()
    given = {"userID": idof(ada), "definition": definition("username", "ada")}

    script.change("createIdentity", IDENTITY, {**given, "password": "correct horse battery"})

    ada.refresh_from_db()
    assert ada.check_password("correct horse battery")


def test_values_are_verified_and_unverified(script: Script, user: Make) -> None:
    ada = user(phone_number="+46701740605")

    def verify(name: str, value: str, verified: bool) -> Any:
        claim = {"claimName": name, "claimValue": value, "isVerified": verified}
        payload = "user { verifiedClaims { name value } }"
        return script.change("setVerifiedStatus", payload, {"userID": idof(ada), **claim})

    verify("email", "ada@nordlake.example", True)
    both = verify("phone_number", "+46701740605", True)
    one = verify("email", "ada@nordlake.example", False)

    names = [
        [claim["name"] for claim in answer.data["setVerifiedStatus"]["user"]["verifiedClaims"]]
        for answer in (both, one)
    ]
    assert names == [["email", "phone_number"], ["phone_number"]]
    for name in ("email", "phone_number", "name"):
        assert verify(name, "ghost", True).refusal == ("Invalid", "ValidationFailed")


def test_a_password_is_set_anew(script: Script, user: Make) -> None:
    ada, ben = user(), user("", username="ben")

    new = {"userID": idof(ada), "password": "correct horse battery"}
    done = script.change("resetPassword", "user { primaryPassword { type } }", new)
    nowhere = script.change(
        "resetPassword", "user { id }", {"userID": idof(ben), "password": "", "sendPassword": True}
    )

    ada.refresh_from_db()
    assert ada.check_password("correct horse battery")
    assert done.data["resetPassword"]["user"]["primaryPassword"] == {"type": "PASSWORD"}
    assert nowhere.refusal == ("Invalid", "SendPasswordNoTarget")


def test_sessions_are_listed_and_ended(script: Script, user: Make) -> None:
    ada = user()
    browsers = [Client(), Client(), Client()]
    for browser in browsers:
        browser.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
        UserSession.objects.create_from_request(_request(browser, ada))
    query = (
        "query ($id: ID!) { node(id: $id) { ... on User { sessions { edges { node { id } } } } } }"
    )

    listed = script(query, id=idof(ada)).data["node"]["sessions"]["edges"]
    first = listed[0]["node"]["id"]
    left = "user { sessions { totalCount } }"
    one = script.change("revokeSession", left, {"sessionID": first})
    gone = script.change("revokeSession", left, {"sessionID": first})
    rest = script.change("revokeAllSessions", left, {"userID": idof(ada)})

    assert len(listed) == 3
    assert one.data["revokeSession"]["user"]["sessions"]["totalCount"] == 2
    assert gone.refusal == ("NotFound", "SessionNotFound")
    assert rest.data["revokeAllSessions"]["user"]["sessions"]["totalCount"] == 0


def _request(browser: Client, user: User) -> Any:
    request = RequestFactory().get("/", HTTP_USER_AGENT="Firefox on Linux")
    request.session, request.user = browser.session, user
    return request


def test_roles_and_groups_are_made_changed_and_removed(script: Script) -> None:
    for noun in ("Role", "Group"):
        small = noun.lower()
        payload = f"{small} {{ id key name description }}"
        made = script.change(f"create{noun}", payload, {"key": "a", "name": "A"})
        id = made.data[f"create{noun}"][small]["id"]
        changed = script.change(f"update{noun}", payload, {"id": id, "key": "b", "name": ""})
        taken = script.change(f"create{noun}", payload, {"key": "b"})
        gone = script.change(f"delete{noun}", "ok", {"id": id})
        again = script.change(f"delete{noun}", "ok", {"id": id})

        assert changed.data[f"update{noun}"][small] == {
            "id": id,
            "key": "b",
            "name": None,
            "description": None,
        }
        assert taken.refusal == ("AlreadyExists", "DuplicateKey")
        assert gone.data[f"delete{noun}"] == {"ok": True}
        assert again.refusal == ("NotFound", f"{noun}NotFound")


def test_roles_and_groups_are_given_and_taken_from_either_side(
    script: Script, user: Make, catalogue: None
) -> None:
    ada, ben = user(), user("ben@nordlake.example")
    both = [idof(ada), idof(ben)]

    script.change("addUserToRoles", "user { id }", {"userID": both[0], "roleKeys": ["admin"]})
    script.change("addUserToGroups", "user { id }", {"userID": both[0], "groupKeys": ["press"]})
    script.change("addRoleToUsers", "role { id }", {"roleKey": "viewer", "userIDs": both})
    script.change("addGroupToUsers", "group { id }", {"groupKey": "staff", "userIDs": both})
    script.change("addRoleToGroups", "role { id }", {"roleKey": "editor", "groupKeys": ["staff"]})
    last = script.change(
        "addGroupToRoles",
        "group { roles { edges { node { key } } } users { totalCount edges { node { id } } } }",
        {"groupKey": "staff", "roleKeys": ["admin"]},
    )

    group = last.data["addGroupToRoles"]["group"]
    assert [edge["node"]["key"] for edge in group["roles"]["edges"]] == ["admin", "editor"]
    assert {edge["node"]["id"] for edge in group["users"]["edges"]} == set(both)
    assert store.of(ada.pk) == store.Memberships(("admin", "viewer"), ("press", "staff"))
    assert store.effective_roles(ben.pk) == ("admin", "editor", "viewer")

    first, second = both
    for mutation, payload, input in (
        ("removeUserFromRoles", "user", {"userID": first, "roleKeys": ["admin"]}),
        ("removeUserFromGroups", "user", {"userID": first, "groupKeys": ["press"]}),
        ("removeRoleFromUsers", "role", {"roleKey": "viewer", "userIDs": both}),
        ("removeGroupFromUsers", "group", {"groupKey": "staff", "userIDs": [second]}),
        ("removeRoleFromGroups", "role", {"roleKey": "editor", "groupKeys": ["staff"]}),
        ("removeGroupFromRoles", "group", {"groupKey": "staff", "roleKeys": ["admin"]}),
    ):
        assert script.change(mutation, f"{payload} {{ id }}", input).errors == []

    assert store.of(ada.pk) == store.Memberships((), ("staff",))
    assert store.effective_roles(ada.pk) == store.effective_roles(ben.pk) == ()
    assert models.GroupRole.objects.count() == 0


@pytest.mark.parametrize(
    ("mutation", "input", "refusal"),
    [
        ("addUserToRoles", {"roleKeys": ["ghost"]}, ("NotFound", "RoleUnknownKeys")),
        ("addUserToGroups", {"groupKeys": ["ghost"]}, ("NotFound", "GroupUnknownKeys")),
    ],
)
def test_unknown_keys_are_told(
    script: Script, user: Make, mutation: str, input: Any, refusal: tuple[str, str]
) -> None:
    answer = script.change(mutation, "user { id }", {"userID": idof(user()), **input})

    assert answer.refusal == refusal
    assert answer.errors[0]["extensions"]["info"] == {"keys": ["ghost"]}


def test_unknown_users_are_told_and_nobody_gets_the_role(
    script: Script, user: Make, catalogue: None
) -> None:
    ada = user()
    ghost = global_id("User", "5c0f2c0a-7d41-4a0e-9a35-2f1b6e5d8c11")

    answer = script.change(
        "addRoleToUsers", "role { id }", {"roleKey": "admin", "userIDs": [idof(ada), ghost]}
    )

    assert answer.refusal == ("NotFound", "UserNotFound")
    assert store.roles_of(ada.pk) == ()
    assert not Delivery.objects.exists()
