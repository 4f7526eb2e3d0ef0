"""Hooks give and take roles and groups."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from burnish.hooks.outcome import Failed, Passed
from burnish.hooks.reply import Reply
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.hooks import store as hooks
from burnish_server.hooks.models import Hook
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import administrator, deletion, signup, update_profile
from burnish_server.identity.flows.update_profile import Update
from burnish_server.identity.models import User
from burnish_server.profiles import late
from burnish_server.profiles import store as profiles
from burnish_server.profiles.edit import Edit
from burnish_server.roles import edit, store, tie
from burnish_server.roles.models import Group, Role

AROUND = Circumstances("user")


def script(**user: Any) -> str:
    return f"export default async () => ({{is_allowed: true, mutations: {{user: {user}}}}});"


@pytest.fixture(autouse=True)
def _catalogue(transactional_db: None) -> None:
    for key in ("admin", "editor"):
        edit.create(Role, key, "", "", Actor.at_command_line())
    edit.create(Group, "staff", "", "", Actor.at_command_line())


def sign_up() -> Any:
    schema = profiles.schema()
    who = signup.candidate("ada@nordlake.example", "correct horse battery")
    outcome = signup.ask(who, AROUND, schema)
    return signup.create(who, outcome, AROUND, schema) if isinstance(outcome, Passed) else outcome


def test_a_new_user_has_the_roles_and_groups_hooks_gave_and_later_events_tell_them(
    hook: Callable[..., Hook],
) -> None:
    hook("first", script(roles=["editor"], groups=["staff"]))
    hook(
        "second",
        "export default async (e) => ({is_allowed: true,"
        " mutations: {user: {roles: [...e.payload.user.roles, 'admin']}}});",
    )

    user = sign_up()

    assert store.of(user.pk) == store.Memberships(("admin", "editor"), ("staff",))
    noted = Entry.objects.filter(door="hook").order_by("pk")
    assert [(one.actor, one.subject_kind) for one in noted] == [
        ("second", "roles of user"),
        ("first", "groups of user"),
    ]


@pytest.mark.parametrize(
    ("told", "reason"),
    [({"roles": ["ghost"]}, "RoleUnknownKeys"), ({"groups": ["ghost"]}, "GroupUnknownKeys")],
)
def test_a_hook_that_names_an_unknown_key_fails_the_sign_up(
    hook: Callable[..., Hook], told: dict[str, Any], reason: str
) -> None:
    hook("bad", script(**told))

    outcome = sign_up()

    assert isinstance(outcome, Failed)
    error = outcome.as_error()["error"]
    assert (error["name"], error["reason"], error["code"]) == ("NotFound", reason, 404)
    assert error["info"] == {"keys": ["ghost"]}
    assert not User.objects.exists()


def test_an_edit_s_hooks_see_the_present_roles_and_may_clear_them(
    hook: Callable[..., Hook],
) -> None:
    administrator.create("ada@nordlake.example", "correct horse battery")
    user = User.objects.get()
    tie.put(tie.ROLES_OF_USERS, [user.pk], ["admin"])
    tie.put(tie.GROUPS_OF_USERS, [user.pk], ["staff"])
    hook(
        "clears",
        "export default async (e) => ({is_allowed: true, mutations: {user: "
        "{roles: e.payload.user.roles.filter((one) => one !== 'admin')}}});",
        events=["user.profile.pre_update"],
    )
    asked = Update(
        user, [Edit({"nickname": "A"}, "admin_api", "admin")], profiles.schema(), timezone.now()
    )

    update_profile.update(asked, AROUND)

    assert store.of(user.pk) == store.Memberships((), ("staff",))


def test_a_hook_of_a_scheduled_deletion_may_take_roles(hook: Callable[..., Hook]) -> None:
    administrator.create("ada@nordlake.example", "correct horse battery")
    user = User.objects.get()
    tie.put(tie.ROLES_OF_USERS, [user.pk], ["admin"])
    hook("takes", script(roles=[]), events=["user.pre_schedule_deletion"])

    deletion.schedule(user, AROUND)

    assert store.roles_of(user.pk) == ()


@pytest.mark.parametrize(
    ("told", "outcome", "left"), [("editor", "allowed", ("editor",)), ("ghost", "failed", ())]
)
def test_what_a_deferred_hook_answers_late_holds_as_well(
    hook: Callable[..., Hook], told: str, outcome: str, left: tuple[str, ...]
) -> None:
    administrator.create("ada@nordlake.example", "correct horse battery")
    user = User.objects.get()
    row = hook("late", events=["user.profile.pre_update"])
    envelope = {
        "type": "user.profile.pre_update",
        "payload": {"user": entities.present(user).as_json()},
    }
    reply = Reply({"is_allowed": True, "mutations": {"user": {"roles": [told]}}}, None, 1.0)

    run = late.settle(
        hooks.listening("user.profile.pre_update")[row.pk],
        envelope,
        reply,
        timezone.now(),
        user.pk,
    )

    assert (run.outcome, store.roles_of(user.pk)) == (outcome, left)
