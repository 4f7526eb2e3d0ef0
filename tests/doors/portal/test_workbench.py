"""The workbench: hooks are tried, had back as they were, ordered; deliveries made again."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import ALLOW, text
from tests.doors.portal.test_hooks import ADD, LIST, errors, ran, typed

from burnish.events.samples import sample
from burnish_server.audit.models import Entry
from burnish_server.hooks import sealing, secrets, signing
from burnish_server.hooks.models import Delivery, Event, Hook, Run, Secret, SigningKey
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute, Profile

DELIVERIES = "/portal/hooks/delivery/"
SECRETS = "/portal/hooks/secret/"
LYON = """export default async (e, ctx) => {
  ctx.log("asked for", e.payload.user.id);
  return { is_allowed: true, mutations: { user: {
    custom_attributes_patch: { city: "Lyon", shoe_size: 41 },
    standard_attributes_patch: { given_name: null },
  } } };
};
"""

pytestmark = pytest.mark.django_db(transaction=True)
Configure = Callable[..., Hook]


def tried(portal: Client, hook: Hook, event: object = None, query: str = "") -> str:
    given = event if isinstance(event, str) else json.dumps(event or sample("user.pre_create"))
    return text(portal.post(f"{LIST}{hook.pk}/try/{query}", {"event": given}))


def test_a_hook_is_tried_and_nothing_is_written(portal: Client, hook: Configure) -> None:
    CustomAttribute.objects.create(pointer="/city", type="string")
    before = User.objects.count(), Profile.objects.count()

    page = tried(portal, hook("geo", LYON))

    assert "Allowed in" in page
    assert "city changed - Lyon" in page
    assert "given_name changed Ada -" in page
    assert "family_name Nguyen Nguyen" in page
    assert "Dropped, because nobody has defined them: shoe_size" in page
    assert "asked for 5c0f2c0a" in page
    assert "It made none." in page
    assert (User.objects.count(), Profile.objects.count()) == before
    assert not Run.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("{", "This is not JSON"),
        ("[]", "An event is an object"),
        ('{"type": "user.pre_creat"}', "An event is an object, and its type one of those"),
        ('{"type": "user.pre_create"}', "has a payload and a context"),
        ('{"type": "user.pre_create", "payload": {"user": 7}, "context": {}}', "both objects"),
    ],
)
def test_what_is_no_event_is_told_beside_the_field(
    portal: Client, hook: Configure, event: str, words: str
) -> None:
    page = tried(portal, hook("geo", LYON), event)

    assert words in page
    assert "Console output" not in page


def test_a_trial_shows_what_the_schema_would_refuse(portal: Client, hook: Configure) -> None:
    CustomAttribute.objects.create(pointer="/city", type="integer")

    page = tried(portal, hook("geo", LYON))

    assert "ValidationFailed" in page
    assert "/city" in page


def test_a_trial_that_denies_throws_or_only_hears(portal: Client, hook: Configure) -> None:
    denies = hook("no", "export default () => ({ is_allowed: false, title: 'No', reason: 'way' });")
    throws = hook("bad", "export default () => {\n  throw new Error('down');\n};")
    told = hook("told", "export default (e) => console.log(e.type);", events=["*"])

    assert "Denied in" in (page := tried(portal, denies))
    assert "No way" in page
    assert "DenoRunError , line 2" in tried(portal, throws)
    assert "Delivered in" in (page := tried(portal, told, sample("user.created")))
    assert "user.created" in page


def test_recent_events_are_offered_with_sensitive_values_masked(
    portal: Client, hook: Configure
) -> None:
    CustomAttribute.objects.create(pointer="/salary", type="string", sensitive=True)
    event = sample("user.pre_create")
    event["payload"]["user"]["custom_attributes"] = {"salary": "90000"}
    Event.objects.create(
        seq=8010,
        type=event["type"],
        payload=event["payload"],
        context=event["context"],
        created_at=timezone.now(),
    )
    geo = hook(
        "geo",
        "export default (e) => { const s = e.payload.user.custom_attributes.salary;"
        " return { is_allowed: s === '90000' }; };",
    )

    shown = portal.get(f"{LIST}{geo.pk}/try/?event=8010")
    page = text(shown)

    assert "ada@nordlake.example" in page
    assert "90000" not in page
    assert (
        "Values of attributes that are sensitive, or hidden from the portal, are shown as •••"
        in page
    )
    masked = shown.context["form"]["event"].value()
    assert "Allowed in" in (done := tried(portal, geo, masked, "?event=8010"))
    assert "90000" not in done


def test_every_save_is_kept_and_any_can_be_had_back(portal: Client, hook: Configure) -> None:
    portal.post(ADD, typed())
    geo = Hook.objects.get()
    changed = ALLOW.replace("true", "false")
    portal.post(f"{LIST}{geo.pk}/change/", typed(script=changed, on_error="allow"))

    page = text(portal.get(f"{LIST}{geo.pk}/versions/"))
    assert "2 (now)" in page
    assert "script, on error" in page
    assert "root@staff.example" in page
    assert f"-{ALLOW.strip()}"[:20] in page

    portal.post(f"{LIST}{geo.pk}/versions/", {"version": "1"})

    geo.refresh_from_db()
    assert (geo.script, geo.on_error) == (ALLOW, "deny")
    assert [one.number for one in geo.versions.all()] == [3, 2, 1]
    assert Entry.objects.filter(action="restored", detail={"version": 1}).exists()


def test_a_version_there_is_not_is_not_found(portal: Client, hook: Configure) -> None:
    geo = hook("geo")

    for number in ("7", "x", ""):
        assert portal.post(f"{LIST}{geo.pk}/versions/", {"version": number}).status_code == 404


def test_hooks_change_places(portal: Client, hook: Configure) -> None:
    first, second = hook("first", position=0), hook("second", position=1)

    portal.post(f"{LIST}{second.pk}/move/", {"up": ""})
    assert [one.name for one in Hook.objects.all()] == ["second", "first"]
    portal.post(f"{LIST}{second.pk}/move/", {"down": ""})
    portal.post(f"{LIST}{second.pk}/move/", {"down": ""})
    assert [one.name for one in Hook.objects.all()] == ["first", "second"]
    portal.get(f"{LIST}{first.pk}/move/")
    assert [one.name for one in Hook.objects.all()] == ["first", "second"]


def test_a_webhook_is_added_told_of_some_events(portal: Client) -> None:
    form = typed(kind="webhook", script="", event="told", told_of=["user.created", "user.deleted"])

    assert "url" in errors(portal.post(ADD, form))
    portal.post(ADD, form | {"url": "https://hooks.nordlake.example/in", "only_clients": "a, b,"})

    geo = Hook.objects.get()
    assert (geo.kind, geo.url) == ("webhook", "https://hooks.nordlake.example/in")
    assert geo.events == ["user.created", "user.deleted"]
    assert geo.only_clients == ["a", "b"]
    assert SigningKey.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"event": "told"}, "told_of"),
        ({"script": " "}, "script"),
        ({"kind": "webhook", "url": "ftp://x"}, "url"),
        ({"kind": "plugin"}, "kind"),
        ({"event": "user.creatd"}, "event"),
        ({"timeout_ms": "5"}, "timeout_ms"),
    ],
)
def test_a_hook_that_cannot_work_is_refused(
    portal: Client, fields: dict[str, str], wrong: str
) -> None:
    assert wrong in errors(portal.post(ADD, typed(**fields)))
    assert not Hook.objects.exists()


def test_a_plugin_is_switched_here_but_not_rewritten(portal: Client, hook: Configure) -> None:
    guard = hook("guard", "", kind="plugin")

    portal.post(f"{LIST}{guard.pk}/change/", typed(name="other", script=ALLOW, on_error="allow"))

    guard.refresh_from_db()
    assert (guard.name, guard.kind, guard.script) == ("guard", "plugin", "")
    assert guard.on_error == "allow"


def test_the_list_has_figures_of_the_last_day(portal: Client, hook: Configure) -> None:
    geo = hook("geo")
    for ms in (10.0, 20.0, 30.0):
        ran(geo, duration_ms=ms)
    ran(geo, "failed", duration_ms=40.0)
    ran(geo, "failed", started_at=timezone.now() - timedelta(hours=25))

    page = text(portal.get(LIST))

    assert "25.0 ms 38.5 ms" in page
    assert "1 failed" in page
    assert "4 calls and 1 failures in the last 24 hours" in portal.get(LIST).content.decode()


def test_the_type_names_can_be_downloaded(portal: Client) -> None:
    response = portal.get(f"{LIST}burnish.d.ts")

    assert "EventUserPreCreateHookResponse" in response.content.decode()
    assert "burnish.d.ts" in response["Content-Disposition"]


def given_up(hook: Hook, **fields: object) -> Delivery:
    now = timezone.now()
    return Delivery.objects.create(
        **{
            "hook": hook,
            "event_seq": 8010,
            "event_type": "user.created",
            "state": "dead",
            "attempts": 9,
            "due_at": now,
            "created_at": now,
            "finished_at": now,
            "error_code": "HookInvalidResponse",
            "error_message": "the webhook answered 500",
            "status": 500,
            "reply": "<b>it broke</b>",
            **fields,
        }
    )


def test_deliveries_are_shown_and_made_again_one_some_or_all(
    portal: Client, hook: Configure
) -> None:
    crm, mail = hook("crm"), hook("mail")
    dead = [given_up(crm), given_up(crm), given_up(mail), given_up(mail)]

    page = text(portal.get(DELIVERIES))
    assert "Given up 4" in page
    one = portal.get(f"{DELIVERIES}{dead[0].pk}/change/").content.decode()
    assert "&lt;b&gt;it broke&lt;/b&gt;" in one

    def pending() -> int:
        return Delivery.objects.filter(state="pending").count()

    portal.post(f"{DELIVERIES}replay/", {"id": str(dead[0].pk)})
    assert pending() == 1
    portal.post(f"{DELIVERIES}replay/", {"hook": str(mail.pk)})
    assert pending() == 3
    portal.post(f"{DELIVERIES}replay/", {"id": "not-an-id"})
    assert pending() == 3
    portal.post(f"{DELIVERIES}replay/")
    assert pending() == 4
    assert Entry.objects.filter(action="replayed").count() == 4
    assert portal.get(f"{DELIVERIES}replay/").status_code == 403


def test_a_secret_goes_in_and_does_not_come_out(portal: Client, hook: Configure) -> None:
    geo = hook("geo", "export default (e, ctx) => ctx.secrets.VENDOR_KEY;")

    assert "value" in errors(portal.post(f"{SECRETS}add/", {"name": "VENDOR_KEY"}))
    bad = portal.post(f"{SECRETS}add/", {"name": "vendor key", "value": "k3y-of-the-vendor"})
    assert "name" in errors(bad)
    form = {"name": "VENDOR_KEY", "value": "k3y-of-the-vendor", "hooks": [str(geo.pk)]}
    portal.post(f"{SECRETS}add/", form)

    secret = Secret.objects.get()
    assert sealing.unseal(secret.sealed) == "k3y-of-the-vendor"
    assert "k3y" not in secret.sealed
    assert [one.name for one in secret.hooks.all()] == ["geo"]
    for url in (SECRETS, f"{SECRETS}{secret.pk}/change/", "/portal/audit/entry/"):
        assert "k3y-of-the-vendor" not in portal.get(url).content.decode()

    portal.post(f"{SECRETS}{secret.pk}/change/", {"value": "", "hooks": []})
    secret.refresh_from_db()
    assert sealing.unseal(secret.sealed) == "k3y-of-the-vendor"
    assert not secret.hooks.exists()
    assert "named by the scripts of: geo" in text(portal.get(f"{SECRETS}{secret.pk}/delete/"))


def test_a_secret_s_value_is_masked_in_the_log(portal: Client, hook: Configure) -> None:
    geo = hook("geo", "export default (e, ctx) => { ctx.log(ctx.secrets.KEY); return KEY; };")
    secrets.put("KEY", "k3y-of-the-vendor", [geo])

    page = tried(portal, geo)

    assert "•••" in page
    assert "k3y-of-the-vendor" not in page


def test_signing_keys_are_shown_on_request_rotated_and_retired(portal: Client) -> None:
    page = f"{SECRETS}signing/"
    signing.ensure()
    (first,) = signing.reveal()

    assert first not in portal.get(page).content.decode()
    assert first in portal.post(page, {"act": "revealed"}).content.decode()
    assert "whsec_" in portal.post(page, {"act": "added"}).content.decode()
    portal.post(page, {"act": "retired"})

    assert first not in signing.reveal()
    assert len(signing.reveal()) == 1
    assert "only one live key" in text(portal.post(page, {"act": "retired"}, follow=True))
    acts = list(Entry.objects.filter(subject_kind="signing key").values_list("action", flat=True))
    assert sorted(acts) == ["added", "retired", "revealed"]
