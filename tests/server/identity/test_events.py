"""Every event that has a path today, by its own door; and what hooks may refuse there."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

import burnish
from burnish.hooks import plugin
from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.hooks import plugins
from burnish_server.hooks.models import Delivery, Event, Hook
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import administrator, enriched, signup
from burnish_server.identity.models import User
from burnish_server.identity.tasks import accounts_due, refresh_due
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, History, Profile

pytestmark = pytest.mark.django_db(transaction=True)

Configure = Callable[..., Hook]
PASSWORD = "correct horse battery"
OPEN = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}


@pytest.fixture
def portal(transactional_db: None) -> Client:
    administrator.create("root@staff.example", PASSWORD)
    client = Client()
    root = User.objects.get(is_staff=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    Event.objects.all().delete()
    return client


@pytest.fixture
def ada(transactional_db: None) -> User:
    return made("ada@nordlake.example")


@pytest.fixture
def own(ada: User) -> Client:
    client = Client()
    client.post("/login/", {"login": ada.email, "password": PASSWORD})
    Event.objects.all().delete()
    return client


@pytest.fixture(autouse=True)
def _none_stay(transactional_db: None) -> Iterator[None]:
    before = plugin.registered()
    yield
    for name in plugin.registered().keys() - before.keys():
        plugin._registered.pop(name)


def made(email: str) -> User:
    schema = store.schema()
    who = signup.candidate(email, PASSWORD, verified=True)
    outcome = signup.ask(who, Circumstances("user"), schema)
    user = signup.create(who, outcome, Circumstances("user"), schema)  # type: ignore[arg-type]
    Event.objects.all().delete()
    return user


def told(type: str) -> Event:
    return Event.objects.get(type=type)


def types() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("type", flat=True))


def refusing(event: str) -> None:
    @burnish.hook(event, name="no")
    def no(event: dict[str, Any], ctx: Any) -> dict[str, Any]:
        return {"is_allowed": False, "title": "Not now", "reason": "we are counting"}

    plugins.sync()


def edit(client: Client, name: str, value: str) -> Any:
    page = client.get(f"/settings/profile/edit/{name}/")
    version = page.context["version"]
    return client.post(f"/settings/profile/edit/{name}/", {"value": value, "version": version})


def test_a_person_s_edit_is_told_with_what_changed(own: Client, ada: User) -> None:
    edit(own, "given_name", "Ada")

    event = told("user.profile.updated")
    assert event.payload["changes"] == [{"attribute": "given_name", "old": None, "new": "Ada"}]
    assert event.payload["user"]["standard_attributes"]["given_name"] == "Ada"
    assert (event.context["triggered_by"], event.user_id) == ("user", ada.pk)
    edit(own, "given_name", "Ada")
    assert types() == ["user.profile.updated"]


def test_a_hook_sees_the_new_values_of_an_edit_and_may_change_or_refuse_them(
    own: Client, ada: User
) -> None:
    seen: list[Any] = []

    @burnish.hook("user.profile.pre_update")
    def tidy(event: dict[str, Any], ctx: Any) -> dict[str, Any]:
        name = event["payload"]["user"]["standard_attributes"].get("given_name", "")
        seen.append((name, store.of(UUID(event["context"]["user_id"])).standard.get("given_name")))
        if name == "Root":
            return {"is_allowed": False, "title": "Taken", "reason": "choose another"}
        patch = {"given_name": name.title(), "nickname": "A"}
        return {
            "is_allowed": True,
            "mutations": {"user": {"standard_attributes_patch": patch}},
        }

    plugins.sync()
    refused = edit(own, "given_name", "Root")
    edit(own, "given_name", "ada")

    assert "choose another" in refused.content.decode()
    assert seen == [("Root", None), ("ada", None)]
    assert store.of(ada.pk).standard == {
        "email": "ada@nordlake.example",
        "given_name": "Ada",
        "nickname": "A",
    }
    changes = {
        one["attribute"]: one["new"] for one in told("user.profile.updated").payload["changes"]
    }
    assert changes == {"given_name": "Ada", "nickname": "A"}
    assert [one for one in types() if one == "user.profile.updated"] == ["user.profile.updated"]


def test_an_administrator_s_edit_is_one_event_for_all_attributes(portal: Client, ada: User) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string", access=OPEN)
    url = f"/portal/identity/user/{ada.pk}/profile/"
    form = portal.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"value-city": "Lyon", "value-family_name": "Nguyen", "lock-family_name": "on"}

    portal.post(url, data)

    event = told("user.profile.updated")
    assert {one["attribute"] for one in event.payload["changes"]} == {"city", "family_name"}
    assert event.payload["user"]["custom_attributes"] == {"city": "Lyon"}
    assert event.context["triggered_by"] == "portal"
    assert store.of(ada.pk).custom == {city.id: "Lyon"}

    refusing("user.profile.pre_update")
    form = portal.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"value-city": "Paris"}
    page = portal.post(url, data).content.decode()
    assert "we are counting" in page
    assert store.of(ada.pk).custom == {city.id: "Lyon"}


def test_addresses_that_come_go_and_are_verified_are_told(own: Client, ada: User) -> None:
    own.post("/reauthenticate/", {"password": PASSWORD})
    own.post("/email/", {"action_add": "", "email": "ada@second.example"})
    text = mail.outbox[-1].body
    code = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", text, re.MULTILINE)[0]
    own.post("/confirm-email/", {"code": code})
    second = EmailAddress.objects.get(email="ada@second.example", verified=True)
    assert set(types()) >= {"identity.email.verified"}
    verified = told("identity.email.verified").payload["identity"]
    assert verified["claims"]["email"] == second.email
    own.post("/email/", {"action_primary": "", "email": second.email})
    updated = told("identity.email.updated").payload
    assert updated["new_identity"]["claims"]["email"] == second.email
    assert updated["old_identity"]["claims"]["email"] == "ada@nordlake.example"

    own.post("/email/", {"action_remove": "", "email": "ada@nordlake.example"})
    assert told("identity.email.removed").payload["user"]["standard_attributes"]["email"]
    changed = Event.objects.filter(type="user.profile.updated").latest("seq").payload["changes"]
    assert changed == [
        {"attribute": "email", "old": "ada@nordlake.example", "new": "ada@second.example"}
    ]


def account(portal: Client, user: User, **fields: object) -> Any:
    return portal.post(f"/portal/identity/user/{user.pk}/account/", fields)


def test_an_account_is_closed_and_opened_again(portal: Client, ada: User) -> None:
    account(portal, ada, act="disable", reason="asked us to", days=3)

    closed = told("user.disabled")
    assert closed.payload["user"]["is_disabled"] is True
    assert closed.payload["user"]["disable_reason"] == "asked us to"
    assert (
        closed.payload["temporarily_disabled_until"] > closed.payload["temporarily_disabled_from"]
    )
    visitor = Client()
    visitor.post("/login/", {"login": "ada@nordlake.example", "password": PASSWORD})
    assert "_auth_user_id" not in visitor.session

    User.objects.filter(pk=ada.pk).update(temporarily_disabled_until=timezone.now())
    accounts_due(timestamp=0)
    assert told("user.reenabled").context["triggered_by"] == "system"
    ada.refresh_from_db()
    assert (ada.is_active, ada.disable_reason) == (True, "")


def test_a_person_deletes_their_account_and_an_administrator_brings_it_back(
    own: Client, portal: Client, ada: User
) -> None:
    refusing("user.pre_schedule_deletion")
    refused = own.post("/settings/delete/", {"password": PASSWORD}).content.decode()
    assert "we are counting" in refused
    Hook.objects.update(enabled=False)
    assert "not your password" in own.post("/settings/delete/", {"password": "x"}).content.decode()

    closed = own.post("/settings/delete/", {"password": PASSWORD, "reason": "enough"})

    assert "Your account is closed" in closed.content.decode()
    event = told("user.deletion_scheduled").payload["user"]
    assert (event["is_disabled"], event["delete_reason"]) == (True, "enough")
    assert "delete_at" in event
    before = Event.objects.get(type="user.pre_schedule_deletion").payload["user"]
    assert (before["is_disabled"], "delete_at" in before) == (True, True)
    assert own.get("/settings/").status_code == 302
    account(portal, ada, act="keep")
    assert told("user.deletion_unscheduled").context["triggered_by"] == "portal"
    ada.refresh_from_db()
    assert (ada.is_active, ada.delete_at) == (True, None)


def test_an_account_whose_grace_is_over_is_deleted(portal: Client, ada: User) -> None:
    account(portal, ada, act="delete", reason="fraud")
    User.objects.filter(pk=ada.pk).update(delete_at=timezone.now() - timedelta(seconds=1))

    accounts_due(timestamp=0)

    event = told("user.deleted")
    assert (event.payload["reason"], event.context["triggered_by"]) == ("fraud", "system")
    assert event.payload["user"]["standard_attributes"] == {}  # nobody was to be told
    assert not User.objects.filter(pk=ada.pk).exists()
    assert not Profile.objects.filter(pk=ada.pk).exists()
    assert not History.objects.filter(user_id=ada.pk).exists()
    asked = Entry.objects.get(action="delete")
    done = Entry.objects.get(action="deleted")
    assert (asked.door, asked.detail["reason"]) == ("portal", "fraud")
    assert (done.door, done.actor, done.detail) == ("service", "grace period", {"reason": "fraud"})
    assert {asked.subject, done.subject} == {str(ada.pk)}


def test_an_account_deleted_at_once_in_the_portal_is_told(portal: Client, ada: User) -> None:
    portal.post(f"/portal/identity/user/{ada.pk}/delete/", {"post": "yes"})

    assert told("user.deleted").payload["user"]["id"] == str(ada.pk)
    assert not User.objects.filter(pk=ada.pk).exists()


def test_an_account_is_anonymised_and_nothing_of_its_person_is_left(
    portal: Client, ada: User
) -> None:
    refusing("user.pre_schedule_anonymization")
    assert "we are counting" in account(portal, ada, act="anonymize").content.decode()
    Hook.objects.update(enabled=False)
    account(portal, ada, act="anonymize", days=2)
    assert "anonymize_at" in told("user.anonymization_scheduled").payload["user"]
    account(portal, ada, act="leave")
    assert told("user.anonymization_unscheduled")

    account(portal, ada, act="anonymize")
    accounts_due(timestamp=0)

    event = told("user.anonymized").payload["user"]
    assert event["is_anonymized"] is True
    assert list(event["standard_attributes"]) == ["updated_at"]
    ada.refresh_from_db()
    assert (ada.email, ada.is_active, ada.has_usable_password()) == (None, False, False)
    assert not EmailAddress.objects.filter(user=ada).exists()
    assert not History.objects.filter(user_id=ada.pk).exists()


def test_nobody_ends_their_own_account_in_the_portal(portal: Client) -> None:
    assert account(portal, User.objects.get(is_staff=True), act="delete").status_code == 403


def test_a_fact_that_expired_is_told_where_it_changed_the_profile(ada: User) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now, schema = timezone.now(), store.schema()
    soon = now - timedelta(minutes=1)
    said = [
        Fact("custom", city.id, "Lyon", "provider:acme", now - timedelta(days=2), 0.9, soon),
        Fact("custom", city.id, "Paris", "provider:globex", now - timedelta(days=2), 0.5),
    ]
    store.say(ada.pk, said, now - timedelta(days=1), schema)

    refresh_due(timestamp=0)

    event = told("profile.fact.expired").payload
    assert (event["attribute"], event["source"]) == ("city", "provider:acme")
    assert event["changes"] == [{"attribute": "city", "old": "Lyon", "new": "Paris"}]
    assert event["user"]["custom_attributes"] == {"city": "Paris"}
    refresh_due(timestamp=0)
    assert types() == ["profile.fact.expired"]


def test_what_sources_filled_in_is_told_with_who_gave_what(ada: User) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now, schema = timezone.now(), store.schema()
    said = [Fact("custom", city.id, "Lyon", "provider:acme", now)]
    written = store.say(ada.pk, said, now, schema)

    enriched.tell(entities.present(ada), said, written.changes, schema, Circumstances("system"))

    event = told("profile.enriched").payload
    assert event["sources"] == {"provider:acme": ["city"]}
    assert event["changes"] == [{"attribute": "city", "old": None, "new": "Lyon"}]


def test_what_hooks_write_raises_no_event(ada: User, own: Client, hook: Configure) -> None:
    script = """export default () => ({ is_allowed: true, mutations: { user: {
      standard_attributes_patch: { nickname: "A" } } } });"""
    hook("write", script, events=["user.pre_schedule_deletion"])

    own.post("/settings/delete/", {"password": PASSWORD})

    assert store.of(ada.pk).standard["nickname"] == "A"
    assert types() == ["user.pre_schedule_deletion", "user.deletion_scheduled"]


def test_a_sign_up_is_told_once_it_is_certain(client: Client, hook: Configure) -> None:
    hook("told", "", kind="webhook", url="https://hooks.nordlake.example/", events=["*"])

    client.post("/signup/", {"email": "bo@nordlake.example", "password1": PASSWORD})

    event = told("user.created")
    assert event.payload["identities"][0]["claims"]["email"] == "bo@nordlake.example"
    assert json.dumps(event.payload)
    assert Delivery.objects.get().event_seq == event.seq
