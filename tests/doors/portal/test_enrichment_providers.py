"""Enrichment > Providers: added by their kind's settings, changed, switched off, removed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.doors.portal.conftest import text

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.enrichment.providers import kinds
from burnish_server.audit.models import Entry
from burnish_server.enrichment import store
from burnish_server.enrichment.models import Gauge, Kept, Provider, Waterfall
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Secret

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/portal/enrichment/provider/"
ADD = f"{LIST}add/?kind="
KEY = "sk-never-shown-anywhere"
Configure = Callable[..., Provider]


def form(portal: Client, page: str) -> dict[str, Any]:
    """Return what a browser would send of a page's form, as it is shown."""
    shown = portal.get(page).context["form"]
    sent: dict[str, Any] = {}
    for field in shown:
        value = field.value()
        if value not in (None, False, ""):
            sent[field.html_name] = "on" if value is True else value
    return sent


def add(portal: Client, kind: str, **typed: Any) -> Any:
    typed = {name.replace("__", "."): value for name, value in typed.items()}
    return portal.post(ADD + kind, {**form(portal, ADD + kind), **typed})


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def test_the_catalogue_says_of_every_kind_what_it_needs_sends_gives_and_costs(
    portal: Client,
) -> None:
    response = portal.get(f"{LIST}add/")

    page = text(response)
    for kind in kinds().values():
        assert kind.title in page
        assert f"?kind={kind.key}" in response.content.decode()
    assert "Needs e-mail address, LinkedIn page or name" in page
    assert "Sends e-mail address e-mail address: as a hash only" in page
    assert "e-mail address: as a hash only, if you choose so" in page
    assert "0.28 an answer; a miss is free" in page
    assert "The vendor has sold no new keys since 2024" in page
    assert 'href="https://docs.gravatar.com/api/profiles/rest-api/"' in response.content.decode()


def test_a_provider_is_added_with_its_key_sealed_and_shown_nowhere(portal: Client) -> None:
    response = add(
        portal,
        "ipgeolocation",
        api_key=KEY,
        price="0.002",
        limits__rate="10/s",
        limits__day_budget="5",
        cache__found="12 hours",
        expires_after="",
    )

    assert response["Location"] == f"{LIST}ipgeolocation/change/"
    row = Provider.objects.get()
    assert sealing.unseal(row.sealed["api_key"]) == KEY
    assert row.settings == {
        "price": "0.002",
        "expires_after": None,
        "limits": {"rate": "10/s", "day_budget": "5"},
        "cache": {"found": "12 hours"},
    }
    made = store.setup().providers["ipgeolocation"]
    assert str(made.settings.limits.rate) == "10/s"
    assert made.settings.expires_after is None
    entry = Entry.objects.get(subject_kind="provider")
    assert (entry.action, entry.actor) == ("added", "root@staff.example")
    pages = [LIST, f"{LIST}ipgeolocation/change/", f"{LIST}ipgeolocation/try/"]
    pages += [f"/portal/audit/entry/{entry.pk}/change/", "/portal/enrichment/lookup/"]
    for page in pages:
        shown = portal.get(page).content.decode()
        assert KEY not in shown
        assert row.sealed["api_key"] not in shown
    assert KEY not in str(entry.detail)


def test_saving_without_touching_anything_changes_nothing(portal: Client) -> None:
    add(portal, "people_data_labs", api_key=KEY, limits__rate="10/s", min_likelihood="6")
    before = Provider.objects.get()
    page = f"{LIST}people_data_labs/change/"

    assert "One is kept" in text(portal.get(page))
    portal.post(page, form(portal, page))

    after = Provider.objects.get()
    assert after.settings == before.settings == {"limits": {"rate": "10/s"}, "min_likelihood": 6}
    assert sealing.unseal(after.sealed["api_key"]) == KEY


def test_a_key_is_replaced_or_forgotten_and_a_reference_stays_one(
    portal: Client, provider: Configure
) -> None:
    Secret.objects.create(name="VENDOR_KEY", sealed=sealing.seal("k"))
    provider("gravatar", api_key="${VENDOR_KEY}")
    page = f"{LIST}gravatar/change/"

    portal.post(page, form(portal, page))
    assert Provider.objects.get().settings == {"api_key": "${VENDOR_KEY}"}

    portal.post(page, {**form(portal, page), "api_key": KEY})
    row = Provider.objects.get()
    assert (row.settings, sealing.unseal(row.sealed["api_key"])) == ({}, KEY)

    portal.post(page, {**form(portal, page), "forget.api_key": "on"})
    assert Provider.objects.get().sealed == {}
    assert store.setup().providers["gravatar"].settings.api_key is None


def test_an_api_described_by_configuration_keeps_its_headers_to_itself(portal: Client) -> None:
    add(
        portal,
        "http",
        name="crm",
        url="https://crm.nordlake.example/people/{email}",
        headers=f"Authorization: Bearer {KEY}\n\nX-Team: growth",
        outputs="company_name: $.company.name\ncompany_size: {path: $.size, type: integer}",
    )

    row = Provider.objects.get()
    assert row.settings["outputs"]["company_size"] == {"path": "$.size", "type": "integer"}
    made = store.setup().providers["crm"]
    assert made.settings.headers["Authorization"].get_secret_value() == f"Bearer {KEY}"
    assert made.gives == {"company_name", "company_size"}
    page = portal.get(f"{LIST}crm/change/").content.decode()
    assert KEY not in page
    assert "growth" not in page

    portal.post(f"{LIST}crm/change/", form(portal, f"{LIST}crm/change/"))
    assert set(store.setup().providers["crm"].settings.headers) == {"Authorization", "X-Team"}


@pytest.mark.parametrize(
    ("kind", "typed", "field", "words"),
    [
        ("ipgeolocation", {"name": "No Name"}, "name", "small letters"),
        ("ipgeolocation", {"name": "x" * 41}, "name", "at most 40 characters"),
        ("ipgeolocation", {"api_key": "  "}, "api_key", "This is needed"),
        ("ipgeolocation", {"api_key": "k" * 20_000}, "api_key", "at most 16384"),
        ("ipgeolocation", {"generation": "v9"}, "generation", "valid choice"),
        ("ipgeolocation", {"purposes": []}, "purposes", "at least one"),
        ("ipgeolocation", {"purposes": ["spying"]}, "purposes", "valid choice"),
        ("ipgeolocation", {"price": "-1"}, "price", "greater than or equal to 0"),
        ("ipgeolocation", {"price": "cheap"}, "price", "valid decimal"),
        ("ipgeolocation", {"confidence": "1.5"}, "confidence", "less than or equal to 1"),
        ("ipgeolocation", {"confidence": "nan"}, "confidence", "Input should be"),
        ("ipgeolocation", {"timeout": "5"}, "timeout", "a time with its unit"),
        ("ipgeolocation", {"limits__rate": "fast"}, "limits.rate", "write a rate such as"),
        ("ipgeolocation", {"limits__daily": "many"}, "limits.daily", "valid integer"),
        ("ipgeolocation", {"limits__concurrency": "0"}, "limits.concurrency", "or equal to 1"),
        ("ipgeolocation", {"cache__found": "-1 day"}, "cache.found", "a time with its unit"),
        ("ipgeolocation", {"api_key": "${MISSING}"}, "__all__", "There is no secret MISSING"),
        ("maxmind_web", {"account_id": "me"}, "account_id", "valid integer"),
        ("http", {"outputs": "{city: [}"}, "outputs", "not YAML"),
        ("http", {"outputs": "a: &x $.b\nc: *x"}, "outputs", "not YAML that can be kept"),
        ("http", {"outputs": "City: $.city"}, "outputs", "String should match"),
        ("http", {"headers": "Authorization"}, "headers", "Line 1 is not a name"),
        ("http", {"headers": "Host: nordlake.example"}, "headers", "no header that can be set"),
        ("http", {"url": "ftp://127.0.0.1/{email}"}, "url", "must begin with http"),
        ("http", {"url": "https://crm.nordlake.example/"}, "__all__", "asks about nobody"),
        ("http", {"miss__status": "404, 42"}, "miss.status", "greater than or equal to 100"),
        ("http", {"body": '"\\0"', "method": "POST"}, "body", "not YAML that can be kept"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    portal: Client, kind: str, typed: dict[str, Any], field: str, words: str
) -> None:
    good: dict[str, dict[str, Any]] = {
        "ipgeolocation": {"api_key": KEY},
        "maxmind_web": {"license_key": KEY},
        "http": {"url": "https://crm.nordlake.example/{email}", "outputs": "city: $.city"},
    }

    response = add(portal, kind, **{**good[kind], **typed})

    assert words.lower() in " ".join(errors(response)[field]).lower()
    assert KEY not in response.content.decode()
    assert not Provider.objects.exists()
    assert not Entry.objects.exists()


def test_a_name_is_given_once_and_a_second_provider_of_a_kind_gets_another(portal: Client) -> None:
    add(portal, "ipgeolocation", api_key=KEY)

    assert form(portal, f"{ADD}ipgeolocation")["name"] == "ipgeolocation_2"
    response = add(portal, "ipgeolocation", name="ipgeolocation", api_key=KEY)
    assert errors(response)["name"] == ["There is a provider of this name already."]


@pytest.mark.parametrize("name", ["nobody", "..", "a%00b", "x" * 300])
@pytest.mark.parametrize("what", ["change", "delete", "try"])
def test_pages_of_nobody_are_not_found(portal: Client, name: str, what: str) -> None:
    assert portal.get(f"{LIST}{name}/{what}/").status_code in (302, 404)


def test_a_provider_is_switched_off_and_on(portal: Client, provider: Configure) -> None:
    provider("ipgeolocation", api_key=KEY, price="0.002")

    portal.post(f"{LIST}ipgeolocation/switch/")
    assert Provider.objects.get().settings == {"price": "0.002", "enabled": False}
    assert store.setup().providers == {}
    assert "Disabled It is not asked." in text(portal.get(LIST))

    portal.post(f"{LIST}ipgeolocation/switch/")
    assert store.setup().providers["ipgeolocation"].settings.api_key.get_secret_value() == KEY
    assert portal.get(f"{LIST}ipgeolocation/switch/").status_code == 405


def test_a_provider_is_removed_with_its_steps_once_that_is_confirmed(
    portal: Client, provider: Configure, waterfall: Callable[..., Definition]
) -> None:
    provider("ipgeolocation", api_key=KEY)
    provider("ipinfo", api_key=KEY)
    waterfall("city", "ipgeolocation", "ipinfo")
    waterfall("country", "ipgeolocation")
    Kept.objects.create(key="a" * 64, provider="ipgeolocation", sealed="x")

    page = text(portal.get(f"{LIST}ipgeolocation/delete/"))
    assert "It is asked for city , country ; its steps in those waterfalls go too" in page
    assert Provider.objects.count() == 2

    assert portal.post(f"{LIST}ipgeolocation/delete/")["Location"] == LIST
    assert [row.name for row in Provider.objects.all()] == ["ipinfo"]
    assert [row.steps for row in Waterfall.objects.all()] == [["ipinfo"]]
    assert not Kept.objects.exists()
    assert Entry.objects.filter(action="removed", subject="ipgeolocation").exists()


def test_the_list_says_who_is_left_alone_until_when_and_one_may_lift_that(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key=KEY, limits={"day_budget": "5"}, price="1")
    provider("ipinfo", api_key=KEY)
    until = 4_102_444_800.0
    day = {"day": "2100-01-01", "day_spend": "4.5"}
    Gauge.objects.create(
        provider="ipinfo",
        state={"blocked_until": until, "blocked_for": "does not accept the key", **day},
    )
    Gauge.objects.create(provider="ipgeolocation", state={"failures": 5, "resting_until": until})

    page = text(portal.get(LIST))

    assert "does not accept the key; nobody asks until 2100-01-01 00:00:00 UTC" in page
    assert "It failed 5 times in a row; it is tried again at 2100-01-01 00:00:00 UTC" in page
    assert "0.00 of 5.00 today" in page

    portal.post(f"{LIST}ipinfo/lift/")
    state = Gauge.objects.get(provider="ipinfo").state
    assert (state["blocked_until"], state["day_spend"]) == (0, "4.5")
    assert Entry.objects.filter(action="lifted the block of").exists()


def test_a_new_key_has_a_blocked_vendor_asked_again(portal: Client, provider: Configure) -> None:
    provider("ipinfo", api_key="old")
    Gauge.objects.create(provider="ipinfo", state={"blocked_until": 4_102_444_800.0})
    page = f"{LIST}ipinfo/change/"

    portal.post(page, form(portal, page))
    assert Gauge.objects.get().state["blocked_until"] > 0

    portal.post(page, {**form(portal, page), "api_key": KEY})
    assert Gauge.objects.get().state["blocked_until"] == 0


def test_a_provider_that_cannot_be_used_says_why_and_can_be_mended_or_removed(
    portal: Client, provider: Configure
) -> None:
    provider("ipgeolocation", api_key="${GONE}")
    row = Provider.objects.create(name="acme", kind="acme")

    page = text(portal.get(LIST))
    assert "Problem There is no secret GONE" in page
    assert "Problem there is no provider acme" in page
    assert "is not installed here any more" in text(portal.get(f"{LIST}acme/change/"))
    portal.post(f"{LIST}acme/switch/")
    portal.post(f"{LIST}acme/delete/")
    assert not Provider.objects.filter(pk=row.pk).exists()
    page = f"{LIST}ipgeolocation/change/"
    portal.post(page, {**form(portal, page), "api_key": KEY})
    assert "In use" in text(portal.get(LIST))


def test_fields_are_named_and_described_for_who_does_not_see_them(portal: Client) -> None:
    page = portal.get(f"{ADD}ipgeolocation").content.decode()

    for found in re.findall(r'<(?:input|select|textarea)[^>]* id="(id_[^"]+)"', page):
        if "purposes" not in found:
            assert f'for="{found}"' in page, found
    assert 'type="password" name="api_key"' in page
    assert "The key, from the vendor&#x27;s dashboard." in page


def test_a_database_that_no_setting_lists_is_refused_beside_its_field(portal: Client) -> None:
    response = add(
        portal,
        "sql",
        name="own",
        database_url="postgresql://u@localhost/burnish",
        query="select 1 as pw where :email <> ''",
    )

    (sentence,) = errors(response)["database_url"]
    assert "BURNISH_LOOKUPS_SQL_DATABASES" in sentence
    assert not Provider.objects.exists()
