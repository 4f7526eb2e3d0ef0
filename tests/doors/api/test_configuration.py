"""The whole configuration by the Admin API: written out, checked, compared and applied."""

from collections.abc import Callable

import pytest
from tests.doors.api.conftest import Program

from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import CONFIG_READ, CONFIG_WRITE
from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Hook
from burnish_server.segments.models import Segment

pytestmark = pytest.mark.django_db(transaction=True)

FILE = """
segments:
  named:
    - attribute: name
      known: true
hook:
  blocking_handlers:
    - event: user.pre_create
      url: authgeardeno:///deno/geo.ts
"""
SCRIPTS = {"deno/geo.ts": "export default () => ({ is_allowed: true });\n"}
SENT = {"config": FILE, "scripts": SCRIPTS}


@pytest.fixture
def admin(key: Callable[..., tuple[ApiKey, str]]) -> Program:
    return Program(key("deploy", CONFIG_READ, CONFIG_WRITE)[1])


def test_it_is_planned_applied_once_and_written_out_the_same(admin: Program) -> None:
    planned = admin.post("/api/v1/config/plan", SENT).body
    before = Segment.objects.count()
    applied = admin.post("/api/v1/config/apply", SENT).body
    again = admin.post("/api/v1/config/apply", SENT).body
    out = admin.get("/api/v1/config").body

    assert planned["changes"] == ["+ hook geo (user.pre_create)", "+ segment named"]
    assert (planned["applied"], before, applied["applied"]) == (False, 0, True)
    assert (again["changes"], again["applied"]) == ([], False)
    assert out["scripts"] == SCRIPTS
    assert admin.post("/api/v1/config/plan", out).body["changes"] == []
    assert set(Entry.objects.filter(door="api").values_list("actor", "action")) == {
        ("deploy", "added")
    }


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"config": "segments: ["}, "invalid_config", "burnish.yaml:1"),
        ({"config": FILE}, "invalid_config", "there is no file deno/geo.ts"),
        ({"config": "", "scripts": {"../x.ts": ""}}, "invalid_config", "deno/geo.ts"),
        (
            {"config": "segments: {a: [{attribute: nobody, known: true}]}"},
            "config_refused",
            "nobody defined the attribute nobody",
        ),
    ],
)
def test_a_file_that_cannot_be_applied_is_refused_whole(
    admin: Program, body: dict[str, object], code: str, words: str
) -> None:
    answer = admin.post("/api/v1/config/apply", body)

    assert answer.problem[:2] == (422, code)
    assert words in answer.problem[2]
    assert "/tmp" not in answer.problem[2]
    assert not Hook.objects.exists()


def test_a_check_says_what_is_wrong_with_scripts_too(admin: Program) -> None:
    checked = admin.post(
        "/api/v1/config/check", {**SENT, "scripts": {"deno/geo.ts": "export default ("}}
    )

    assert [one["path"] for one in checked.body["errors"]] == ["geo.ts:1:17"]
