"""User management > Users: the list, its search, filters and columns."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.doors.portal.conftest import text

from burnish_server.identity.models import User
from burnish_server.portal import paging
from burnish_server.profiles.models import CustomAttribute, Profile

LIST = "/portal/identity/user/"


def person(email: str, custom: dict[str, Any] | None = None, **options: Any) -> User:
    """Make a user with a profile."""
    user = User.objects.create(email=email, **options)
    Profile.objects.create(user=user, custom=custom or {})
    return user


def shown(response: HttpResponse) -> list[str]:
    """Return the e-mail addresses in the list, in its order."""
    return [user.email for user in response.context["cl"].result_list]


def test_the_list_is_searched_by_any_indexed_attribute(portal: Client) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string", indexed=True)
    ada = person("ada@a.example", {city.id: "Lyon"})
    person("bob@a.example", {city.id: "Lund"})

    for query in ("ADA@", "lyo", "city=lyon", str(ada.pk)):
        assert shown(portal.get(LIST, {"q": query})) == ["ada@a.example"]
    assert shown(portal.get(LIST, {"q": "city:l"})) == ["bob@a.example", "ada@a.example"]
    assert shown(portal.get(LIST, {"q": str(ada.pk)[:8]})) == []


def test_a_search_that_cannot_be_made_says_why(portal: Client) -> None:
    CustomAttribute.objects.create(pointer="/city", type="string")

    page = text(portal.get(LIST, {"q": "city:lyon"}))

    assert "city cannot be searched by: it is not indexed." in page


def test_odd_queries_are_no_error(portal: Client) -> None:
    queries = [
        "%",
        "'",
        "\\",
        "a:b:c",
        "\x00",
        "\ud800".encode("utf-8", "surrogatepass"),
        "x" * 9999,
    ]

    assert [portal.get(LIST, {"q": query}).status_code for query in queries] == [200] * 7


def test_the_list_is_filtered_by_when_users_were_created(portal: Client) -> None:
    now = timezone.now()
    for days in (0, 5, 20, 800):
        person(f"{days}@a.example", created_at=now - timedelta(days=days))
    User.objects.filter(is_staff=True).delete()
    portal.force_login(User.objects.create(email="r@a.example", is_staff=True, is_superuser=True))

    def found(created: str) -> set[str]:
        return set(shown(portal.get(LIST, {"created": created}))) - {"r@a.example"}

    assert found("today") == {"0@a.example"}
    assert found("week") == {"0@a.example", "5@a.example"}
    assert found("month") == {"0@a.example", "5@a.example", "20@a.example"}
    assert "800@a.example" not in found("year")


@pytest.mark.parametrize("created", ["never", "before", "before x y", "before 2026-01-01 \x00"])
def test_a_filter_nobody_offered_leads_back_to_the_whole_list(created: str, portal: Client) -> None:
    response = portal.get(LIST, {"created": created})

    assert response.headers["Location"] == f"{LIST}?e=1"


def test_a_long_list_is_not_counted_to_its_end_and_goes_on_after_its_last_page(
    portal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "CAP", 100)
    at = timezone.now() - timedelta(days=1)
    # All at the same moment, as an import makes them.
    User.objects.bulk_create(User(email=f"u{n}@a.example", created_at=at) for n in range(230))

    seen, query = [], {"q": ""}
    while query:
        first = portal.get(LIST, query)
        further = range(2, first.context["cl"].paginator.num_pages + 1)
        pages = [first, *(portal.get(LIST, {**query, "p": number}) for number in further)]
        seen += [email for page in pages for email in shown(page)]
        query = dict(parse_qsl(urlsplit(pages[-1].context["cl"].onward).query))

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE identity_user")
    assert "More than 100 users, about 231 in all" in text(portal.get(LIST))
    assert len(seen) == len(set(seen)) == 231


def test_few_users_are_counted_exactly(portal: Client) -> None:
    person("ada@a.example")

    assert "2 users" in text(portal.get(LIST))
    assert paging.roughly(User) == 2


def test_attributes_are_chosen_as_columns_and_stay_chosen(portal: Client) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    person("ada@a.example", {city.id: "Lyon " + "x" * 200})

    back = portal.post(f"{LIST}columns/", {"column": ["city", "secret"], "query": "q=ada&o=1"})

    assert back.headers["Location"] == f"{LIST}?q=ada&o=1"
    page = text(portal.get(LIST))
    assert "City" in page
    assert f"Lyon {'x' * 74}…" in page
    assert 'value="city" checked' in portal.get(LIST).content.decode()
    portal.post(f"{LIST}columns/", {"query": ""})
    assert "Lyon" not in text(portal.get(LIST))


def test_what_the_portal_may_not_see_or_is_sensitive_is_no_column(portal: Client) -> None:
    hidden = {"end_user": "hidden", "bearer": "hidden", "portal_ui": "hidden"}
    score = CustomAttribute.objects.create(pointer="/score", type="string", access=hidden)
    tax = CustomAttribute.objects.create(pointer="/tax_id", type="string", sensitive=True)
    person("ada@a.example", {score.id: "ninety", tax.id: "T-1"})

    portal.post(f"{LIST}columns/", {"column": ["score", "tax_id", "name"]})

    page = portal.get(LIST).content.decode()
    assert "ninety" not in page
    assert "T-1" not in page
    assert 'value="score"' not in page


def test_many_users_and_columns_take_no_more_queries_than_few(
    portal: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        person(f"u{number}@people.example")
    portal.post(f"{LIST}columns/", {"column": ["email", "given_name"]})

    with django_assert_max_num_queries(6):
        page = text(portal.get(LIST))

    assert page.count("@people.example") >= 40
