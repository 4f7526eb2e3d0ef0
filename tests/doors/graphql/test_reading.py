"""Users are found and read."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from tests.doors.graphql.conftest import ACTOR, Script, global_id

from burnish_server.hooks import sealing
from burnish_server.identity.models import User
from burnish_server.roles import edit, models, tie
from burnish_server.social.models import SocialProvider

Make = Callable[..., User]

WHOLE = """
query ($id: ID!) { node(id: $id) { __typename id ... on User {
  createdAt updatedAt lastLoginAt isAnonymous isDisabled disableReason isDeactivated deleteAt
  deleteReason isAnonymized anonymizeAt temporarilyDisabledFrom temporarilyDisabledUntil
  accountValidFrom accountValidUntil mfaGracePeriodEndAt standardAttributes customAttributes web3
  formattedName endUserAccountID verifiedClaims { name value }
  identities { totalCount edges { cursor node { id type claims } } }
  authenticators { edges { node { id type kind isDefault } } }
  loginIDs { id claims(names: ["email"]) } oauthConnections { id } passkeys { id }
  biometricRegistrations { id } primaryPassword { type } secondaryPassword { type }
  secondaryTOTPAuthenticators { id }
  sessions { edges { node { id type displayName createdByIP } } }
  roles { edges { node { key } } } groups { edges { node { key } } }
  effectiveRoles { totalCount edges { node { key } } }
} } }
"""

PAGE = """
query ($first: Int, $last: Int, $after: String, $before: String) {
  users(first: $first, last: $last, after: $after, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { standardAttributes } }
  }
}
"""


def emails(answer: Any) -> list[str]:
    edges = answer.data["users"]["edges"]
    return [edge["node"]["standardAttributes"]["email"].partition("@")[0] for edge in edges]


def test_a_user_is_told_whole(script: Script, user: Make, catalogue: None) -> None:
    ada = user(password="correct horse battery", verified=True)
    tie.put(tie.ROLES_OF_USERS, [ada.pk], ["editor"])
    tie.put(tie.GROUPS_OF_USERS, [ada.pk], ["staff"])
    edit.of_groups([models.Group.objects.get(key="staff")], tie.add, ["viewer"], ACTOR)

    answer = script(WHOLE, id=global_id("User", ada.pk))

    assert answer.errors == []
    node = answer.data["node"]
    assert (node["__typename"], node["id"]) == ("User", global_id("User", ada.pk))
    assert node["standardAttributes"]["email"] == "ada@nordlake.example"
    assert node["standardAttributes"]["email_verified"] is True
    assert node["endUserAccountID"] == "ada@nordlake.example"
    assert node["verifiedClaims"] == [{"name": "email", "value": "ada@nordlake.example"}]
    [identity] = [edge["node"] for edge in node["identities"]["edges"]]
    assert identity["type"] == "LOGIN_ID"
    assert identity["claims"]["https://authgear.com/claims/login_id/key"] == "email"
    assert node["loginIDs"][0]["claims"] == {"email": "ada@nordlake.example"}
    assert node["primaryPassword"] == {"type": "PASSWORD"}
    assert [edge["node"]["key"] for edge in node["roles"]["edges"]] == ["editor"]
    assert [edge["node"]["key"] for edge in node["groups"]["edges"]] == ["staff"]
    assert [edge["node"]["key"] for edge in node["effectiveRoles"]["edges"]] == ["editor", "viewer"]
    assert (node["web3"], node["accountValidFrom"]) == ({}, None)


def test_what_belongs_to_a_user_is_found_by_its_id(script: Script, user: Make) -> None:
    ada = user(password="correct horse battery")
    node = script(WHOLE, id=global_id("User", ada.pk)).data["node"]
    wanted = [
        node["loginIDs"][0]["id"],
        node["authenticators"]["edges"][0]["node"]["id"],
        global_id("User", ada.pk),
        global_id("User", "5c0f2c0a-7d41-4a0e-9a35-2f1b6e5d8c11"),
        global_id("Nothing", 1),
        "%%%",
        global_id("User", "\0"),
    ]

    answer = script("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=wanted)

    types = [one and one["__typename"] for one in answer.data["nodes"]]
    assert types == ["Identity", "Authenticator", "User", None, None, None, None]


def test_users_come_a_page_at_a_time_the_newest_first(script: Script, user: Make) -> None:
    for name in ("ada", "ben", "cem", "dee", "eva"):
        user(f"{name}@nordlake.example")

    first = script(PAGE, first=2)
    info = first.data["users"]["pageInfo"]
    second = script(PAGE, first=2, after=info["endCursor"])
    back = script(PAGE, last=2, before=second.data["users"]["edges"][1]["cursor"])

    assert (emails(first), first.data["users"]["totalCount"]) == (["eva", "dee"], 5)
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (True, False)
    assert emails(second) == ["cem", "ben"]
    assert emails(back) == ["dee", "cem"]
    assert info["startCursor"] == "b2Zmc2V0OjA"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"last": 2}, ("BadRequest", "InvalidQuery")),
        ({"first": -1}, ("BadRequest", "InvalidQuery")),
        ({"after": "nonsense"}, ("Invalid", "InvalidCursor")),
        ({"after": "b2Zmc2V0Oi0x"}, ("Invalid", "InvalidCursor")),
        ({"after": "é"}, ("Invalid", "InvalidCursor")),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(
    script: Script, given: dict[str, Any], refusal: tuple[str, str]
) -> None:
    assert script(PAGE, **given).refusal == refusal


def test_more_than_a_hundred_are_asked_for_in_vain(script: Script) -> None:
    User.objects.bulk_create(User(email=f"u{n}@nordlake.example") for n in range(105))

    answer = script("{ users(first: 1000) { edges { node { id } } } }")

    assert len(answer.data["users"]["edges"]) == 100


def test_users_are_found_by_keyword_roles_and_groups(
    script: Script, user: Make, catalogue: None
) -> None:
    ada, ben = user(), user("ben@nordlake.example")
    tie.put(tie.GROUPS_OF_USERS, [ada.pk], ["staff"])
    tie.put(tie.ROLES_OF_USERS, [ben.pk], ["viewer"])
    edit.of_groups([models.Group.objects.get(key="staff")], tie.add, ["viewer"], ACTOR)
    query = "query ($k: String, $r: [String!], $g: [String!]) { users(searchKeyword: $k, "
    query += "roleKeys: $r, groupKeys: $g) { edges { node { standardAttributes } } } }"

    assert emails(script(query, k="ada")) == ["ada"]
    assert emails(script(query, k=str(ben.pk))) == ["ben"]
    assert emails(script(query, r=["viewer"])) == ["ben", "ada"]
    assert emails(script(query, r=["viewer"], g=["staff"])) == ["ada"]
    assert emails(script(query, g=["ghost"])) == []
    assert emails(script(query, k="\0")) == []


def test_sorting_by_the_last_login_puts_those_who_never_came_last(
    script: Script, user: Make
) -> None:
    ada, ben, _ = user(), user("ben@nordlake.example"), user("cem@nordlake.example")
    User.objects.filter(pk=ada.pk).update(last_login="2026-02-02T00:00:00Z")
    User.objects.filter(pk=ben.pk).update(last_login="2026-01-01T00:00:00Z")
    query = "{ users(sortBy: LAST_LOGIN_AT, sortDirection: %s)"
    query += " { edges { node { standardAttributes } } } }"

    assert emails(script(query % "ASC")) == ["ben", "ada", "cem"]
    assert emails(script(query % "DESC")) == ["ada", "ben", "cem"]


@pytest.mark.parametrize(
    ("attribute", "value", "found"),
    [
        ("email", "ADA@nordlake.example", 1),
        ("phone_number", "+46 70 174 06 05", 1),
        ("preferred_username", "Ada", 1),
        ("email", "nobody@nordlake.example", 0),
    ],
)
def test_users_are_looked_up_by_what_they_sign_in_with(
    script: Script, user: Make, attribute: str, value: str, found: int
) -> None:
    user(phone_number="+46701740605", username="ada")
    query = "query ($n: String!, $v: String!) "
    query += "{ getUsersByStandardAttribute(attributeName: $n, attributeValue: $v) { id } }"

    assert len(script(query, n=attribute, v=value).data["getUsersByStandardAttribute"]) == found


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("email", "ada@nordlake.example", True),
        ("phone", "+46701740605", True),
        ("username", "ada", True),
        ("username", "ghost", False),
    ],
)
def test_a_user_is_looked_up_by_login_id(
    script: Script, user: Make, key: str, value: str, found: bool
) -> None:
    user(phone_number="+46701740605", username="ada")
    query = "query ($k: String!, $v: String!) "
    query += "{ getUserByLoginID(loginIDKey: $k, loginIDValue: $v) { id } }"

    assert bool(script(query, k=key, v=value).data["getUserByLoginID"]) is found


def test_a_user_is_looked_up_by_a_social_provider_s_account(script: Script, user: Make) -> None:
    sealed = sealing.seal("secret")
    SocialProvider.objects.create(alias="acme", kind="google", client_id="c", sealed=sealed)
    SocialAccount.objects.create(user=user(), provider="acme", uid="77")
    query = "query ($u: String!) "
    query += '{ getUserByOAuth(oauthProviderAlias: "acme", oauthProviderUserID: $u) { id } }'

    assert script(query, u="77").data["getUserByOAuth"] is not None
    assert script(query, u="78").data["getUserByOAuth"] is None


@pytest.mark.parametrize(
    "field",
    [
        'getUsersByStandardAttribute(attributeName: "name", attributeValue: "x")',
        'getUsersByStandardAttribute(attributeName: "email", attributeValue: "x")',
        'getUserByLoginID(loginIDKey: "shoe", loginIDValue: "x")',
        'getUserByLoginID(loginIDKey: "phone", loginIDValue: "070")',
        'getUserByLoginID(loginIDKey: "email", loginIDValue: "")',
        'getUserByOAuth(oauthProviderAlias: "ghost", oauthProviderUserID: "1")',
    ],
)
def test_a_look_up_that_makes_no_sense_is_refused(script: Script, field: str) -> None:
    answer = script(f"{{ {field} {{ id }} }}")

    assert answer.refusal == ("Invalid", "GetUsersInvalidArgument")


def test_a_page_of_users_takes_as_many_statements_as_one_user(
    script: Script, user: Make, catalogue: None, django_assert_max_num_queries: Any
) -> None:
    query = """{ users(first: 20) { edges { node {
      standardAttributes customAttributes verifiedClaims { name }
      identities { edges { node { claims } } } authenticators { edges { node { id } } }
      sessions { edges { node { id } } }
      roles { edges { node { key groups { edges { node { key } } } users(first: 20) {
        totalCount edges { node { standardAttributes } } } } } }
      effectiveRoles { edges { node { key } } }
      groups { edges { node { key roles { edges { node { key } } } } } } } } } }"""
    ids = [user(f"u{n}@nordlake.example").pk for n in range(12)]
    tie.put(tie.ROLES_OF_USERS, ids, ["editor", "viewer"])
    tie.put(tie.GROUPS_OF_USERS, ids, ["press", "staff"])
    edit.of_groups(list(models.Group.objects.all()), tie.add, ["admin"], ACTOR)
    script("{ __typename }")

    with django_assert_max_num_queries(28) as counted:
        answer = script(query)

    assert (answer.errors, len(counted.captured_queries) > 5) == ([], True)
    assert len(answer.data["users"]["edges"]) == 12
