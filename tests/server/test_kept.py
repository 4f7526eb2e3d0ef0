"""What is configured is read once, and again as soon as anybody changes it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from burnish_server.hooks import store as hooks
from burnish_server.hooks.models import Hook, Secret
from burnish_server.kept import one_look
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_schema_nobody_changed_is_not_read_again(
    attribute: Callable[..., CustomAttribute],
) -> None:
    attribute("city")

    assert store.schema() is store.schema()


def test_what_another_process_changed_is_seen_at_once(
    attribute: Callable[..., CustomAttribute],
) -> None:
    attribute("city")
    assert store.schema().by_name["city"].type == "string"

    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as other:
        other.execute("UPDATE profiles_customattribute SET type = 'email'")

    assert store.schema().by_name["city"].type == "email"


def test_a_hook_is_heard_no_more_once_it_is_disabled_or_its_secret_is_gone(
    hook: Callable[..., Hook],
) -> None:
    geo = hook("geo")
    secret = Secret.objects.create(name="KEY", sealed="")
    assert list(hooks.listening("user.pre_create")) == [geo.pk]
    before = hooks.listening("user.pre_create")[geo.pk]
    secret.hooks.add(geo)
    assert hooks.listening("user.pre_create")[geo.pk] is not before

    Hook.objects.update(enabled=False)

    assert hooks.listening("user.pre_create") == {}


def test_one_look_is_one_statement_for_all_that_pages_go_by(
    attribute: Callable[..., CustomAttribute], django_assert_num_queries: Any
) -> None:
    attribute("city")
    store.schema(), hooks.listening("user.pre_create")

    with django_assert_num_queries(1), one_look():
        store.schema(), hooks.listening("user.pre_create")

    CustomAttribute.objects.update(type="email")
    with one_look():
        assert store.schema().by_name["city"].type == "email"
