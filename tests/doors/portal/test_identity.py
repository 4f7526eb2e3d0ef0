"""User management > Users."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish_server.hooks.models import Event, Hook, Run
from burnish_server.identity.flows import on_behalf
from burnish_server.identity.models import User
from burnish_server.profiles import wording
from burnish_server.profiles.models import CustomAttribute, Profile

ADD = "/portal/identity/user/add/"
LIST = "/portal/identity/user/"
ADA = "ada@people.example"
GEO = """export default (e) => ({
  is_allowed: true,
  mutations: { user: { custom_attributes: { city: "Lyon <3", country: e.context.triggered_by } } },
});
"""


def add(portal: Client, email: str = ADA, password: str = "") -> HttpResponse:
    return portal.post(ADD, {"email": email, "password": password}, follow=True)


def change(portal: Client, user: User, **fields: Any) -> HttpResponse:
    return portal.post(f"{LIST}{user.pk}/change/", fields)


@pytest.mark.django_db(transaction=True)
def test_a_new_users_page_shows_what_the_hook_found_its_source_and_time(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    for name in ("city", "country"):
        CustomAttribute.objects.create(pointer=f"/{name}", type="string")
    hook("geo", GEO)

    response = add(portal)

    user = User.objects.get(email=ADA)
    assert response.redirect_chain[-1][0] == f"{LIST}{user.pk}/change/"
    page = text(response)
    assert "City Lyon <3 hook geo Why this value? Nobody else said anything. just now" in page
    assert f"just now {timezone.now():%Y-%m-%d}" in page
    assert "Country portal hook geo" in page
    assert f"Email {ADA} an administrator" in page
    assert "Email Verified No worked out" in page
    assert Run.objects.get().user_id == user.pk
    created = Event.objects.get(type="user.created")
    assert created.context["triggered_by"] == "portal"


@pytest.mark.django_db(transaction=True)
def test_a_user_without_a_password_sets_one_later(portal: Client) -> None:
    page = text(add(portal))

    assert not User.objects.get(email=ADA).has_usable_password()
    assert "Password Not set yet" in page


@pytest.mark.django_db(transaction=True)
def test_a_password_is_stored_as_a_hash(portal: Client) -> None:
    add(portal, password="correct horse battery")

    assert check_password("correct horse battery", User.objects.get(email=ADA).password)


@pytest.mark.parametrize(
    ("email", "password", "field", "sentence"),
    [
        ("", "", "email", "This field is required."),
        ("not an address", "", "email", "Enter a valid email address."),
        ("a\x00b@people.example", "", "email", "Null characters are not allowed."),
        (f"{'x' * 300}@people.example", "", "email", "Ensure this value has at most 254"),
        ("ROOT@staff.example", "", "email", "There is a user with this e-mail already."),
        (ADA, "short", "password", "This password is too short."),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    email: str, password: str, field: str, sentence: str, portal: Client
) -> None:
    response = add(portal, email, password)

    assert sentence in " ".join(response.context["form"].errors[field])
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_denial_shows_its_title_and_reason_keeps_what_was_typed_and_creates_nothing(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    hook("gate", 'export default () => ({is_allowed: false, title: "<b>No</b>", reason: "Full."})')

    response = add(portal, password="correct horse battery")

    page = text(response)
    assert "<b>No</b> Full. See it in the hook log" in page
    assert f'value="{ADA}"' in response.content.decode()
    assert 'value="correct horse battery"' in response.content.decode()
    assert f"/portal/hooks/run/{Run.objects.get().pk}/change/" in response.content.decode()
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_failing_hook_is_named_with_a_link_to_its_log(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    hook("broken", 'export default () => { throw new Error("vendor is down"); };')

    response = add(portal)

    assert "Nobody was added, because the hook broken failed." in text(response)
    assert "vendor is down" not in text(response)
    assert f"/portal/hooks/run/{Run.objects.get().pk}/change/" in response.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("flag", [True, False])
def test_administrators_make_others_administrators_and_take_it_back(
    flag: bool, portal: Client
) -> None:
    ada = User.objects.create(email=ADA, is_staff=not flag, is_superuser=not flag)

    change(portal, ada, is_active="on", **({"administrator": "on"} if flag else {}))

    ada.refresh_from_db()
    assert (ada.is_active, ada.is_staff, ada.is_superuser) == (True, flag, flag)


def test_nothing_a_program_gave_somebody_opens_the_portal_once_they_are_an_administrator(
    portal: Client,
) -> None:
    ada = User.objects.create(email=ADA, phone_number="+46701740605", phone_number_verified=True)
    for email in (ADA, "eve@nordlake.example"):
        EmailAddress.objects.create(user=ada, email=email, primary=email == ADA, verified=True)
    on_behalf.set_password(ada, "sunken-lantern-7")
    eve = Client()
    eve.post("/login/", {"login": ADA, "password": "sunken-lantern-7"})
    assert eve.get("/settings/").status_code == 200

    page = change(portal, ada, is_active="on", administrator="on")

    ada.refresh_from_db()
    assert ada.is_superuser
    assert eve.get("/portal/").status_code == 302
    eve.post("/login/", {"login": ADA, "password": "sunken-lantern-7"})
    assert eve.get("/portal/").status_code == 302
    assert not ada.has_usable_password()
    assert (ada.phone_number, ada.email) == (None, ADA)
    assert list(EmailAddress.objects.filter(user=ada).values_list("email", "verified")) == [
        (ADA, True)
    ]
    assert "they set a new password" in text(portal.get(page["Location"]))


def test_somebody_without_an_address_is_made_no_administrator(portal: Client) -> None:
    ada = User.objects.create(username="ada")

    response = change(portal, ada, is_active="on", administrator="on")

    ada.refresh_from_db()
    assert not ada.is_staff
    assert "needs an e-mail address" in text(response)


def test_an_account_is_switched_off(portal: Client) -> None:
    ada = User.objects.create(email=ADA)

    change(portal, ada)

    ada.refresh_from_db()
    assert not ada.is_active


def test_administrators_do_not_lock_themselves_out(portal: Client, administrator: User) -> None:
    response = change(portal, administrator)

    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_staff
    assert set(response.context["adminform"].form.errors) == {"is_active", "administrator"}
    assert portal.post(f"{LIST}{administrator.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_user_is_deleted_after_being_asked_with_all_that_is_known(portal: Client) -> None:
    ada = User.objects.create(email=ADA)
    Profile.objects.create(user=ada)

    asked = text(portal.get(f"{LIST}{ada.pk}/delete/"))
    portal.post(f"{LIST}{ada.pk}/delete/", {"post": "yes"})

    assert "Are you sure" in asked
    assert not User.objects.filter(email=ADA).exists()
    assert not Profile.objects.exists()


def test_values_hidden_from_the_portal_are_counted_but_not_shown(portal: Client) -> None:
    ada = User.objects.create(email=ADA)
    secret = CustomAttribute.objects.create(
        pointer="/score",
        type="string",
        access={"end_user": "hidden", "bearer": "hidden", "portal_ui": "hidden"},
    )
    fact = {"value": "ninety", "observed_at": timezone.now().isoformat()}
    Profile.objects.create(user=ada, facts={"custom": {secret.pk: {"hook:geo": fact}}})

    page = text(portal.get(f"{LIST}{ada.pk}/change/"))

    assert "ninety" not in page
    assert "1 more attribute is hidden from this page by its access setting." in page


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (True, ("Yes",)),
        (3.0, ("3",)),
        (0.5, ("0.5",)),
        (0, ("0",)),
        ("", ("-",)),
        ({"locality": "Lyon", "postal_code": "69001"}, ("Locality: Lyon", "Postal Code: 69001")),
        (["a", 1], ("a, 1",)),
        ({}, ("-",)),
    ],
)
def test_values_of_any_type_read_well(value: Any, lines: tuple[str, ...]) -> None:
    assert wording.lines(value) == lines


def test_a_user_who_is_not_there_leads_back_to_the_first_page(portal: Client) -> None:
    response = portal.get(f"{LIST}00000000-0000-4000-8000-000000000000/change/", follow=True)

    assert response.redirect_chain[-1][0] == "/portal/"
    assert "Perhaps it was deleted?" in text(response)


@pytest.mark.django_db
def test_only_administrators_close_or_delete_administrators(client: Client) -> None:
    boss = User.objects.create(email="boss@staff.example", is_staff=True, is_superuser=True)
    aide = User.objects.create(email="aide@staff.example", is_staff=True)
    may = Permission.objects.filter(codename__in=["change_user", "delete_user", "view_user"])
    aide.user_permissions.set(may)
    client.force_login(aide)
    page = f"/portal/identity/user/{boss.pk}"

    answers = [
        client.post(f"{page}/account/", {"act": "disable"}),
        client.post(f"{page}/change/", {"administrator": "on"}),
        client.post(f"{page}/delete/", {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    boss.refresh_from_db()
    assert boss.is_active
