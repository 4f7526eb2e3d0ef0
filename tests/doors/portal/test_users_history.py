"""User management > Users > History."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import NOTHING, Fact
from burnish_server.identity.models import User
from burnish_server.portal import timeline
from burnish_server.profiles import store
from burnish_server.profiles.edit import Edit, edit
from burnish_server.profiles.models import CustomAttribute

OPEN = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create(email="ada@nordlake.example")


def history(portal: Client, user: User, page: object = 1) -> str:
    return text(portal.get(f"/portal/identity/user/{user.pk}/history/", {"page": page}))


def test_the_history_tells_what_was_said_by_day_the_latest_first(
    portal: Client, administrator: User, ada: User
) -> None:
    city = CustomAttribute.objects.create(pointer="/city", type="string", access=OPEN)
    schema, day = store.schema(), timedelta(days=1)
    first = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    store.say(ada.pk, [Fact("custom", city.id, "Lyon", "hook:geo", first)], first, schema)
    edit(ada.pk, Edit({"city": "Paris"}, "end_user", "user"), {}, schema, first + day)
    edit(ada.pk, Edit({"city": NOTHING}, "end_user", "user"), {}, schema, first + 2 * day)
    said = Edit({"city": "Lund"}, "portal_ui", "admin", lock=True)
    edit(ada.pk, said, {}, schema, first + 3 * day, by=administrator.pk)

    page = history(portal, ada)

    told = [
        "6 March 2026 09:00:00 UTC City : Lund from an administrator (root@staff.example), locked",
        "5 March 2026 09:00:00 UTC City",
        "the user deleted what hook geo said",
        "withdrawn, was from the user",
        "4 March 2026 09:00:00 UTC City : Paris from the user",
        "3 March 2026 09:00:00 UTC City : Lyon from hook geo",
    ]
    assert [words for words in told if words not in page] == []
    days = [page.index(words) for words in (told[0], told[1], told[4], told[5])]
    assert days == sorted(days)


def test_what_is_hidden_from_the_portal_or_retired_is_not_in_the_history(
    portal: Client, ada: User
) -> None:
    hidden = {"end_user": "hidden", "bearer": "hidden", "portal_ui": "hidden"}
    score = CustomAttribute.objects.create(pointer="/score", type="string", access=hidden)
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    said = [Fact("custom", it.id, f"value of {it.name}", "user", now) for it in (score, city)]
    store.say(ada.pk, said, now, store.schema())

    assert "value of city" in history(portal, ada)
    CustomAttribute.objects.filter(pk=city.id).update(retired=True)

    assert "Nothing has been said of this user yet." in history(portal, ada)


def test_a_long_history_is_paged(
    portal: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "PAGE", 2)
    city = CustomAttribute.objects.create(pointer="/city", type="string")
    now = timezone.now()
    for number in range(3):
        at = now + timedelta(seconds=number)
        said = [Fact("custom", city.id, f"value {number}", "hook:geo", at)]
        store.say(ada.pk, said, at, store.schema())

    first, second = history(portal, ada), history(portal, ada, 2)

    assert [words in first for words in ("value 2", "value 1", "value 0")] == [True, True, False]
    assert [words in first for words in ("Newer", "Older")] == [False, True]
    assert [words in second for words in ("value 1", "value 0")] == [False, True]
    assert [words in second for words in ("Newer", "Older")] == [True, False]
    assert "Nothing further back." in history(portal, ada, 9)
    for odd in ("-1", "x", "9" * 50, "٣", ""):
        assert "value 2" in history(portal, ada, odd)


def test_the_history_of_nobody_is_not_found(portal: Client) -> None:
    nobody = "/portal/identity/user/00000000-0000-4000-8000-000000000000/history/"

    assert portal.get(nobody).status_code == 404
