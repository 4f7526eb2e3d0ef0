"""What a hook says of its secrets is masked: in a trial at every door, and in the log."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from tests.doors.api.conftest import Program, admin, key

from burnish_server.hooks import secrets
from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User

__all__ = ["admin", "key"]

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "S3cr/t+key-1234"
ALLOWS = """
export default (e, ctx) => {
  const s = ctx.secrets.VENDOR_KEY;
  console.log(s, btoa("u:" + s), encodeURIComponent(s), s.toUpperCase());
  return { is_allowed: true, mutations: { user: {
    standard_attributes_patch: { nickname: s, given_name: encodeURIComponent(s) },
    custom_attributes: { [s]: 1 },
  } } };
};
"""
DENIES = """
export default (e, ctx) => ({
  is_allowed: false,
  title: ctx.secrets.VENDOR_KEY.toLowerCase(),
  reason: btoa(ctx.secrets.VENDOR_KEY),
});
"""
FAILS = "export default (e, ctx) => ({ is_allowed: true, ['x' + ctx.secrets.VENDOR_KEY]: 1 });"
SHOWN = ("S3cr", "s3cr", "S3CR", "UzNjc", "NjcjQ", "NyL3Q", "zNjci")


@pytest.fixture
def knowing(hook: Callable[..., Hook]) -> Callable[[str], Hook]:
    """Configure a hook that knows a secret."""

    def configure(script: str) -> Hook:
        row = hook("geo", script, on_error="allow")
        secrets.put("VENDOR_KEY", SECRET, [row])
        return row

    return configure


def is_hidden(text: str) -> bool:
    return not any(part in text for part in SHOWN)


@pytest.mark.parametrize("script", [ALLOWS, DENIES, FAILS], ids=["allows", "denies", "fails"])
def test_in_a_trial_by_a_program(
    knowing: Callable[[str], Hook], admin: Program, script: str
) -> None:
    knowing(script)

    answer = admin.post("/api/v1/hooks/geo/test", {"type": "user.pre_create"})

    assert answer.status == 200
    assert "•••" in json.dumps(answer.body, ensure_ascii=False)
    assert is_hidden(json.dumps(answer.body))


@pytest.mark.parametrize("script", [ALLOWS, DENIES, FAILS], ids=["allows", "denies", "fails"])
def test_in_a_trial_in_the_portal(knowing: Callable[[str], Hook], script: str) -> None:
    row = knowing(script)
    administrator.create("root@staff.example", "correct horse battery")
    browser = Client()
    browser.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/portal/hooks/hook/{row.pk}/try/?event=user.pre_create"
    form = browser.get(address).context["form"]

    page = browser.post(address, {"event": form.initial["event"]}).content.decode()

    assert "•••" in page
    assert is_hidden(page)


@pytest.mark.parametrize("script", [ALLOWS, DENIES, FAILS], ids=["allows", "denies", "fails"])
def test_in_the_log(knowing: Callable[[str], Hook], client: Client, script: str) -> None:
    knowing(script)

    client.post("/signup/", {"email": "a@nordlake.example", "password1": "correct horse battery"})

    run = Run.objects.get()
    assert is_hidden(json.dumps([run.answer, run.console, run.error_message, run.dropped]))
