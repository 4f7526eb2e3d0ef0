"""How often something may be tried is counted once, however many processes serve."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from burnish_server.identity import limits, tasks
from burnish_server.identity.models import Limit, User

RATES = {"try": "3/m/key"}
PASSWORD = "correct horse battery"


def _request() -> HttpRequest:
    return RequestFactory(REMOTE_ADDR="198.51.100.4").post("/login/")


def _tried(key: str = "ada", rates: dict[str, str] = RATES) -> bool:
    taken = ratelimit.consume(_request(), app="test", action="try", config=rates, key=key)
    return taken is not None


@pytest.mark.django_db(transaction=True)
def test_connections_that_try_at_once_have_one_limit_together() -> None:
    def tried(_: int) -> bool:
        try:
            return _tried()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(tried, range(24)))

    assert passed == 3


@pytest.mark.django_db
def test_what_is_refused_uses_up_none_of_another_limit() -> None:
    rates = {"try": "2/m/key,5/h/key"}
    for _ in range(6):
        _tried(rates=rates)

    # As if two minutes had gone by.
    for one in Limit.objects.all():
        one.hits = [hit - 120 for hit in one.hits]
        one.save()

    assert [_tried(rates=rates) for _ in range(3)] == [True, True, False]
    assert {one.amount: len(one.hits) for one in Limit.objects.all()} == {2: 2, 5: 4}


@pytest.mark.django_db
def test_a_try_is_given_back_looked_at_and_forgotten() -> None:
    about = {"app": "test", "action": "try", "config": RATES, "key": "ada"}
    taken = [limits.consume(_request(), **about) for _ in range(3)]
    assert limits.consume(_request(), dry_run=True, **about) is None

    taken[0].rollback()

    assert limits.consume(_request(), dry_run=True, **about) is not None
    assert [_tried(), _tried()] == [True, False]
    limits.clear(_request(), **about)
    assert _tried()


@pytest.mark.django_db
def test_counts_name_nobody_and_go_when_they_are_over() -> None:
    _tried("ada@nordlake.example")
    assert "ada" not in Limit.objects.get().key

    tasks.prune_limits(0)
    assert Limit.objects.count() == 1
    Limit.objects.update(latest=0)
    tasks.prune_limits(0)
    assert not Limit.objects.exists()


@pytest.mark.django_db
def test_a_login_asks_three_times_of_a_table_that_waits_for_no_disk(client: Client) -> None:
    user = User(email="ada@nordlake.example")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    with CaptureQueriesContext(connection) as asked:
        client.post("/login/", {"login": user.email, "password": PASSWORD})

    counting = [one for one in asked.captured_queries if "identity_limit" in one["sql"]]
    assert len(counting) == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'identity_limit'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db
def test_a_code_of_an_authenticator_app_is_good_once_for_all_processes() -> None:
    cache.clear()
    user = User.objects.create(email="ada@nordlake.example")
    secret = generate_totp_secret()
    totp = TOTP.activate(user, secret)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    assert totp.validate_code(code)

    assert not totp.validate_code(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_cache")
        assert cursor.fetchone() == (1,)
