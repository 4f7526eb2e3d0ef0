"""User management > Roles, > Groups, and what a user has of them."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.roles import edit, store, tie
from burnish_server.roles.models import Group, Role

ROLES = "/portal/roles/role/"
GROUPS = "/portal/roles/group/"
ACTOR = Actor.at_command_line()


def ticked(page: str) -> int:
    """Count the boxes that are ticked."""
    return len(re.findall(r"<input[^>]*\schecked(?=[\s>])", page))


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    for key in ("editor", "viewer"):
        edit.create(Role, key, "", "", ACTOR)
    edit.create(Group, "staff", "", "", ACTOR)


def test_a_role_is_added_changed_and_removed_and_the_log_says_so(portal: Client) -> None:
    portal.post(f"{ROLES}add/", {"key": "store_manager", "name": "Store manager"})
    role = Role.objects.get(key="store_manager")
    portal.post(f"{ROLES}{role.pk}/change/", {"key": "manager", "name": "Manager"})
    listed = text(portal.get(ROLES))
    portal.post(f"{ROLES}{role.pk}/delete/", {"post": "yes"})

    assert "manager" in listed
    assert not Role.objects.filter(key="manager").exists()
    done = Entry.objects.filter(door="portal").order_by("pk").values_list("action", flat=True)
    assert list(done) == ["added", "changed", "removed"]


@pytest.mark.parametrize("key", ["", "1st", "a b", "authgear:x", "a" * 41, "editor", "a\0"])
def test_a_key_that_cannot_be_is_refused_beside_its_field(portal: Client, key: str) -> None:
    response = portal.post(f"{ROLES}add/", {"key": key})

    assert response.context["adminform"].form.errors.keys() == {"key"}
    assert Role.objects.count() == 2


def test_a_group_gives_the_roles_that_are_ticked(portal: Client) -> None:
    group = Group.objects.get()
    address = f"{GROUPS}{group.pk}/change/"

    portal.post(address, {"key": "staff", "roles": ["editor", "viewer"]})
    shown = portal.get(address).content.decode()
    listed = text(portal.get(GROUPS))
    portal.post(address, {"key": "staff", "roles": ["viewer"]})

    assert ticked(shown) == 2
    assert "editor, viewer" in listed
    assert store.roles_of_groups([group.pk])[group.pk] == ("viewer",)


def test_a_user_s_page_shows_what_they_have_and_leads_to_where_it_is_set(portal: Client) -> None:
    user = User.objects.create(email="ada@people.example")
    tie.put(tie.ROLES_OF_GROUPS, [Group.objects.get().pk], ["viewer"])
    address = f"/portal/identity/user/{user.pk}/roles/"

    response = portal.post(address, {"roles": ["editor"], "groups": ["staff"]}, follow=True)

    assert "Roles editor; by a group: viewer Groups staff" in text(response)
    assert f'href="{address}"' in response.content.decode()
    assert ticked(portal.get(address).content.decode()) == 2
    portal.post(address, {"save": "1"})
    assert store.of(user.pk) == store.Memberships()


def test_a_role_that_went_meanwhile_is_refused(portal: Client) -> None:
    user = User.objects.create(email="ada@people.example")

    response = portal.post(f"/portal/identity/user/{user.pk}/roles/", {"roles": ["ghost"]})

    assert "ghost" in text(response)
    assert store.of(user.pk) == store.Memberships()


def test_lists_take_as_many_statements_however_long_they_are(
    portal: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        edit.create(Role, f"role_{number}", "", "", ACTOR)

    with django_assert_max_num_queries(8):
        portal.get(ROLES)
