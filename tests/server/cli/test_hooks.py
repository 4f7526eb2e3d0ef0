"""`burnish hooks` on a running service."""

import io
import json
from collections.abc import Callable

import pytest
from django.utils import timezone
from tests.server.cli.conftest import Ended

from burnish.hooks import signature
from burnish.hooks.webhook import Webhook
from burnish_server.audit.models import Entry
from burnish_server.hooks import sealing, signing, store
from burnish_server.hooks.models import Delivery, Hook, Run, Secret

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]
Configure = Callable[..., Hook]


def ran(hook: Hook, outcome: str, **fields: object) -> Run:
    return Run.objects.create(
        hook=hook,
        hook_name=hook.name,
        event_type="user.pre_create",
        event_seq=1,
        outcome=outcome,
        duration_ms=12.5,
        started_at=timezone.now(),
        **fields,
    )


def dead(hook: Hook) -> Delivery:
    now = timezone.now()
    return Delivery.objects.create(
        hook=hook,
        event_seq=1,
        event_type="user.created",
        state="dead",
        due_at=now,
        created_at=now,
        error_message="the webhook answered 500",
    )


def piped(monkeypatch: pytest.MonkeyPatch, burnish: Burnish, text: str, *words: str) -> Ended:
    """Run a command with a text on standard input."""
    real = io.StringIO

    def given() -> io.StringIO:
        return real(text)

    monkeypatch.setattr(io, "StringIO", given)
    ended = burnish(*words)
    monkeypatch.setattr(io, "StringIO", real)
    return ended


def test_hooks_are_listed_with_how_they_did(burnish: Burnish, hook: Configure) -> None:
    geo = hook("geo")
    ran(geo, "allowed")
    ran(geo, "failed")

    (row,) = json.loads(burnish("hooks", "list", "--json").out)

    assert (row["name"], row["calls"], row["failures"], row["p50_ms"]) == ("geo", 2, 1, 12.5)
    assert "geo" in burnish("hooks", "list").out


def test_the_log_is_filtered(burnish: Burnish, hook: Configure) -> None:
    geo, mail = hook("geo"), hook("mail")
    ran(geo, "allowed")
    ran(geo, "failed", error_message="Error: down", error_line=3)
    ran(mail, "delivered")

    lines = burnish("hooks", "log", "--hook", "geo").out.splitlines()
    failed = burnish("hooks", "log", "--outcome", "failed", "--json").out

    assert len(lines) == 2
    assert lines[1].endswith("geo user.pre_create failed 12.5 ms line 3: Error: down")
    assert json.loads(failed)["error"] == "Error: down"
    assert burnish("hooks", "log", "--outcome", "lost").err == (
        "burnish: There is no outcome lost.\n"
    )
    assert burnish("hooks", "log", "--hook", "lost").status == 1
    assert burnish("hooks", "log", "--user", "nobody@nordlake.example").status == 1


def test_deliveries_are_made_again_by_id_or_all_that_were_given_up(
    burnish: Burnish, hook: Configure
) -> None:
    crm, mail = hook("crm"), hook("mail")
    first = dead(crm)
    dead(crm)
    dead(mail)

    shown = json.loads(burnish("hooks", "deliveries", "--state", "dead", "--json").out)
    assert {one["error"] for one in shown} == {"the webhook answered 500"}
    assert burnish("hooks", "replay").status == 2
    assert burnish("hooks", "replay", "not-an-id").status == 1
    assert burnish("hooks", "replay", first.pk).out == "1 delivery is made again now.\n"
    assert burnish("hooks", "replay", "--dead", "--hook", "mail").out.startswith("1 delivery")
    assert burnish("hooks", "replay", "--dead").out.startswith("1 delivery")
    assert not Delivery.objects.exclude(state="pending").exists()
    assert Entry.objects.filter(action="replayed").count() == 3


def test_a_secret_is_read_from_standard_input_and_never_printed(
    burnish: Burnish, hook: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook("geo", "export default (e, ctx) => ctx.secrets.VENDOR_KEY;")

    words = ("hooks", "secrets", "set", "VENDOR_KEY", "--hook", "geo")
    ended = piped(monkeypatch, burnish, "k3y-of-the-vendor\n", *words)

    assert ended.out == "VENDOR_KEY is set.\n"
    assert sealing.unseal(Secret.objects.get().sealed) == "k3y-of-the-vendor"
    listed = burnish("hooks", "secrets", "list", "--json").out
    assert json.loads(listed) == [{"name": "VENDOR_KEY", "hooks": ["geo"]}]
    assert "k3y" not in str(list(Entry.objects.values()))
    refused = burnish("hooks", "secrets", "remove", "VENDOR_KEY")
    assert "is named by geo; add --force" in refused.err
    assert burnish("hooks", "secrets", "remove", "VENDOR_KEY", "--force").status == 0
    assert not Secret.objects.exists()


def test_secrets_outlive_the_key_they_were_sealed_with(
    burnish: Burnish, monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest
) -> None:
    words = ("hooks", "secrets", "set", "KEY")
    settings.SECRET_KEYS = ["old"]  # type: ignore[attr-defined]
    piped(monkeypatch, burnish, "value-to-keep", *words)

    settings.SECRET_KEYS = ["new", "old"]  # type: ignore[attr-defined]
    assert burnish("hooks", "secrets", "reseal").out.startswith("1 values")
    settings.SECRET_KEYS = ["new"]  # type: ignore[attr-defined]
    assert sealing.unseal(Secret.objects.get().sealed) == "value-to-keep"
    settings.SECRET_KEYS = ["lost"]  # type: ignore[attr-defined]
    assert "put the key it was sealed with back" in burnish("hooks", "secrets", "reseal").err


def test_signing_keys_are_rotated(burnish: Burnish, monkeypatch: pytest.MonkeyPatch) -> None:
    signing.ensure()
    (first,) = signing.reveal()
    words = ("hooks", "secrets", "signing", "add")

    added = piped(monkeypatch, burnish, "a-secret-receivers-have", *words)

    assert added.out.splitlines() == [first, "a-secret-receivers-have"]
    assert burnish("hooks", "secrets", "signing", "retire").out == "a-secret-receivers-have\n"
    assert "only one live key" in burnish("hooks", "secrets", "signing", "retire").err


def test_a_secret_of_standard_webhooks_signs_with_its_key(
    burnish: Burnish, monkeypatch: pytest.MonkeyPatch, hook: Configure
) -> None:
    secret = "whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0"
    made = Hook.objects.create(name="crm", kind="webhook", url="https://crm.example/", events=["*"])

    added = piped(monkeypatch, burnish, secret, "hooks", "secrets", "signing", "add")
    refused = piped(monkeypatch, burnish, "whsec_" + "!" * 24, "hooks", "secrets", "signing", "add")

    assert added.out.splitlines() == [secret]
    assert "no base64" in refused.err
    target = store.equipped(Hook.objects.filter(pk=made.pk))[made.pk].target
    assert isinstance(target, Webhook)
    signed = signature.headers("1", 1772600767, b"{}", target.keys)
    signature.verify(signed, b"{}", [secret], now=1772600770)


def test_the_type_names_are_printed_for_an_editor(burnish: Burnish) -> None:
    printed = burnish("hooks", "types").out

    assert "EventUserPreCreateHookResponse" in printed


@pytest.mark.parametrize("type", ["user.pre_create", "authentication.pre_initialize"])
def test_a_script_is_run_with_a_made_up_event_of_a_type(
    burnish: Burnish, type: str, tmp_path: object
) -> None:
    script = f"{tmp_path}/say.ts"
    with open(script, "w", encoding="utf-8") as file:
        file.write("export default (e) => e.type;")

    assert json.loads(burnish("hooks", "run", script, "--event", type).out)["output"] == type
