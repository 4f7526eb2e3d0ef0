"""Advanced > Hooks: scripts are checked by the real Deno before they are stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.doors.portal.conftest import ALLOW, text

from burnish_server.hooks import checking
from burnish_server.hooks.models import Hook, Run
from burnish_server.portal.script import STARTER

ADD = "/portal/hooks/hook/add/"
LIST = "/portal/hooks/hook/"

MISTYPED = """export default async function (e: EventUserPreCreate): Promise<HookResponse> {
  const n: number = "not a number";
  return { is_allowed: n !== 1 };
}
"""
LOST_TYPE_ARGUMENT = """export default async function (e: EventUserPreCreate): Promise
{
  return { is_allowed: true };
}
"""


def typed(**fields: Any) -> dict[str, Any]:
    form = {
        "name": "geo",
        "event": "user.pre_create",
        "kind": "script",
        "script": ALLOW,
        "on_error": "deny",
        "isolation": "reuse",
        "enabled": "on",
    }
    return form | fields


def errors(response: HttpResponse) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def ran(hook: Hook, outcome: str = "allowed", **fields: Any) -> Run:
    return Run.objects.create(
        **{
            "hook": hook,
            "hook_name": hook.name,
            "event_type": hook.events[0],
            "event_seq": 1,
            "outcome": outcome,
            "duration_ms": 12.5,
            "started_at": timezone.now(),
        }
        | fields
    )


def test_a_new_hook_begins_with_a_free_name_and_a_script(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    hook("hook-1")
    hook("hook-3")

    initial = portal.get(ADD).context["adminform"].form.initial

    assert initial["name"] == "hook-2"
    assert "export default" in initial["script"]


@pytest.mark.django_db(transaction=True)
def test_the_script_a_hook_begins_with_is_without_fault(portal: Client) -> None:
    portal.post(ADD, typed(script=STARTER))

    hook = Hook.objects.get()
    assert (hook.script, hook.problems) == (STARTER, [])


@pytest.mark.django_db(transaction=True)
def test_a_script_is_stored_to_the_letter_with_line_feeds(portal: Client) -> None:
    source = "\r\n  // Ünïcödé ✨\r\nexport default () => ({ is_allowed: true });\r\r\n\t"

    portal.post(ADD, typed(script=source))

    stored = "\n  // Ünïcödé ✨\nexport default () => ({ is_allowed: true });\n\n\t"
    assert Hook.objects.get().script == stored


@pytest.mark.django_db(transaction=True)
def test_a_script_that_does_not_parse_is_refused_with_line_and_column(portal: Client) -> None:
    broken = "export default () => {\n  return { is_allowed: true ;\n}\n"

    response = portal.post(ADD, typed(script=broken))

    assert errors(response)["script"][0].startswith("line 2, column 29: ")
    assert broken in response.context["adminform"].form["script"].value()
    assert not Hook.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_script_whose_types_do_not_fit_is_saved_with_warnings_by_line(portal: Client) -> None:
    response = portal.post(ADD, typed(script=MISTYPED), follow=True)

    hook = Hook.objects.get()
    assert response.redirect_chain[-1][0] == f"{LIST}{hook.pk}/change/"
    page = text(response)
    assert "The script was saved and will run, but the type checker warns" in page
    assert "line 2, column 9 : Type 'string' is not assignable to type 'number'." in page
    assert [(problem["line"], problem["severity"]) for problem in hook.problems] == [(2, "warning")]


@pytest.mark.django_db(transaction=True)
def test_a_return_type_that_lost_its_argument_is_no_reason_to_refuse(portal: Client) -> None:
    portal.post(ADD, typed(script=LOST_TYPE_ARGUMENT))

    hook = Hook.objects.get()
    assert hook.script == LOST_TYPE_ARGUMENT
    assert {problem["severity"] for problem in hook.problems} == {"warning"}


@pytest.mark.django_db(transaction=True)
def test_mending_a_script_takes_its_warnings_away(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    warning = {"line": 1, "column": 1, "message": "Cannot find name.", "severity": "warning"}
    geo = hook("geo", MISTYPED, problems=[warning])

    response = portal.post(f"{LIST}{geo.pk}/change/", typed())

    geo.refresh_from_db()
    assert response["Location"] == LIST
    assert (geo.script, geo.problems) == (ALLOW, [])


def test_a_script_longer_than_100_kib_is_refused(portal: Client) -> None:
    long = ALLOW + "// " + "é" * 51_200

    response = portal.post(ADD, typed(script=long))

    assert errors(response)["script"] == ["The script is longer than 100 KiB; make it shorter."]


@pytest.mark.django_db(transaction=True)
def test_without_a_checker_the_script_is_saved_and_the_page_says_it_was_not_checked(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHECK_SECONDS", 0.0001)

    response = portal.post(ADD, typed(), follow=True)

    assert Hook.objects.get().script == ALLOW
    assert "The script was saved, but it could not be checked" in text(response)


@pytest.mark.parametrize("name", ["", "two words", "ä", "x" * 61])
@pytest.mark.django_db(transaction=True)
def test_a_name_is_short_and_plain(name: str, portal: Client) -> None:
    response = portal.post(ADD, typed(name=name))

    assert list(errors(response)) == ["name"]


@pytest.mark.django_db(transaction=True)
def test_two_hooks_of_one_name_are_refused(portal: Client, hook: Callable[..., Hook]) -> None:
    hook("geo")

    response = portal.post(ADD, typed())

    assert errors(response)["name"] == ["There is a hook of this name already."]


def test_the_form_says_in_a_line_each_what_happens_when_a_hook_fails(portal: Client) -> None:
    page = text(portal.get(ADD))

    assert "Deny: a failing hook stops the operation, so nothing passes unchecked" in page
    assert "Allow: a failing hook is noted in the log and the operation goes on" in page


def test_what_the_checker_said_cannot_break_out_of_the_page(
    portal: Client, hook: Callable[..., Hook]
) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    problem = {"line": 1, "column": 1, "message": evil, "severity": "warning"}
    geo = hook("geo", f"// {evil}\n{ALLOW}", problems=[problem])

    page = portal.get(f"{LIST}{geo.pk}/change/").content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_hooks_page_shows_its_recent_runs(portal: Client, hook: Callable[..., Hook]) -> None:
    geo = hook("geo")
    ran(geo, "failed", error_code="DenoRunError", error_message="Error: down", error_line=3)

    page = text(portal.get(f"{LIST}{geo.pk}/change/"))

    assert "geo user.pre_create Failed 12.5 ms line 3: Error: down" in page


def test_the_list_shows_the_last_run_of_each_hook_at_no_query_more_for_many(
    portal: Client,
    hook: Callable[..., Hook],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        configured = hook(f"geo-{number}")
        ran(configured, "denied", duration_ms=2500)

    with django_assert_max_num_queries(6):
        page = text(portal.get(LIST))

    assert page.count("Denied") == 20
    assert page.count("2.5 s") == 40
