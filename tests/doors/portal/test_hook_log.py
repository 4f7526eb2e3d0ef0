"""Advanced > Hook log."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.doors.portal.conftest import text
from tests.doors.portal.test_hooks import ran

from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute

LOG = "/portal/hooks/run/"
SCRIPT = "export default () => {\n  throw new Error('down');\n};\n"


@pytest.fixture
def geo(hook: Callable[..., Hook]) -> Hook:
    """A hook that throws in its second line."""
    return hook("geo", SCRIPT)


def shown(portal: Client, run: Run) -> str:
    return text(portal.get(f"{LOG}{run.pk}/change/"))


def test_a_failure_shows_its_code_its_message_and_the_line_of_the_script(
    portal: Client, geo: Hook
) -> None:
    run = ran(geo, "failed", error_code="DenoRunError", error_message="Error: down", error_line=2)

    page = shown(portal, run)

    assert "DenoRunError , line 2 Error: down" in page
    assert "Line 2 of the script: throw new Error('down');" in page


def test_when_the_script_was_changed_since_the_page_says_so(portal: Client, geo: Hook) -> None:
    run = ran(geo, "failed", error_code="DenoRunError", error_line=2)
    geo.save()

    assert "as it is now; it was changed after this run" in shown(portal, run)


def test_the_log_outlives_its_hook(portal: Client, geo: Hook) -> None:
    run = ran(geo, "failed", error_code="DenoRunError", error_message="down", error_line=2)
    geo.delete()

    page = shown(portal, run)

    assert "geo (deleted since)" in page
    assert "throw new Error" not in page


def test_dropped_attributes_have_a_link_that_defines_them(portal: Client, geo: Hook) -> None:
    run = ran(geo, dropped=["city", "re&gion"])
    CustomAttribute.objects.create(pointer="/city", type="string")

    page = portal.get(f"{LOG}{run.pk}/change/").content.decode()

    assert "/portal/profiles/customattribute/add/?pointer=%2Fre%26gion" in page
    assert "<code>city</code> (defined since)" in page


@pytest.mark.parametrize("truncated", [True, False])
def test_console_output_is_shown_as_text_and_marked_where_it_was_cut(
    truncated: bool, portal: Client, geo: Hook
) -> None:
    run = ran(geo, console="<b>1</b>\n2", console_truncated=truncated)

    page = portal.get(f"{LOG}{run.pk}/change/").content.decode()

    assert "&lt;b&gt;1&lt;/b&gt;\n2" in page
    assert ("cut at 64 KiB" in page) is truncated


def test_a_run_leads_to_its_user_or_says_that_there_is_none(
    portal: Client, geo: Hook, administrator: User
) -> None:
    nobody = uuid4()

    with_user = portal.get(f"{LOG}{ran(geo, user_id=administrator.pk).pk}/change/")
    without = shown(portal, ran(geo, "denied", user_id=nobody))

    assert f"/portal/identity/user/{administrator.pk}/change/" in with_user.content.decode()
    assert f"{nobody}, there is no such user" in without


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"geo", "late"}),
        ("?outcome__exact=failed", {"late"}),
        ("?event=user.pre_create", {"geo", "late"}),
    ],
)
def test_the_log_is_filtered_by_outcome_and_event(
    query: str, expected: set[str], portal: Client, geo: Hook, hook: Callable[..., Hook]
) -> None:
    ran(geo)
    ran(hook("late"), "failed")

    response = portal.get(LOG + query)

    assert {run.hook_name for run in response.context["cl"].result_list} == expected


def test_the_log_is_filtered_by_hook(portal: Client, geo: Hook, hook: Callable[..., Hook]) -> None:
    ran(geo)
    ran(hook("late"))

    response = portal.get(f"{LOG}?hook__id__exact={geo.pk}")

    assert [run.hook_name for run in response.context["cl"].result_list] == ["geo"]


@pytest.mark.parametrize("way", ["add/", "{}/delete/"])
def test_nobody_writes_into_the_log(way: str, portal: Client, geo: Hook) -> None:
    run = ran(geo)

    response = portal.post(LOG + way.format(run.pk), {"post": "yes"})

    assert response.status_code == 403
    assert Run.objects.count() == 1


def test_a_long_log_takes_no_more_queries_than_a_short_one(
    portal: Client,
    geo: Hook,
    administrator: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(30):
        ran(geo, "failed", user_id=administrator.pk, error_code="X", error_message="down")

    with django_assert_max_num_queries(11):
        page = text(portal.get(LOG))

    assert page.count("root@staff.example") >= 30


def test_a_run_that_is_not_there_is_not_found(portal: Client) -> None:
    assert portal.get(f"{LOG}4711/change/").status_code == 404
