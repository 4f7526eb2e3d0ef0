"""Who is deleted or anonymised, by whatever door, is in no table any more."""

import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.doors.api.conftest import Program
from tests.server.conftest import hook
from tests.server.identity.test_social import come_in, provider
from tests.server.identity.vouching import ADA, Vouching, serving

from burnish.cli import main
from burnish.hooks.reply import Reply
from burnish_server import erasure
from burnish_server.api_keys import store as keys
from burnish_server.api_keys.models import Answer
from burnish_server.api_keys.scope import SCOPES
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.consent import store as consent
from burnish_server.enrichment.models import Lookup
from burnish_server.enrichment.models import Run as Enrichment
from burnish_server.hooks import deliveries, forget, models
from burnish_server.hooks.models import Delivery, Event, Hook, Run
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import administrator, anonymization, deletion
from burnish_server.identity.mail import DeferredBackend
from burnish_server.identity.models import Sms, User
from burnish_server.identity.oidc import grants
from burnish_server.identity.oidc.models import Client as App
from burnish_server.identity.oidc.models import Consent
from burnish_server.identity.tasks import accounts_due
from burnish_server.imports.models import Outcome
from burnish_server.imports.models import Run as Import
from burnish_server.profiles import late
from burnish_server.profiles import store as profiles
from burnish_server.questions.models import Moment, Progress

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["hook"]

EMAIL, PHONE, IP, SUBJECT = (
    "canary.cc@acme.example",
    "+46701740605",
    "203.0.113.77",
    "canary-uid-77",
)
NAMES = {"given_name": "Zeldacanary", "family_name": "Quuxcanary"}
WORKER = UUID(int=1)
CANARIES = (EMAIL, PHONE, IP, SUBJECT, "canary")

KEEPS = """
export default async (e, ctx) => {
  console.log("seen", JSON.stringify(e.payload));
  await ctx.cache.set("last", e.payload.user.standard_attributes, 3600);
  return {is_allowed: true};
}
"""


@pytest.fixture(scope="module")
def _server() -> Iterator[Vouching]:
    with serving() as vouching:
        yield vouching


@pytest.fixture
def vouching(_server: Vouching) -> Vouching:
    _server.reset()
    _server.answers["/oidc/token"] = {"access_token": "t"}
    _server.answers["/userinfo"] = {**ADA, **NAMES, "sub": SUBJECT, "email": EMAIL}
    provider("oidc")
    return _server


@pytest.fixture
def person(vouching: Vouching, hook: Callable[..., Hook]) -> User:
    """Somebody who left something in every table there is."""
    hook("keeps", KEEPS)
    browser = Client(REMOTE_ADDR=IP, HTTP_USER_AGENT="canary/1")
    come_in(browser, "oidc")
    user = User.objects.get()
    _granted(user)
    _logged(user)
    _asked(user)
    DeferredBackend().send_messages([EmailMessage("To canary", EMAIL, None, [EMAIL])])
    program = Program(keys.create("crm", SCOPES, Actor.at_command_line())[1])
    path = f"/api/v1/users/{user.pk}"
    program.post(f"{path}/identities", {"key": "phone", "value": PHONE})
    program.put(f"{path}/password", {"password": "correct horse battery"})
    program.patch(f"{path}/memberships", {"roles": []})
    Sms.objects.create(to=PHONE, text="canary", template="verification_code")
    come_in(Client(REMOTE_ADDR=IP, HTTP_USER_AGENT="canary/1"), "oidc")
    _factors(user)
    user.refresh_from_db()
    return user


def _factors(user: User) -> None:
    for kind in Authenticator.Type:
        Authenticator.objects.create(user=user, type=kind, data={"name": "canary"})


def _granted(user: User) -> None:
    app = App.objects.create(client_id="shop", name="Shop", application_type="spa")
    grants.begin(app, grants.Login(user, timezone.now()), ["openid"], state="canary")
    Consent.objects.create(client=app, user=user)
    consent.grant(user.pk, "marketing")


def _logged(user: User) -> None:
    """Let a call of a hook, an import and an enrichment have been about them."""
    at = timezone.now()
    about: dict[str, Any] = {"event_seq": 1, "event_type": "user.created", "user_id": user.pk}
    Run.objects.create(
        hook_name="keeps", outcome="failed", error_message=EMAIL, console=EMAIL, answer=[EMAIL],
        duration_ms=1, started_at=at, **about,
    )  # fmt: skip
    run = Import.objects.create(format="ndjson", identifier="email", door="api", actor="crm")
    Outcome.objects.create(
        run=run, index=0, line=1, outcome="inserted", user_id=user.pk, record={"email": EMAIL}
    )
    enrichment = Enrichment.objects.create(user=user, reason="request", sealed="canary")
    Lookup.objects.create(run=enrichment, user_id=user.pk, provider="crm", outcome="miss")
    key, _ = keys.create("kept", SCOPES, Actor.at_command_line())
    Answer.objects.create(
        api_key=key, name="1", fingerprint="f", began_at=at, headers={"X": EMAIL}, about=[user.pk]
    )


def _asked(user: User) -> None:
    Progress.objects.create(user=user, question="city", asked=1)
    Moment.objects.create(question="city", user=user, act="asked", door="login")


def traces() -> dict[str, int]:
    """Return in which tables something of the person is, and in how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND NOT relispartition AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            query = f"SELECT count(*) FROM {table} AS t WHERE t::text ILIKE ANY(%s)"
            cursor.execute(query, [[f"%{canary}%" for canary in CANARIES]])
            found[table] = cursor.fetchone()[0]
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = Session.objects.values_list("session_data", flat=True)
    sessions = [json.dumps(store.decode(data)) for data in rows]
    found["django_session"] = sum(any(c in said for c in CANARIES) for said in sessions)
    return {table: rows for table, rows in found.items() if rows}


def about(user: User) -> dict[str, int]:
    """Return where the id of somebody who is deleted still stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE column_name = 'user_id' "
            "AND table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE user_id = %s", [user.pk])
            found[table] = cursor.fetchone()[0]
    return {table: rows for table, rows in found.items() if rows}


def by_rest(user: User, act: str) -> None:
    program = Program(keys.create("ends", SCOPES, Actor.at_command_line())[1])
    path = f"/api/v1/users/{user.pk}"
    done = program.delete(path) if act == "delete" else program.post(f"{path}/anonymize")
    assert done.status in (200, 204), done.body


def by_graphql(user: User, act: str) -> None:
    program = Program(keys.create("graph", SCOPES, Actor.at_command_line())[1])
    name = "deleteUser" if act == "delete" else "anonymizeUser"
    result = "deletedUserID" if act == "delete" else "anonymizedUserID"
    node = urlsafe_b64encode(f"User:{user.pk}".encode()).decode().rstrip("=")
    query = f'mutation {{ {name}(input: {{userID: "{node}"}}) {{ {result} }} }}'
    done = program.post("/graphql", {"query": query})
    assert "errors" not in done.body, done.body


def by_clock(user: User, act: str) -> None:
    around = Circumstances("user", IP, "canary/1")
    if act == "delete":
        deletion.schedule(user, around, reason="because canary said so")
        User.objects.update(delete_at=timezone.now())
    else:
        anonymization.schedule(user, around, 0)
    accounts_due(timestamp=0)


def by_portal(user: User, act: str) -> None:
    administrator.create("root@staff.example", "correct horse battery")
    client = Client()
    root = User.objects.get(is_staff=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    if act == "delete":
        page = client.post(f"/portal/identity/user/{user.pk}/delete/", {"post": "yes"})
        assert page.status_code == 302, page.content.decode()
        return
    client.post(f"/portal/identity/user/{user.pk}/account/", {"act": "anonymize"})
    accounts_due(timestamp=0)


def by_command_line(user: User, act: str) -> None:
    with pytest.MonkeyPatch.context() as patch, suppress(SystemExit):
        patch.setattr(sys, "argv", ["burnish", "users", act, str(user.pk), "--now"])
        main()


DOORS = (by_rest, by_graphql, by_clock, by_portal, by_command_line)


def test_somebody_is_in_all_these_tables(person: User) -> None:
    assert traces().keys() >= {
        "account_emailaddress",
        "api_keys_answer",
        "audit_entry",
        "django_session",
        "enrichment_run",
        "hooks_cache",
        "hooks_event",
        "hooks_run",
        "identity_mail",
        "identity_sms",
        "identity_user",
        "imports_outcome",
        "mfa_authenticator",
        "oidc_grant",
        "profiles_history",
        "profiles_profile",
        "socialaccount_socialaccount",
        "usersessions_usersession",
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("act", ["delete", "anonymize"])
def test_nothing_of_them_is_left(person: User, act: str, door: Callable[[User, str], None]) -> None:
    door(person, act)

    assert traces() == {}
    assert User.objects.filter(pk=person.pk).exists() is (act == "anonymize")
    left = ("hooks_event", "hooks_forgotten", *(["profiles_profile"] if act != "delete" else []))
    assert [table for table in about(person) if not table.startswith(left)] == []


@pytest.mark.parametrize("act", ["delete", "anonymize"])
def test_whose_social_account_it_was_comes_back_as_somebody_new(person: User, act: str) -> None:
    by_rest(person, act)

    come_in(browser := Client(), "oidc")

    assert browser.get("/settings/").status_code == 200
    account = SocialAccount.objects.get()
    assert account.user_id != person.pk
    assert EmailAddress.objects.get(verified=True).email == EMAIL


def test_a_deletion_is_delivered_as_the_user_was_and_empty_afterwards(
    person: User, hook: Callable[..., Hook]
) -> None:
    hook("told", events=["*"])
    hook("also", events=["user.deleted"])
    by_graphql(person, "delete")

    last = Event.objects.get(user_id=person.pk)
    claimed = deliveries.claim(WORKER, {}, 10, timedelta(seconds=60))
    assert [one.envelope["type"] for one in claimed] == ["user.deleted"] * 2
    assert claimed[0].envelope["payload"]["user"]["standard_attributes"]["email"] == EMAIL
    Run.objects.create(
        hook_name="told", event_seq=last.seq, event_type=last.type, user_id=person.pk,
        outcome="delivered", console=EMAIL, duration_ms=1, started_at=timezone.now(),
    )  # fmt: skip

    later = timezone.now() + forget.STRAGGLERS
    assert forget.finish(later) == 0
    Delivery.objects.filter(pk=claimed[0].id).update(state="delivered", reply=EMAIL)
    assert forget.finish(later) == 0
    Delivery.objects.filter(pk=claimed[1].id).update(state="dead", error_message=EMAIL)
    assert forget.finish(later - timedelta(seconds=30)) == 0
    assert forget.finish(later) == 1

    assert traces() == {}
    assert not models.Forgotten.objects.exists()
    deliveries.replay(Delivery.objects.all())
    again = deliveries.claim(WORKER, {}, 10, timedelta(seconds=60))
    assert again[0].envelope["payload"]["user"]["id"] == str(person.pk)
    assert again[0].envelope["payload"]["user"]["standard_attributes"] == {}


def test_a_call_that_was_under_way_leaves_nothing_either(person: User) -> None:
    by_rest(person, "anonymize")
    Run.objects.create(
        hook_name="late", event_seq=2, event_type="user.created", user_id=person.pk,
        outcome="delivered", console=EMAIL, duration_ms=1, started_at=timezone.now(),
    )  # fmt: skip

    assert forget.finish(timezone.now() + forget.STRAGGLERS) == 1

    assert traces() == {}


def test_an_answer_that_comes_late_is_not_written_to_somebody_who_is_forgotten(
    person: User,
) -> None:
    event = Event.objects.get(type="user.pre_create")
    envelope = {
        "type": event.type, "seq": event.seq, "payload": event.payload, "context": event.context,
    }  # fmt: skip
    told = {"user": {"standard_attributes_patch": {"nickname": "canary"}}}
    reply = Reply({"is_allowed": True, "mutations": told}, None, 1.0)
    asked = Hook.objects.get().as_hook(), envelope, reply, timezone.now(), person.pk

    late.settle(*asked)
    assert profiles.of(person.pk).standard["nickname"] == "canary"
    by_rest(person, "anonymize")
    late.settle(*asked)

    assert traces() == {}


def test_figures_and_what_others_left_stay(person: User) -> None:
    other = User.objects.create(email="bo@nordlake.example")
    row = {"hook": Hook.objects.get(), "expires_at": timezone.now() + timedelta(days=1)}
    models.Cached.objects.create(key="other", value=1, user_id=other.pk, **row)
    models.Cached.objects.create(key="nobody", value=1, **row)
    runs = Run.objects.count()

    by_rest(person, "delete")

    assert sorted(models.Cached.objects.values_list("key", flat=True)) == ["nobody", "other"]
    assert Run.objects.count() == runs
    assert Moment.objects.get().user_id is None
    assert Lookup.objects.get().user_id is None
    assert Outcome.objects.get().outcome == "inserted"
    assert Entry.objects.filter(subject_id=str(person.pk), action="changed").exists()


def test_each_room_that_knows_people_forgets_them() -> None:
    assert set(erasure.rooms()) == {
        "api_keys", "audit", "consent", "enrichment", "hooks", "identity", "imports",
        "profiles", "questions", "roles",
    }  # fmt: skip
