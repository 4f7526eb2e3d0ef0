"""Progressive profiling > Manners: how much people are asked."""

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.questions import store
from burnish_server.questions.models import Manners

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/portal/questions/manners/"
GOOD = {"per_login": "1", "cooldown_days": "0.5", "most_asked": "5", "first_logins": "2"}


def test_manners_are_shown_saved_and_noted(portal: Client) -> None:
    assert 'value="7"' in portal.get(PAGE).content.decode()

    assert portal.post(PAGE, GOOD)["Location"] == PAGE

    manners = store.asked().manners
    assert (manners.per_login, manners.cooldown_days, manners.most_asked) == (1, 0.5, 5)
    assert manners.first_logins == 2
    entry = Entry.objects.get()
    assert (entry.subject_kind, entry.detail["before"]["per_login"]) == ("manners", 2)
    portal.post(PAGE, GOOD)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"per_login": "11"}, "less than or equal to 10"),
        ({"per_login": "-1"}, "greater than or equal to 0"),
        ({"per_login": "two"}, "whole number"),
        ({"cooldown_days": "-0.1"}, "greater than or equal to 0"),
        ({"cooldown_days": "nan"}, "Enter a number"),
        ({"cooldown_days": "4000"}, "less than or equal to 3650"),
        ({"most_asked": "0"}, "greater than or equal to 1"),
        ({"most_asked": ""}, "This field is required"),
        ({"first_logins": "9" * 40}, "less than or equal to"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_saved(
    portal: Client, bad: dict[str, str], words: str
) -> None:
    page = text(portal.post(PAGE, {**GOOD, **bad}))

    assert words in page
    assert not Manners.objects.exists()


def test_an_empty_form_is_refused(portal: Client) -> None:
    assert text(portal.post(PAGE, {})).count("This field is required") == 4


def test_who_is_no_administrator_has_no_business_here(client: Client) -> None:
    client.force_login(User.objects.create(email="help@staff.example", is_staff=True))

    assert client.post(PAGE, GOOD).status_code == 403
    assert not Manners.objects.exists()
