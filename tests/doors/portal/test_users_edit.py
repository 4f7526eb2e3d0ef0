"""User management > Users > Edit profile."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.doors.portal.conftest import text

from burnish.profiles.fact import Fact
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, Profile, StandardAttribute

pytestmark = pytest.mark.django_db
OPEN = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
READ_ONLY = {"end_user": "hidden", "bearer": "hidden", "portal_ui": "readonly"}

Define = Callable[..., CustomAttribute]


@pytest.fixture
def ada() -> User:
    user = User.objects.create(email="ada@nordlake.example")
    Profile.objects.create(user=user)
    return user


@pytest.fixture
def define(db: None) -> Define:
    """Define attributes the user may write too: `define("seats", "integer", maximum=50)`."""

    def attribute(name: str, type: str = "string", **options: Any) -> CustomAttribute:
        options = {"pointer": f"/{name}", "type": type, "access": OPEN} | options
        return CustomAttribute.objects.create(**options)

    return attribute


def say(user: User, attribute: CustomAttribute, value: Any, source: str = "hook:geo") -> None:
    now = timezone.now()
    store.say(user.pk, [Fact("custom", attribute.id, value, source, now)], now, store.schema())


def url(user: User) -> str:
    return f"/portal/identity/user/{user.pk}/profile/"


def opened(portal: Client, user: User) -> dict[str, Any]:
    """Return what a browser would post back untouched."""
    return untouched(portal.get(url(user)))


def untouched(response: HttpResponse) -> dict[str, Any]:
    """Return what a browser posts of the form on a page."""
    posted: dict[str, Any] = {}
    form = response.context["form"]
    for field in form:
        value = field.value()
        if isinstance(value, dict):
            posted |= {f"{field.html_name}-{part}": text for part, text in value.items()}
        elif value not in (None, False):
            posted[field.html_name] = "on" if value is True else value
    return posted


def save(portal: Client, user: User, form: dict[str, Any], **changes: Any) -> HttpResponse:
    """Post a form with changes: `value_city="Lyon"` for the field `value-city`."""
    named = {name.replace("_", "-", 1): value for name, value in changes.items()}
    return portal.post(url(user), {**form, **named}, follow=True)


def values(user: User) -> dict[str, Any]:
    """Return the custom attributes by name."""
    stored, schema = store.of(user.pk), store.schema()
    return {schema.by_id[key].name: value for key, value in stored.custom.items()}


def test_only_what_was_changed_is_written_as_an_administrators_word(
    portal: Client, administrator: User, ada: User, define: Define
) -> None:
    city, seats = define("city"), define("seats", "integer")
    say(ada, city, "Lyon")
    say(ada, seats, 5)

    page = text(save(portal, ada, opened(portal, ada), value_seats="12"))

    assert "Saved." in page
    assert values(ada) == {"city": "Lyon", "seats": 12}
    facts = store.of(ada.pk).facts["custom"]
    assert set(facts[city.id]) == {"hook:geo"}
    assert set(facts[seats.id]) == {"hook:geo", "admin"}
    assert {line.by for line in store.history(ada.pk)} == {None, administrator.pk}


def test_the_audit_log_names_the_attributes_and_never_the_values(
    portal: Client, administrator: User, ada: User, define: Define
) -> None:
    define("city")

    save(portal, ada, opened(portal, ada), value_city="Lyon", lock_city="on")

    entry = Entry.objects.get(subject_kind="profile")
    assert (entry.door, entry.actor_id, entry.action) == ("portal", administrator.pk, "changed")
    assert entry.subject_id == str(ada.pk)
    assert entry.detail == {"attributes": ["city"], "locked": ["city"]}


def test_saving_an_untouched_form_writes_nothing(portal: Client, ada: User, define: Define) -> None:
    for name, type, value in (
        ("text", "string", "two\nlines"),
        ("moment", "datetime", "2026-03-04T05:06:07.5+02:00"),
        ("tags", "string_list", ["a", "b"]),
        ("share", "number", 0.1),
        ("paid", "boolean", False),
    ):
        say(ada, define(name, type), value)
    before = store.of(ada.pk).version

    page = text(save(portal, ada, opened(portal, ada)))

    assert "Nothing was changed." in page
    assert store.of(ada.pk).version == before
    assert not Entry.objects.filter(door="portal").exists()


def test_an_emptied_field_deletes_the_value(portal: Client, ada: User, define: Define) -> None:
    say(ada, define("city"), "Lyon")

    save(portal, ada, opened(portal, ada), value_city="")

    assert values(ada) == {}


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(
    portal: Client, ada: User, define: Define
) -> None:
    define("city")
    define("seats", "integer", maximum=50)
    define("share", "number")
    say(ada, define("region"), "Rhône", "user")

    response = save(
        portal,
        ada,
        opened(portal, ada),
        value_city="Lyon",
        value_seats="51",
        value_share="half",
        lock_share="on",
        value_region="Skåne",
    )

    page = text(response)
    assert "Nothing was saved yet" in page
    assert "Must be at most 50. Lock Seats" in page
    assert "Must be a number. Lock Share" in page
    assert "their word holds unless you lock yours. Lock Region" in page
    assert response.context["form"]["value-share"].value() == "half"
    assert values(ada) == {"region": "Rhône"}
    assert not Entry.objects.exists()


def test_the_users_own_word_is_beaten_only_by_a_locked_one_and_holds_again_when_unlocked(
    portal: Client, ada: User, define: Define
) -> None:
    city = define("city")
    say(ada, city, "Paris", "user")

    refused = save(portal, ada, opened(portal, ada), value_city="Lyon")
    assert "their word holds unless you lock yours." in text(refused)
    assert values(ada) == {"city": "Paris"}

    save(portal, ada, opened(portal, ada), value_city="Lyon", lock_city="on")
    assert values(ada) == {"city": "Lyon"}

    form = opened(portal, ada)
    del form["lock-city"]
    save(portal, ada, form)
    assert values(ada) == {"city": "Paris"}


def test_what_somebody_else_changed_meanwhile_is_shown_and_nothing_typed_is_lost(
    portal: Client, ada: User, define: Define
) -> None:
    city, seats, plan = define("city"), define("seats", "integer"), define("plan")
    form = opened(portal, ada)
    say(ada, city, "Lund")
    say(ada, plan, "pro")

    response = save(portal, ada, form, value_city="Lyon", value_seats="12")

    page = text(response)
    assert "Somebody else changed this profile meanwhile, so nothing was saved." in page
    assert "Somebody else changed this meanwhile; it is now Lund." in page
    assert page.count("Somebody else changed this meanwhile;") == 1
    assert values(ada) == {"city": "Lund", "plan": "pro"}
    again = untouched(response)
    assert (again["value-city"], again["value-seats"], again["value-plan"]) == ("Lyon", "12", "pro")
    assert "Saved." in text(save(portal, ada, again))
    assert values(ada) == {"city": "Lyon", "seats": 12, "plan": "pro"}
    assert set(store.of(ada.pk).facts["custom"][plan.id]) == {"hook:geo"}
    assert set(store.of(ada.pk).facts["custom"][seats.id]) == {"admin"}


def test_what_somebody_else_changed_elsewhere_is_kept_and_is_no_conflict(
    portal: Client, ada: User, define: Define
) -> None:
    city = define("city")
    define("seats", "integer")
    form = opened(portal, ada)
    say(ada, city, "Lund")

    page = text(save(portal, ada, form, value_seats="12"))

    assert "Saved." in page
    assert values(ada) == {"city": "Lund", "seats": 12}


def test_an_address_is_edited_in_its_parts(portal: Client, ada: User) -> None:
    StandardAttribute.objects.create(name="address", access=OPEN)

    form = opened(portal, ada) | {"value-address-locality": "Lyon", "value-address-country": "FR"}
    save(portal, ada, form)

    assert store.of(ada.pk).standard == {"address": {"locality": "Lyon", "country": "FR"}}
    assert 'value="Lyon"' in portal.get(url(ada)).content.decode()


def test_what_the_portal_may_not_write_has_no_field_and_cannot_be_forged(
    portal: Client, ada: User, define: Define
) -> None:
    define("score", access=READ_ONLY)
    form = opened(portal, ada)

    page = text(save(portal, ada, form, value_score="ninety", value_email="x@y.example"))

    assert "value-score" not in form
    assert "Nothing was changed." in page
    assert values(ada) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"base_version": ""},
        {"base_version": "-1"},
        {"base_version": "9" * 400},
        {"shown": "[" * 100_000},
        {"shown": '{"value-address": 3, "value-city": {"a": []}, "lock-city": "x"}'},
        {"shown": "null"},
        {"value-city": "x\x00y"},
        {"value-seats": "9" * 5000},
        {"value-seats": "NaN"},
        {"value-seats": "1e999"},
        {"value-moment": "9999-99-99T99:99"},
        {"value-tags": "a\r\na"},
        {"value-paid": "perhaps"},
    ],
)
def test_odd_forms_are_no_error(
    changes: dict[str, str], portal: Client, ada: User, define: Define
) -> None:
    for name, type in (
        ("city", "string"),
        ("seats", "integer"),
        ("moment", "datetime"),
        ("tags", "string_list"),
        ("paid", "boolean"),
    ):
        define(name, type)

    response = portal.post(url(ada), opened(portal, ada) | changes)

    assert response.status_code in (200, 302)
    assert values(ada) == {}


def test_a_form_without_its_hidden_fields_says_what_to_do(portal: Client, ada: User) -> None:
    page = text(portal.post(url(ada), {}))

    assert "The form arrived incomplete, so nothing was saved; please open it again." in page


def test_texts_of_values_and_help_are_not_markup(portal: Client, ada: User, define: Define) -> None:
    city = define("city", help_text="<i>Where?</i>", label="<u>City</u>")
    say(ada, city, '"><script>1</script>')

    page = portal.get(url(ada)).content.decode()

    assert "<script>1" not in page
    assert "<i>Where" not in page
    assert "<u>City" not in page
    assert '"><script>1</script>' in unescape(page)


def test_only_administrators_edit_profiles(client: Client, ada: User) -> None:
    client.force_login(ada)

    assert client.get(url(ada)).status_code in (302, 403)
    assert client.post(url(ada), {}).status_code in (302, 403)
