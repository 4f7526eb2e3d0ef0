"""How many statements people cost who come in: none that says again what another has said."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.test import Client

from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def browser(client: Client) -> Client:
    """One that has been here before, so that what is kept in memory is there."""
    client.get("/login/")
    client.get("/signup/")
    return client


def test_a_page_on_which_nobody_is_known_takes_one(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    for page in ("/login/", "/signup/"):
        with django_assert_max_num_queries(1):
            assert browser.get(page).status_code == 200


def test_a_sign_up_takes_few(browser: Client, django_assert_max_num_queries: Any) -> None:
    said = {"email": "ada@example.com", "password1": PASSWORD}

    # Four of them begin and end the test's savepoints.
    with django_assert_max_num_queries(24):
        answer = browser.post("/signup/", said)

    assert answer.status_code == 302
    assert User.objects.filter(email="ada@example.com").exists()


def test_a_login_takes_few(browser: Client, django_assert_max_num_queries: Any) -> None:
    user = User.objects.create(email="ada@example.com", password=make_password(PASSWORD))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    with django_assert_max_num_queries(15):
        answer = browser.post("/login/", {"login": "ada@example.com", "password": PASSWORD})

    assert answer.url == "/settings/"
    assert browser.get("/settings/").status_code == 200
