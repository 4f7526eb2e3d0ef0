"""Two who come at the same moment with the same code or token: at most one gets anything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client as Browser
from tests.doors.oidc.conftest import Answer, App

pytestmark = pytest.mark.django_db(transaction=True)

Register = Callable[..., App]


def twice(ask: Callable[[], Answer]) -> list[Answer]:
    """Return both answers to what is asked in two threads at once."""
    ready = Barrier(2)

    def one() -> Answer:
        ready.wait()
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return [found.result() for found in (threads.submit(one), threads.submit(one))]


def test_a_code_is_exchanged_once(browser: Browser, register: Register) -> None:
    app = register()
    code = app.code()

    got = [said for said in twice(lambda: app.exchange(code)) if said.status == 200]

    assert len(got) <= 1
    for said in got:
        assert app.userinfo(said.body["access_token"]).status == 401


def test_a_refresh_token_is_exchanged_once(browser: Browser, register: Register) -> None:
    app = register()
    tokens = app.log_in()

    both = twice(lambda: app.refresh(tokens["refresh_token"]))
    got = [said for said in both if said.status == 200]

    assert len(got) <= 1
    for said in got:
        assert app.refresh(said.body["refresh_token"]).status == 400
    assert app.userinfo(tokens["access_token"]).status == 401
