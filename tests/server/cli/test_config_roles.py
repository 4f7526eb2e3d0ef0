"""`burnish config check`, `apply` and `export`, of roles and groups."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.server.cli.conftest import Ended

from burnish_server.audit.models import Entry
from burnish_server.roles import store
from burnish_server.roles.models import Group, Role

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]

ROLES = [{"key": "editor", "name": "Editor", "description": "May write."}, {"key": "reader"}]
GROUPS = [{"key": "staff", "name": "Staff", "roles": ["editor", "reader"]}]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write `burnish.yaml`: `file(roles=[...], groups=[...])`."""

    def write(**content: Any) -> Path:
        path = tmp_path / "burnish.yaml"
        path.write_text(yaml.safe_dump(content))
        return path

    return write


def test_roles_and_groups_travel_by_file(burnish: Burnish, file: Callable[..., Path]) -> None:
    path = file(roles=ROLES, groups=GROUPS)

    planned = burnish("config", "apply", str(path), "--dry-run")
    before = Role.objects.count()
    burnish("config", "apply", str(path), "--yes")

    assert planned.out == "+ role editor\n+ role reader\n+ group staff\n"
    assert before == 0
    staff = Group.objects.get(key="staff")
    assert store.roles_of_groups([staff.pk]) == {staff.pk: ("editor", "reader")}
    exported = yaml.safe_load(burnish("config", "export").out)
    assert (exported["roles"], exported["groups"]) == (ROLES, GROUPS)
    noted = set(Entry.objects.values_list("door", "action", "subject_kind", "subject"))
    assert ("cli", "added", "role", "editor") in noted
    assert ("cli", "set", "roles of group", "staff") in noted
    assert burnish("config", "apply", str(path)).out == "Nothing to change.\n"


def test_a_file_changes_what_it_names_and_keeps_the_rest(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    burnish("config", "apply", str(file(roles=ROLES, groups=GROUPS)), "--yes")
    editor = Role.objects.get(key="editor")
    path = file(
        roles=[{"key": "editor", "name": "Chief"}], groups=[{"key": "staff", "name": "Staff"}]
    )

    told = burnish("config", "apply", str(path), "--yes")

    assert "~ role editor: name, description\n~ group staff: roles\n" in told.out
    assert "not in this file, kept: role reader" in told.out
    editor.refresh_from_db()
    assert (editor.name, editor.description) == ("Chief", "")
    assert set(Role.objects.values_list("key", flat=True)) == {"editor", "reader"}
    staff = Group.objects.get()
    assert store.roles_of_groups([staff.pk]) == {staff.pk: ()}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"roles": [{"key": "no good"}]}, "roles.0.key: Write the key with 1 to 40 letters"),
        ({"roles": [{"key": "authgear:a"}]}, "Keys that begin with authgear: are reserved"),
        ({"roles": [{"key": "a"}, {"key": "a"}]}, "the key a stands more than once"),
        ({"roles": [{"key": "a", "name": "\0"}]}, "must not contain a null character"),
        ({"roles": {"a": {}}}, "roles: "),
        ({"groups": [{"key": "a", "users": []}]}, "groups.0.users"),
    ],
)
def test_what_is_no_role_is_said_by_check(
    burnish: Burnish, file: Callable[..., Path], content: dict[str, Any], words: str
) -> None:
    ended = burnish("config", "check", str(file(**content)))

    assert ended.status == 1
    assert words in ended.out + ended.err


def test_a_group_that_gives_a_role_nobody_defined_is_not_applied(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    ended = burnish("config", "apply", str(file(roles=ROLES[:1], groups=GROUPS)), "--yes")

    assert ended.status == 1
    assert "groups.0.roles: there is no role reader; define it in roles" in ended.out + ended.err
    assert not Role.objects.exists()
