"""Who comes at the same moment with the same code or refresh token."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client as Browser
from tests.doors.oidc.conftest import Answer, App

pytestmark = pytest.mark.django_db(transaction=True)

Register = Callable[..., App]


def together(count: int, ask: Callable[[], Answer]) -> list[Answer]:
    """Return the answers to what is asked in so many threads at once."""
    ready = Barrier(count)

    def one() -> Answer:
        ready.wait()
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return [found.result() for found in [threads.submit(one) for _ in range(count)]]


def test_a_code_is_exchanged_once(browser: Browser, register: Register) -> None:
    app = register()
    code = app.code()

    got = [said for said in together(2, lambda: app.exchange(code)) if said.status == 200]

    assert len(got) <= 1
    for said in got:
        assert app.userinfo(said.body["access_token"]).status == 401


@pytest.mark.parametrize("kind", ["spa", "confidential"])
def test_five_tabs_that_refresh_at_once_are_all_answered(
    browser: Browser, register: Register, kind: str
) -> None:
    app = register(kind)
    tokens = app.log_in()

    said = together(5, lambda: app.refresh(tokens["refresh_token"]))

    assert [one.status for one in said] == [200] * 5
    assert len({one.body["access_token"] for one in said}) == 5
    assert len({one.body["refresh_token"] for one in said}) == 1
    for one in said:
        assert app.userinfo(one.body["access_token"]).status == 200
    assert app.refresh(said[0].body["refresh_token"]).status == 200
