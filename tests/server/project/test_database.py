"""Pooled connections: asked whether they live only when in doubt."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from burnish_server.project.database import base

LAST = "SELECT query FROM pg_stat_activity WHERE pid = %s"

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled() -> Iterator[BaseDatabaseWrapper]:
    """Return the one connection of a pool that nobody else takes from."""
    other = connections["default"].copy("pooled")
    other.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
    other.inc_thread_sharing()
    yield other
    other.close()
    other.close_pool()


def test_one_that_was_given_back_just_now_is_used_without_asking(
    pooled: BaseDatabaseWrapper,
) -> None:
    first = _asked(pooled, "SELECT pg_backend_pid()")
    pooled.close()

    pooled.connect()

    assert pooled.connection.info.backend_pid == first
    assert _seen(LAST, first) == "SELECT pg_backend_pid()"


def test_one_that_rested_is_asked_whether_it_lives(
    pooled: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _asked(pooled, "SELECT pg_backend_pid()")
    pooled.close()
    monkeypatch.setattr(base, "RESTED_SECONDS", 0.0)

    pooled.connect()

    assert pooled.connection.info.backend_pid == first
    assert _seen(LAST, first) == ""


def test_one_that_the_server_has_ended_is_replaced_before_anybody_sees_it(
    pooled: BaseDatabaseWrapper,
) -> None:
    first = _asked(pooled, "SELECT pg_backend_pid()")
    pooled.close()
    assert _seen("SELECT pg_terminate_backend(%s, 5000)", first)

    second = _asked(pooled, "SELECT pg_backend_pid()")

    assert second != first


def _asked(pooled: BaseDatabaseWrapper, statement: str) -> object:
    with pooled.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _seen(statement: str, pid: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, [pid])
        return cursor.fetchone()[0]
