"""Whatever a script does, the visitor reads one sentence and the administrator sees why."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.server.conftest import GEO

from burnish_server.hooks.models import Hook, Run, TimeLimits
from burnish_server.identity.models import User
from burnish_server.profiles.models import Profile

pytestmark = pytest.mark.django_db(transaction=True)

VISITOR = {"email": "ada@nordlake.example", "password1": "correct horse battery"}
BAD = {
    "does not parse": ("export default (e) => {\n  return {;\n};", "DenoRunError", 2),
    "exports nothing": ("const hook = 1;", "DenoRunError", None),
    "exports no function": ("export default 7;", "DenoRunError", None),
    "throws": ("export default () => {\n  throw new Error('x');\n};", "DenoRunError", 2),
    "rejects": ("export default () => Promise.reject(new Error('x'));", "DenoRunError", 1),
    "returns nothing": ("export default () => {};", "HookInvalidResponse", None),
    "returns an array": ("export default () => [];", "HookInvalidResponse", None),
    "returns an unknown key": (
        "export default () => ({ is_allowed: true, extra: 1 });",
        "HookInvalidResponse",
        None,
    ),
    "has a title though it allows": (
        "export default () => ({ is_allowed: true, title: 'x' });",
        "HookInvalidResponse",
        None,
    ),
    "loops": ("export default () => { for (;;); };", "UnexpectedError", None),
    "never answers": ("export default () => new Promise(() => {});", "UnexpectedError", None),
    "exits": ("export default () => Deno.exit(0);", "DenoRunError", None),
    "reads a file": ("export default () => Deno.readTextFile('/etc/passwd');", "DenoRunError", 1),
    "asks a metadata address": (
        "export default () => fetch('http://169.254.169.254/latest/');",
        "DenoRunError",
        1,
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_script_that(
    what: str, client: Client, attribute: Callable[..., object], hook: Callable[..., Hook]
) -> None:
    script, code, line = BAD[what]
    TimeLimits(hook_seconds=0.6, event_seconds=5).save()
    attribute("city")
    bad = hook("bad", script)

    page = client.post("/signup/", VISITOR)

    assert "could not be checked" in page.content.decode()
    assert not User.objects.exists()
    run = Run.objects.get()
    assert (run.outcome, run.error_code) == ("failed", code)
    assert run.error_message
    assert line is None or run.error_line == line
    bad.delete()
    TimeLimits().save()
    hook("geo", GEO)
    assert client.post("/signup/", VISITOR).status_code == 302
    assert list(Profile.objects.get().custom.values()) == ["Lyon"]
