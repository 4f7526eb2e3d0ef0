"""Who has which roles and groups, and how they are given."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import anonymization, deletion
from burnish_server.identity.models import User
from burnish_server.profiles.models import Profile
from burnish_server.roles import edit, store, tie
from burnish_server.roles.models import Group, Role, UserGroup, UserRole

ACTOR = Actor.at_command_line()


@pytest.fixture
def users(db: None) -> list[User]:
    made = [User.objects.create(email=f"{name}@nordlake.example") for name in ("ada", "ben")]
    for user in made:
        Profile.objects.create(user_id=user.pk)
    return made


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    for key in ("admin", "editor", "viewer"):
        edit.create(Role, key, key.title(), "", ACTOR)
    for key in ("staff", "press"):
        edit.create(Group, key, "", "", ACTOR)


def test_a_user_s_effective_roles_are_their_own_and_those_of_their_groups(
    users: list[User],
) -> None:
    ada, ben = users
    edit.of_user(ada, tie.ROLES_OF_USERS, tie.add, ["editor"], ACTOR)
    edit.of_user(ada, tie.GROUPS_OF_USERS, tie.add, ["staff", "press"], ACTOR)
    edit.of_groups([Group.objects.get(key="staff")], tie.add, ["viewer", "editor"], ACTOR)

    assert store.of(ada.pk) == store.Memberships(("editor",), ("press", "staff"))
    assert store.effective_roles(ada.pk) == ("editor", "viewer")
    assert store.effective_roles(ben.pk) == ()


@pytest.mark.parametrize(
    ("how", "given", "left"),
    [
        (tie.add, ["admin", "viewer"], ("admin", "editor", "viewer")),
        (tie.remove, ["admin", "viewer"], ("editor",)),
        (tie.put, ["viewer"], ("viewer",)),
        (tie.put, [], ()),
    ],
)
def test_roles_are_added_taken_or_set_exactly_for_many_users_in_a_few_statements(
    users: list[User],
    how: edit.Change,
    given: list[str],
    left: tuple[str, ...],
    django_assert_max_num_queries: Any,
) -> None:
    ids = [user.pk for user in users]
    tie.put(tie.ROLES_OF_USERS, ids, ["admin", "editor"])

    with django_assert_max_num_queries(4):
        how(tie.ROLES_OF_USERS, ids, given)

    assert {store.roles_of(one) for one in ids} == {left}


@pytest.mark.parametrize("how", [tie.add, tie.remove, tie.put])
def test_unknown_keys_and_users_change_nothing(users: list[User], how: edit.Change) -> None:
    ada = users[0]
    tie.put(tie.ROLES_OF_USERS, [ada.pk], ["admin"])

    with pytest.raises(tie.UnknownKeys, match="There is no role ghost"):
        how(tie.ROLES_OF_USERS, [ada.pk], ["admin", "ghost"])
    with pytest.raises(tie.UnknownUsers, match="There is no user"):
        how(tie.ROLES_OF_USERS, [ada.pk, uuid4()], ["viewer"])

    assert store.roles_of(ada.pk) == ("admin",)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "1 to 40"),
        ("1st", "1 to 40"),
        ("a-b", "1 to 40"),
        ("a" * 41, "1 to 40"),
        ("admin\n", "1 to 40"),
        ("authgear:admin", "reserved"),
    ],
)
def test_a_key_that_apps_could_not_read_is_refused(key: str, words: str) -> None:
    with pytest.raises(edit.UnfitRole, match=words):
        edit.create(Role, key, "", "", ACTOR)


def test_a_key_stands_once() -> None:
    with pytest.raises(edit.KeyTaken, match="There is a role admin already"):
        edit.create(Role, "admin", "", "", ACTOR)
    with pytest.raises(edit.KeyTaken, match="There is a role admin already"):
        edit.change(Role.objects.get(key="viewer"), ACTOR, key="admin")

    assert Role.objects.filter(key="viewer").exists()


def test_removing_a_role_takes_it_from_everybody(users: list[User]) -> None:
    tie.put(tie.ROLES_OF_USERS, [user.pk for user in users], ["admin", "viewer"])

    edit.delete(Role.objects.get(key="admin"), ACTOR)

    assert store.roles_of(users[0].pk) == ("viewer",)


@pytest.mark.parametrize("end", [deletion.delete, anonymization.anonymize])
def test_whoever_goes_takes_their_roles_and_groups_along(
    users: list[User], end: Callable[..., None]
) -> None:
    tie.put(tie.ROLES_OF_USERS, [users[0].pk], ["admin"])
    tie.put(tie.GROUPS_OF_USERS, [users[0].pk], ["staff"])

    end(users[0], Circumstances("system"))

    assert not UserRole.objects.exists()
    assert not UserGroup.objects.exists()


def test_what_administrators_do_with_roles_is_in_the_audit_log(users: list[User]) -> None:
    edit.of_user(users[0], tie.ROLES_OF_USERS, tie.put, ["admin"], ACTOR)

    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.subject_kind) == ("set", "roles of user")
    assert (entry.subject_id, entry.detail) == (str(users[0].pk), {"keys": ["admin"]})
