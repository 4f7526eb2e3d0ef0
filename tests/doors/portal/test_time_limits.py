"""Advanced > Time limits."""

from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.hooks.models import TimeLimits

PAGE = "/portal/hooks/timelimits/1/change/"


def test_the_navigation_leads_straight_to_the_form_with_the_defaults(portal: Client) -> None:
    response = portal.get("/portal/hooks/timelimits/", follow=True)

    form = response.context["adminform"].form
    assert response.redirect_chain[-1][0] == PAGE
    assert (form["hook_seconds"].value(), form["event_seconds"].value()) == (5, 10)


def test_limits_are_stored_once_however_often_they_change(portal: Client) -> None:
    for seconds in ("2", "3"):
        portal.post(PAGE, {"hook_seconds": seconds, "event_seconds": "8", "deferred_seconds": "1"})

    assert TimeLimits.objects.get().hook_seconds == 3


def test_a_limit_of_no_time_is_refused(portal: Client) -> None:
    response = portal.post(
        PAGE, {"hook_seconds": "0", "event_seconds": "8", "deferred_seconds": "1"}
    )

    assert "greater than or equal to 0.1" in text(response)
    assert not TimeLimits.objects.exists()
