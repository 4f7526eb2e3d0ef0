"""That somebody has tried too often is noted once a minute, and their address stands in no key."""

import pytest
from django.db import connection
from django.test import RequestFactory

from burnish_server.audit.models import Entry
from burnish_server.identity import audited

pytestmark = pytest.mark.django_db


def test_no_address_of_a_visitor_stands_in_the_cache() -> None:
    for address in ("198.51.100.7", "198.51.100.7", "198.51.100.8"):
        audited.limited(RequestFactory().get("/login/", REMOTE_ADDR=address), "")

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM identity_cache")
        kept = str(cursor.fetchall())
    assert "198.51.100" not in kept
    assert Entry.objects.filter(action="rate_limit.blocked").count() == 2
