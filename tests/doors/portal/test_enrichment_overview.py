"""Enrichment > Overview: charts that say in words what they show, and the last lookups."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import Fact
from burnish_server.enrichment.models import Fill, Gauge, Lookup, Provider
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portal/enrichment/lookup/"
Configure = Callable[..., Provider]


def looked(provider: str, outcome: str = "found", hours: float = 1, **more: Any) -> Lookup:
    at = timezone.now() - timedelta(hours=hours)
    more = {"asked": outcome != "skipped", **more}
    return Lookup.objects.create(provider=provider, outcome=outcome, at=at, **more)


def test_without_anything_the_page_says_what_to_do(portal: Client) -> None:
    page = text(portal.get(PAGE))

    assert "Lookups There were none." in page
    assert "There is none yet: add one ." in page


def test_each_provider_has_its_hit_rate_times_kept_answers_and_spend(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="k", limits={"day_budget": "5", "month_budget": "50"})
    today = timezone.now()
    Gauge.objects.create(
        provider="ipgeolocation",
        state={
            "day": f"{today:%Y-%m-%d}",
            "day_spend": "4.5",
            "month": f"{today:%Y-%m}",
            "month_spend": "10",
        },
    )
    for ms in (100.0, 200.0, 300.0):
        looked("ipgeolocation", ms=ms, cost="0.5")
    looked("ipgeolocation", "miss", ms=100.0)
    looked("ipgeolocation", kept="fresh", asked=False)
    looked("ipgeolocation", "failed", reason="timeout", ms=900.0)
    looked("ipgeolocation", "skipped", reason="over_budget")
    looked("ipgeolocation", hours=48)

    response = portal.get(PAGE)
    page = text(response)

    assert "ipgeolocation 60 % 3 of 5 asked, 1 failed, 1 left 200.0 ms 780.0 ms 17 %" in page
    assert "1.50 Today 4.50 of 5.00 This month 10.00 of 50.00" in page
    assert "Errors ipgeolocation: timeout 1" in page
    assert "Not asked, because ipgeolocation: over budget 1" in page
    assert "4 of 6 asked, 1 failed, 1 left" in text(portal.get(f"{PAGE}?window=7d"))


def test_charts_have_a_text_for_who_does_not_see_them(portal: Client, provider: Configure) -> None:
    provider("ipgeolocation", api_key="k")
    looked("ipgeolocation")
    looked("ipgeolocation", "miss")
    looked("ipgeolocation", hours=5)

    html = portal.get(PAGE).content.decode()

    charts = re.findall(r"<svg [^>]*>", html)
    shown = [svg for svg in charts if "aria-hidden" not in svg and "portal-" in svg]
    assert len(shown) >= 3
    assert all('role="img"' in svg and 'aria-label="' in svg for svg in shown)
    assert "3 lookups in the last 24 hours, 2 at most in one column" in html
    assert re.search(r"<title>[\d :-]+: 1 found, 1 missed, 0 failed, 0 kept already</title>", html)


def test_fill_rates_are_shown_over_time_and_now(
    portal: Client, attribute: Callable[..., CustomAttribute]
) -> None:
    city, now = attribute("city"), timezone.now()
    for number in range(4):
        user = User.objects.create(email=f"user{number}@nordlake.example")
        facts = [Fact("standard", "email", user.email, "user", now)]
        if number < 2:
            source = "provider:ipgeolocation" if number else "user"
            facts.append(Fact("custom", city.id, "Lyon", source, now, 0.8 if number else 1.0))
        store.say(user.pk, facts, now, store.schema())
    yesterday = now.date() - timedelta(days=1)
    Fill.objects.create(day=yesterday, group="custom", key=city.id, users=4, filled=1, enriched=0)

    page = portal.get(PAGE)

    assert "50 % 25 %" in text(page)
    words = f"Filled: 25 % on {yesterday}, 50 % on {now.date()}; by providers: 0 %, then 25 %"
    assert words in page.content.decode()


def test_the_last_lookups_hold_no_value_lead_to_the_user_and_can_be_filtered(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="k")
    ada = User.objects.create(email="ada@nordlake.example")
    looked("ipgeolocation", user_id=ada.pk, gave=["city"], cost="0.002", ms=12.3)
    looked("hunter_person", "failed", reason="unavailable", detail="it answered 503", ms=5.0)
    looked("ipgeolocation", "miss", user_id="00000000-0000-0000-0000-000000000001")

    def rows(query: str = "") -> list[dict[str, Any]]:
        return list(portal.get(f"{PAGE}{query}").context["lookups"])

    html = portal.get(PAGE).content.decode()
    assert f"/portal/identity/user/{ada.pk}/change/" in html
    page = text(portal.get(PAGE))
    assert "ipgeolocation found city 12.3 ms 0.002 -" in page
    assert "failed unavailable it answered 503 - 5.0 ms" in page
    assert "deleted since" in page
    assert len(rows()) == 3
    assert [row["provider"] for row in rows("?provider=hunter_person")] == ["hunter_person"]
    assert [row["outcome"] for row in rows("?provider=ipgeolocation&outcome=miss")] == ["miss"]


def test_a_hundred_are_listed_and_no_more(portal: Client) -> None:
    Lookup.objects.bulk_create(Lookup(provider="acme", outcome="miss") for _ in range(101))

    assert len(portal.get(PAGE).context["lookups"]) == 100


@pytest.mark.parametrize(
    "query",
    ["?window=year", "?provider=%00", "?provider=" + "x" * 500, "?outcome=' OR 1", "?window=&p=z"],
)
def test_odd_queries_are_no_trouble(portal: Client, query: str) -> None:
    looked("ipgeolocation")

    assert portal.get(PAGE + query).status_code == 200


def test_a_lookup_has_no_page_of_its_own(portal: Client) -> None:
    one = looked("ipgeolocation")

    assert portal.get(f"{PAGE}{one.pk}/change/").status_code == 403
    assert portal.get(f"{PAGE}add/").status_code == 403
    assert portal.post(f"{PAGE}{one.pk}/delete/", {"post": "yes"}).status_code == 403
