"""What a project settles, by the Admin API: attributes, hooks, secrets, providers, questions."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.doors.api.conftest import Program

from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import SCOPES
from burnish_server.audit.models import Entry
from burnish_server.enrichment import store
from burnish_server.enrichment.models import Provider
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Hook, Run, Secret

ALLOW = "export default () => ({ is_allowed: true });\n"


@pytest.fixture
def admin(key: Callable[..., tuple[ApiKey, str]]) -> Program:
    """A program that may do everything."""
    return Program(key("admin", *SCOPES)[1])


def acts() -> list[tuple[str, str, str]]:
    """Return what programs did, in order."""
    found = Entry.objects.filter(door="api").order_by("id")
    return list(found.values_list("actor", "action", "subject_kind"))


def test_an_attribute_is_defined_changed_retired_restored_and_purged(admin: Program) -> None:
    made = admin.post("/api/v1/attributes", {"pointer": "/team_size", "type": "integer"})
    changed = admin.patch("/api/v1/attributes/team_size", {"minimum": 1, "label": "Team"})
    kept = admin.delete("/api/v1/attributes/team_size")
    admin.post("/api/v1/attributes/team_size/retire")
    retired = admin.get("/api/v1/attributes/team_size").body
    purged = admin.delete("/api/v1/attributes/team_size")

    assert (made.status, made.response["Location"]) == (201, "/api/v1/attributes/team_size")
    assert (changed.body["minimum"], changed.body["label"]) == (1, "Team")
    assert kept.problem[:2] == (409, "attribute_refused")
    assert retired["retired"] is True
    assert (purged.status, purged.body) == (200, {"users": 0})
    assert [act for _, act, _ in acts()] == ["added", "changed", "retired", "purged"]


def test_a_bad_definition_is_pointed_at(admin: Program) -> None:
    answer = admin.post(
        "/api/v1/attributes", {"pointer": "/plan", "type": "enum", "label": 5, "minimum": "x"}
    )

    assert answer.status == 422
    assert {one["pointer"] for one in answer.body["errors"]} == {"/label", "/minimum"}


@pytest.mark.django_db(transaction=True)
def test_a_hook_is_made_changed_tried_and_had_back(admin: Program) -> None:
    entry = {"name": "geo", "events": ["user.pre_create"], "script": ALLOW}

    made = admin.post("/api/v1/hooks", entry)
    changed = admin.patch("/api/v1/hooks/geo", {"enabled": False, "on_error": "allow"})
    tried = admin.post("/api/v1/hooks/geo/test", {"type": "user.pre_create"})
    back = admin.post("/api/v1/hooks/geo/versions/1/restore")

    assert (made.status, made.body["version"]) == (201, 1)
    assert (changed.body["enabled"], changed.body["on_error"]) == (False, "allow")
    assert tried.body["outcome"] == "allowed"
    assert (back.body["enabled"], back.body["version"]) == (True, 3)
    assert [one["number"] for one in admin.get("/api/v1/hooks/geo/versions").body] == [3, 2, 1]
    assert not Run.objects.exists()
    assert admin.delete("/api/v1/hooks/geo").status == 204
    whole = [
        ("admin", act, "hook") for act in ("added", "changed", "tested", "restored", "removed")
    ]
    assert acts() == whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("entry", "pointer"),
    [
        ({"script": "export default ("}, "/script"),
        ({"script": ALLOW, "url": "https://hooks.nordlake.example/"}, "/script"),
        ({"url": "nowhere"}, "/url"),
        ({"script": ALLOW, "events": ["user.pre_create", "user.created"]}, "/events"),
        ({"script": ALLOW, "events": ["user.dreamt"]}, "/events/0"),
        ({"script": ALLOW, "timeout_ms": 1}, "/timeout_ms"),
    ],
)
def test_a_hook_that_cannot_be_is_refused_with_a_pointer(
    admin: Program, entry: dict[str, Any], pointer: str
) -> None:
    answer = admin.post("/api/v1/hooks", {"name": "geo", "events": ["user.pre_create"], **entry})

    assert answer.status == 422
    assert [one["pointer"] for one in answer.body["errors"]] == [pointer]
    assert not Hook.objects.exists()


def test_a_secret_goes_in_and_does_not_come_out(admin: Program) -> None:
    Hook.objects.create(name="crm", script=ALLOW, events=["user.pre_create"])

    put = admin.put("/api/v1/secrets/CRM_KEY", {"value": "s3cr3t-canary", "hooks": ["crm"]})
    listed = admin.get("/api/v1/secrets")

    assert put.status == 200
    assert [(one["name"], one["hooks"]) for one in listed.body] == [("CRM_KEY", ["crm"])]
    assert "s3cr3t-canary" not in str([put.body, listed.body, list(Entry.objects.values())])
    assert admin.put("/api/v1/secrets/lower", {"value": "x"}).problem[1] == "unfit_secret"
    assert admin.delete("/api/v1/secrets/CRM_KEY").status == 204
    assert not Secret.objects.exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://u@/burnish?host=/srv/postgres", "not a socket"),
        ("postgresql://u@localhost/burnish", "BURNISH_LOOKUPS_SQL_DATABASES"),
        ("sqlite:///etc/hosts", "BURNISH_LOOKUPS_SQL_DATABASES"),
    ],
)
def test_a_database_that_no_setting_lists_is_not_asked(admin: Program, url: str, says: str) -> None:
    query = "select 1 as pw where :email <> ''"

    answer = admin.put(
        "/api/v1/providers/own", {"kind": "sql", "database_url": url, "query": query}
    )
    stored = Provider.objects.create(name="own", kind="sql", settings={"query": query})
    stored.sealed = {"database_url": sealing.seal(url)}
    stored.save()
    tested = admin.post("/api/v1/providers/own/test", {"inputs": {"email": "a@b.example"}})

    assert answer.status == 422
    assert [one["pointer"] for one in answer.body["errors"]] == ["/database_url"]
    assert says in str(answer.body)
    assert tested.problem[:2] == (409, "provider_unusable")
    assert says in tested.problem[2]


def test_a_provider_its_waterfall_and_its_usage(admin: Program) -> None:
    admin.post("/api/v1/attributes", {"pointer": "/city", "type": "string"})

    made = admin.put("/api/v1/providers/ipinfo", {"api_key": "t0ken-canary"})
    wrong = admin.put("/api/v1/providers/ipinfo", {"api_key": "k", "price": "much"})
    poured = admin.put("/api/v1/waterfalls/city", {"steps": [{"provider": "ipinfo"}]})
    nobody = admin.put("/api/v1/waterfalls/city", {"steps": [{"provider": "nobody"}]})
    usage = admin.get("/api/v1/providers/ipinfo/usage")

    assert (made.status, made.body["secrets"], made.body["problem"]) == (201, ["api_key"], None)
    assert [one["pointer"] for one in wrong.body["errors"]] == ["/price"]
    assert poured.body == {"attribute": "city", "steps": [{"provider": "ipinfo"}]}
    assert [one["pointer"] for one in nobody.body["errors"]] == ["/steps/0/provider"]
    assert (usage.body["asked"], usage.body["blocked_until"]) == (0, None)
    assert "t0ken-canary" not in str([made.body, list(Entry.objects.values())])
    assert admin.delete("/api/v1/providers/ipinfo").status == 204
    assert admin.get("/api/v1/waterfalls").body == []


def test_nobody_is_counted_for_a_program_that_may_read_nobody(
    admin: Program, key: Callable[..., tuple[ApiKey, str]]
) -> None:
    rule = {"rule": [{"attribute": "email", "is": "ada@nordlake.example"}]}
    admin.put("/api/v1/segments/ada", rule)
    asker = Program(key("asker", "questions:read", "questions:write")[1])
    reader = Program(key("reader", "questions:read", "users:read")[1])

    refused = [
        asker.post("/api/v1/segments/count", rule),
        asker.get("/api/v1/segments/ada/count"),
        asker.get("/api/v1/users", segment="ada"),
    ]

    assert [one.problem[:2] for one in refused] == [(403, "insufficient_scope")] * 3
    assert reader.post("/api/v1/segments/count", rule).body["inside"] == 0
    assert reader.get("/api/v1/segments/ada/count").body["inside"] == 0


def test_a_question_and_a_segment_are_written_counted_and_removed(admin: Program) -> None:
    open_ = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
    attribute = {"pointer": "/plan", "type": "string", "access_control": open_}
    admin.post("/api/v1/attributes", attribute)
    entry = {"attributes": ["plan"], "words": {"en": {"title": "Which plan?"}}}
    rule = {"rule": [{"attribute": "plan", "known": True}]}

    assert admin.put("/api/v1/segments/planned", rule).status == 201
    assert admin.get("/api/v1/segments/planned/count").body["inside"] == 0
    asked = admin.put("/api/v1/questions/plan", {**entry, "when": {"segments": ["planned"]}})
    assert asked.status == 201
    assert admin.delete("/api/v1/segments/planned").problem[:2] == (409, "segment_in_use")
    wrong = admin.put("/api/v1/questions/plan", {**entry, "attributes": ["nothing"]})
    assert [one["pointer"] for one in wrong.body["errors"]] == ["/attributes"]
    assert admin.get("/api/v1/questions/plan/figures").body["asked"] == 0
    assert admin.put("/api/v1/questions/manners", {"per_login": 1}).body["per_login"] == 1
    assert admin.delete("/api/v1/questions/plan").status == 204
    assert admin.delete("/api/v1/segments/planned").status == 204


def test_a_purpose_rests_on_what_was_settled(admin: Program) -> None:
    put = admin.put("/api/v1/purposes/marketing", {"basis": "consent", "title": "Offers"})

    assert put.body == {"name": "marketing", "basis": "consent", "title": "Offers"}
    assert {"marketing", "personalization"} <= {
        one["name"] for one in admin.get("/api/v1/purposes").body
    }
    assert admin.delete("/api/v1/purposes/marketing").status == 204
    assert admin.delete("/api/v1/purposes/marketing").problem[1] == "purpose_not_found"


def test_the_audit_log_is_filtered_paged_and_exported(admin: Program) -> None:
    for name in ("a", "b", "c"):
        admin.put(f"/api/v1/purposes/{name}", {})

    first = admin.get("/api/v1/audit", kind="purpose", limit=2)
    rest = admin.get(first.body["next"])
    export = admin.client.get("/api/v1/audit/export?format=csv&kind=purpose", headers=admin.headers)

    assert [one["subject"] for one in first.body["items"] + rest.body["items"]] == ["c", "b", "a"]
    assert rest.body["next"] is None
    assert len(export.getvalue().decode().splitlines()) == 4
    one = first.body["items"][0]
    assert admin.get(f"/api/v1/audit/{one['id']}").body == one
    assert admin.get("/api/v1/audit/0").problem[1] == "entry_not_found"


def test_a_change_made_in_view_of_another_state_is_refused(admin: Program) -> None:
    admin.put("/api/v1/segments/known", {"rule": [{"attribute": "name", "known": True}]})
    seen = admin.get("/api/v1/segments/known").response["ETag"]
    admin.put("/api/v1/segments/known", {"rule": [{"attribute": "name", "known": False}]})

    late = admin.put(
        "/api/v1/segments/known",
        {"rule": [{"attribute": "email", "known": True}]},
        match=seen,
    )

    assert late.problem[:2] == (412, "precondition_failed")


@pytest.mark.parametrize(
    "path",
    (
        "attributes hooks hook-runs deliveries secrets providers providers/kinds waterfalls "
        "purposes questions questions/manners segments audit audit/export"
    ).split(),
)
def test_a_key_without_the_scope_reads_nothing(program: Program, path: str) -> None:
    assert program.get(f"/api/v1/{path}").problem[:2] == (403, "insufficient_scope")


def test_a_moment_with_an_odd_offset_is_one_too(admin: Program) -> None:
    assert admin.get("/api/v1/audit", since="2026-02-04T21:57:35+16:12").status == 200
    far = admin.get("/api/v1/hook-runs", since="0001-01-01T00:00:00+14:00")
    assert far.problem[:2] == (422, "invalid_request")


@pytest.mark.parametrize("host", ["①②⑦.0.0.1:9114", "dömäin.example", "127。0。0。1"])
def test_a_webhook_s_host_is_written_in_ascii(admin: Program, host: str) -> None:
    hook = {"name": "w", "events": ["user.pre_create"], "url": f"http://{host}/wh"}

    answer = admin.post("/api/v1/hooks", hook)

    assert answer.status == 422
    assert "with its host in ASCII" in answer.body["detail"]
    assert not Hook.objects.exists()


def test_no_program_sends_a_secret_somewhere_that_may_not_set_one(
    admin: Program, key: Callable[..., tuple[ApiKey, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_TOKEN", "of-the-machine")
    admin.put("/api/v1/secrets/STORED", {"value": "s3cret"})
    narrow = Program(key("narrow", "enrichment:write", "enrichment:read")[1])

    def entry(name: str, url: str = "https://crm.example/?e={email}") -> dict[str, Any]:
        query = {"a": f"${{{name}}}"} if name else {}
        return {"kind": "http", "url": url, "query": query, "outputs": {"nickname": "$.a"}}

    for name in ("STORED", "CRM_TOKEN", "DATABASE_URL", "BURNISH_SECRET_KEY", "PATH"):
        refused = narrow.put("/api/v1/providers/crm", entry(name))
        assert refused.problem[:2] == (403, "insufficient_scope"), name
    for name in ("CRM_TOKEN", "DATABASE_URL", "BURNISH_SECRET_KEY", "PATH"):
        assert admin.put("/api/v1/providers/crm", entry(name)).status == 422, name
    assert narrow.put("/api/v1/providers/plain", entry("")).status == 201
    assert admin.put("/api/v1/providers/crm", entry("STORED")).status == 201
    assert narrow.put("/api/v1/providers/crm", entry("STORED")).status == 200
    moved = narrow.put("/api/v1/providers/crm", entry("STORED", "https://eve.example/?e={email}"))
    assert moved.problem[:2] == (403, "insufficient_scope")


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "BURNISH_SECRET_KEY", "burnish_mail_url", "PGPASSWORD"]
)
def test_the_services_own_variables_are_no_secrets_of_providers(
    db: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("CRM_TOKEN", "of-the-machine")

    assert store.secret(name) is None
    assert store.secret("CRM_TOKEN") == "of-the-machine"
