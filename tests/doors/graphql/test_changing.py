"""Users are made and changed, with the hooks asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from tests.doors.graphql.conftest import Answer, Script, global_id

from burnish.attributes.access import OPEN
from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import Mail, User
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import CustomAttribute

Make = Callable[..., User]

CREATED = "user { id standardAttributes primaryPassword { type } }"

ECHO = """
export default async function (e) {
  const { triggered_by, audit_context } = e.context;
  const told = [triggered_by, audit_context.actor, audit_context.http_url].join(" ");
  return { is_allowed: true, mutations: { user: { custom_attributes: { told } } } };
}
"""

UNKNOWN = ("BadRequest", "NotSupported")

DENY = "export default async () => ({is_allowed: false, title: 'No', reason: 'Not today'});"


def create(
    script: Script, key: str = "email", value: str = "ada@nordlake.example", **more: Any
) -> Answer:
    definition = {"loginID": {"key": key, "value": value}}
    return script.change("createUser", CREATED, {"definition": definition, **more})


def idof(user: User) -> str:
    return global_id("User", user.pk)


@pytest.mark.parametrize(
    ("key", "value", "attribute", "kept"),
    [
        ("email", "Ada@Nordlake.example", "email", "ada@nordlake.example"),
        ("phone", "+46 70-174 06 05", "phone_number", "+46701740605"),
        ("username", "Ada", "preferred_username", "ada"),
    ],
)
def test_a_user_is_made_with_any_login_id(
    script: Script, key: str, value: str, attribute: str, kept: str
) -> None:
    answer = create(script, key, value)

    assert answer.errors == []
    user = answer.data["createUser"]["user"]
    assert user["standardAttributes"][attribute] == kept
    assert user["primaryPassword"] is None
    assert User.objects.get().last_login is None


@pytest.mark.parametrize(
    ("password", "has_one"), [(None, False), ("", True), ("correct h b", True)]
)
def test_a_password_is_given_generated_or_left_out(
    script: Script, password: str | None, has_one: bool
) -> None:
    create(script, password=password)

    assert User.objects.get().has_usable_password() is has_one
    if password:
        assert User.objects.get().check_password(password)


def test_a_generated_password_is_mailed(script: Script) -> None:
    create(script, password="", sendPassword=True)

    text = Mail.objects.get().text if not mail.outbox else mail.outbox[0].body
    assert any(User.objects.get().check_password(word) for word in text.split())


@pytest.mark.parametrize(
    ("key", "value", "more", "refusal"),
    [
        ("shoe", "x", {}, ("Invalid", "ValidationFailed")),
        ("email", "x", {}, ("Invalid", "ValidationFailed")),
        ("phone", "070", {}, ("Invalid", "ValidationFailed")),
        ("username", "a b", {}, ("Invalid", "ValidationFailed")),
        ("email", "a\0@nordlake.example", {}, ("Invalid", "ValidationFailed")),
        (
            "email",
            "a@nordlake.example",
            {"password": "1234"},
            ("Invalid", "PasswordPolicyViolated"),
        ),
        (
            "username",
            "ada",
            {"password": "", "sendPassword": True},
            ("Invalid", "SendPasswordNoTarget"),
        ),
        ("username", "ada", {"setPasswordExpired": True}, UNKNOWN),
        (
            "username",
            "a",
            {"accountValidFrom": "2026-01-01T00:00:00Z"},
            ("BadRequest", "NotSupported"),
        ),
    ],
)
def test_nobody_is_made_of_nonsense(
    script: Script, key: str, value: str, more: Any, refusal: tuple[str, str]
) -> None:
    assert create(script, key, value, **more).refusal == refusal
    assert not User.objects.exists()


def test_a_login_id_stands_once(script: Script, user: Make) -> None:
    user(username="ada")

    assert create(script).refusal == ("AlreadyExists", "DuplicatedIdentity")
    assert create(script, "username", "ADA").refusal == ("AlreadyExists", "DuplicatedIdentity")


@pytest.mark.django_db(transaction=True)
def test_hooks_are_asked_and_know_who_acts(
    script: Script, hook: Callable[..., Hook], attribute: Callable[..., CustomAttribute]
) -> None:
    attribute("told")
    hook("echo", ECHO)
    script.claims = {"audit_context": {"actor": "ops"}}

    answer = create(script)

    assert answer.errors == []
    [told] = profiles.of(User.objects.get().pk).custom.values()
    assert told == "admin_api ops http://testserver/_api/admin/graphql"


@pytest.mark.django_db(transaction=True)
def test_a_hook_s_refusal_is_told_and_nothing_is_done(
    script: Script, user: Make, hook: Callable[..., Hook]
) -> None:
    ada = user()
    hook("deny", DENY, events=["user.pre_create", "user.profile.pre_update"])

    made = create(script, value="ben@nordlake.example")
    changed = script.change(
        "updateUser", "user { id }", {"userID": idof(ada), "standardAttributes": {"name": "Ada"}}
    )

    for answer, event in ((made, "user.pre_create"), (changed, "user.profile.pre_update")):
        assert answer.data is None
        assert answer.errors[0]["extensions"] == {
            "errorName": "Forbidden",
            "reason": "HookDisallowed",
            "info": {"event_type": event, "reasons": [{"title": "No", "reason": "Not today"}]},
        }
    assert User.objects.count() == 1
    assert "name" not in profiles.of(ada.pk).standard


@pytest.mark.django_db(transaction=True)
def test_mutations_of_which_one_asks_a_hook_are_written_one_by_one(
    script: Script, user: Make, hook: Callable[..., Hook]
) -> None:
    ada = idof(user())
    hook("echo", ECHO, events=["user.profile.pre_update"])

    answer = script(f"""mutation {{
      first: updateUser(input: {{userID: "{ada}", standardAttributes: {{name: "Ada"}}}}) {{
        user {{ id }} }}
      second: createRole(input: {{key: "1st"}}) {{ role {{ id }} }}
    }}""")

    assert answer.refusal == ("Invalid", "ValidationFailed")
    assert profiles.of(User.objects.get().pk).standard["name"] == "Ada"
    assert Run.objects.count() == 1


def test_otherwise_all_mutations_of_a_request_are_written_or_none(
    script: Script, user: Make
) -> None:
    ada = idof(user())

    answer = script(f"""mutation {{
      first: updateUser(input: {{userID: "{ada}", standardAttributes: {{name: "Ada"}}}}) {{
        user {{ id }} }}
      second: createRole(input: {{key: "1st"}}) {{ role {{ id }} }}
    }}""")

    assert (answer.refusal, answer.data) == (("Invalid", "ValidationFailed"), None)
    assert "name" not in profiles.of(User.objects.get().pk).standard
    assert not Entry.objects.filter(action__startswith="admin_api").exists()


@pytest.mark.django_db(transaction=True)
def test_attributes_are_replaced_whole_and_what_stays_is_nobody_s_edit(
    script: Script, user: Make, attribute: Callable[..., CustomAttribute]
) -> None:
    ada = user()
    attribute("city", access=OPEN.model_dump())
    attribute("seats", "integer", access=OPEN.model_dump())

    def change(standard: Any = None, custom: Any = None) -> Any:
        given = {"standardAttributes": standard, "customAttributes": custom}
        return script.change(
            "updateUser",
            "user { standardAttributes customAttributes }",
            {"userID": idof(ada), **given},
        )

    first = change({"name": "Ada", "nickname": "A"}, {"city": "Lyon", "seats": 3})
    told = first.data["updateUser"]["user"]["standardAttributes"]
    second = change({**told, "name": "Ada N."})
    third = change({"name": "Ada N."}, {"seats": 4})

    assert second.data["updateUser"]["user"]["customAttributes"] == {"city": "Lyon", "seats": 3}
    user_now = third.data["updateUser"]["user"]
    assert user_now["customAttributes"] == {"seats": 4}
    derived = {"email_verified", "updated_at"}
    assert user_now["standardAttributes"].keys() - derived == {"email", "name"}
    facts = profiles.of(ada.pk).facts["standard"]
    assert list(facts["email"]) == ["admin"] or "user" in facts["email"]


@pytest.mark.parametrize(
    "given",
    [
        {"standardAttributes": {"shoe": 1}},
        {"standardAttributes": {"birthdate": "yesterday"}},
        {"standardAttributes": {"email": "eve@nordlake.example"}},
        {"standardAttributes": []},
        {"standardAttributes": "x"},
        {"customAttributes": {"ghost": 1}},
    ],
)
def test_values_the_schema_refuses_are_not_written(script: Script, user: Make, given: Any) -> None:
    answer = script.change("updateUser", "user { id }", {"userID": idof(user()), **given})

    assert answer.refusal == ("Invalid", "ValidationFailed")


@pytest.mark.parametrize(
    ("id", "refusal"),
    [
        (global_id("User", "5c0f2c0a-7d41-4a0e-9a35-2f1b6e5d8c11"), ("NotFound", "UserNotFound")),
        (global_id("Role", "5c0f2c0a-7d41-4a0e-9a35-2f1b6e5d8c11"), ("Invalid", "Invalid")),
        ("nonsense", ("Invalid", "Invalid")),
        ("", ("Invalid", "Invalid")),
    ],
)
def test_an_id_that_means_nobody_is_refused(
    script: Script, id: str, refusal: tuple[str, str]
) -> None:
    answer = script.change("deleteUser", "deletedUserID", {"userID": id})

    assert answer.refusal == refusal
    if refusal[0] == "Invalid":
        assert "invalid user ID" in answer.errors[0]["message"]


def test_what_was_done_is_in_the_audit_log_and_told_there(script: Script, user: Make) -> None:
    ada = user()
    script.change("setDisabledStatus", "user { id }", {"userID": idof(ada), "isDisabled": True})
    query = "query ($t: [AuditLogActivityType!], $u: [ID!]) { auditLogs(activityTypes: $t, "
    query += "userIDs: $u) { totalCount edges { node { id activityType createdAt data "
    query += "user { id } } } } }"

    wanted = "ADMIN_API_MUTATION_SET_DISABLED_STATUS_EXECUTED"
    answer = script(query, t=[wanted], u=[idof(ada)])
    by_enum = script(f"{{ auditLogs(activityTypes: [{wanted}]) {{ totalCount }} }}")

    [edge] = answer.data["auditLogs"]["edges"]
    assert edge["node"]["activityType"] == wanted
    assert edge["node"]["user"] == {"id": idof(ada)}
    assert edge["node"]["data"]["actor"] == "admin key sync"
    assert by_enum.data["auditLogs"]["totalCount"] == 1
    again = script("query ($id: ID!) { node(id: $id) { id } }", id=edge["node"]["id"])
    assert again.data["node"]["id"] == edge["node"]["id"]
