"""A hook asks a configured provider by its name, and is held to what every lookup is held to."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.journeys.conftest import eventually
from tests.server.enrichment.test_sign_up import custom, sign_up

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.events.samples import sample
from burnish_server.consent import store as consent
from burnish_server.enrichment.models import Kept, Lookup, Provider
from burnish_server.hooks import store as hooks
from burnish_server.hooks import trial
from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import User
from burnish_server.profiles import store

pytestmark = pytest.mark.django_db(transaction=True)

ASK = """
export default async (e: EventUserPreCreate, ctx: HookContext) => {
  const told = await ctx.enrich("%s", { ip: %s });
  console.log(JSON.stringify(told));
  return { is_allowed: true, mutations: { user: { custom_attributes_patch: {
    city: told.values.city ?? null, told: `${told.outcome} ${told.reason}`.trim(),
  } } } };
};
"""


def asking(name: str, ip: str = "e.context.ip_address") -> str:
    return ASK % (name, ip)


@pytest.fixture
def city(waterfall: Callable[..., Definition]) -> None:
    """Define what the scripts write; no provider fills it."""
    waterfall("city")
    waterfall("told")


def test_a_script_writes_what_a_provider_said(
    client: Client, provider: Callable[..., Provider], city: None, hook: Callable[..., Hook]
) -> None:
    provider("ipgeolocation", api_key="very-secret-key", price="0.002")
    hook("geo", asking("ipgeolocation"))

    sign_up(client)
    sign_up(Client(), "eva@nordlake.example")

    assert custom()["told"] == "found"
    assert custom()["city"] == custom("eva@nordlake.example")["city"]
    places = store.of(User.objects.first().pk).facts["custom"].values()
    assert [list(slots) for slots in places] == [["hook:geo"], ["hook:geo"]]
    # The second question is answered by what was kept, and costs nothing.
    second, first = Lookup.objects.all()
    assert (first.outcome, first.asked, str(first.cost)) == ("found", True, "0.002000")
    assert (second.kept, second.asked, second.cost) == ("fresh", False, 0)
    assert first.user_id in set(User.objects.values_list("pk", flat=True))
    assert Kept.objects.count() == 1
    printed = Run.objects.first().console
    assert '"confidence":0.8' in printed
    assert "very-secret-key" not in printed
    assert "apiKey" not in printed


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("error-500", "failed unavailable"),
        ("limit-429", "failed out_of_credits"),
        ("invalid", "failed unauthorized"),
        ("garbage", "failed bad_answer"),
    ],
)
def test_a_vendor_s_bad_day_is_told_and_does_not_stop_a_sign_up(
    client: Client,
    provider: Callable[..., Provider],
    city: None,
    hook: Callable[..., Hook],
    key: str,
    told: str,
) -> None:
    provider("ipgeolocation", api_key=key)
    hook("geo", asking("ipgeolocation"))

    sign_up(client)

    assert custom() == {"told": told}


def test_a_provider_that_hangs_takes_no_longer_than_the_hook_may(
    client: Client, provider: Callable[..., Provider], city: None, hook: Callable[..., Hook]
) -> None:
    provider("ipgeolocation", api_key="hang")
    hook("geo", asking("ipgeolocation"), timeout_ms=500, on_error="allow")

    seconds = sign_up(client)

    assert seconds < 2
    assert custom() == {}
    assert Run.objects.get().error_message == "The script did not return within 0.5 s."


def test_a_lookup_the_hook_did_not_wait_for_is_noted_when_it_ends(
    client: Client, provider: Callable[..., Provider], city: None, hook: Callable[..., Hook]
) -> None:
    provider("ipgeolocation", api_key="slow-1000", price="0.002")
    hook("geo", asking("ipgeolocation"), timeout_ms=400, on_error="allow")

    sign_up(client)

    assert not Lookup.objects.exists()
    assert eventually(Lookup.objects.exists, 3)
    assert (Lookup.objects.get().outcome, str(Lookup.objects.get().cost)) == ("found", "0.002000")


@pytest.mark.parametrize(
    ("name", "ip", "told"),
    [
        ("nobody", "'203.0.113.40'", "skipped disabled"),
        ("crm", "'203.0.113.40'", "skipped disabled"),
        ("ipgeolocation", "'10.0.0.1'", "skipped unfit_input"),
        ("ipgeolocation", "'no address'", "skipped unfit_input"),
        ("ipgeolocation", "undefined", "skipped missing_input"),
        ("marketing", "'203.0.113.40'", "skipped no_consent"),
    ],
)
def test_nobody_is_asked_who_may_not_be(
    client: Client,
    provider: Callable[..., Provider],
    city: None,
    hook: Callable[..., Hook],
    name: str,
    ip: str,
    told: str,
) -> None:
    provider("ipgeolocation", api_key="k")
    provider("crm", kind="ipgeolocation", api_key="k", enabled=False)
    provider("marketing", kind="ipgeolocation", api_key="k", purposes=["marketing"])
    hook("geo", asking(name, ip))

    sign_up(client)

    assert custom() == {"told": told}
    assert not Lookup.objects.filter(asked=True).exists()


def test_consent_opens_a_provider_for_whom_it_was_given_by(
    provider: Callable[..., Provider], hook: Callable[..., Hook]
) -> None:
    provider("marketing", kind="ipgeolocation", api_key="k", purposes=["marketing"])
    row = hook("geo", asking("marketing", "'203.0.113.40'"))
    user = User.objects.create(email="ada@nordlake.example")
    (tried,) = hooks.equipped(Hook.objects.filter(pk=row.pk)).values()
    event = sample("user.pre_create")
    event["context"]["user_id"] = str(user.pk)

    before = trial.of(tried, event, store.schema(), 5)
    consent.grant(user.pk, "marketing")
    after = trial.of(tried, event, store.schema(), 5)

    assert '"reason":"no_consent"' in before.run.console
    assert '"outcome":"found"' in after.run.console


def test_an_administrator_s_address_says_nothing_of_whom_they_look_at(
    provider: Callable[..., Provider], hook: Callable[..., Hook]
) -> None:
    provider("ipgeolocation", api_key="k")
    row = hook("geo", asking("ipgeolocation"))
    (tried,) = hooks.equipped(Hook.objects.filter(pk=row.pk)).values()
    event = sample("user.pre_create")
    event["context"] |= {"triggered_by": "portal", "ip_address": "203.0.113.7"}

    run = trial.of(tried, event, store.schema(), 5).run

    assert '"reason":"missing_input"' in run.console


def test_a_provider_without_a_network_is_asked_too(
    client: Client, provider: Callable[..., Provider], city: None, hook: Callable[..., Hook]
) -> None:
    provider("email_address")
    script = """
    export default async (e: EventUserPreCreate, ctx: HookContext) => {
      const { email } = e.payload.user.standard_attributes;
      const told = await ctx.enrich("email_address", { email });
      return { is_allowed: true, mutations: { user: { custom_attributes_patch: {
        told: `${told.outcome} ${told.values.email_domain}`,
      } } } };
    };
    """
    hook("mail", script)

    sign_up(client)

    assert custom() == {"told": "found nordlake.example"}


def test_in_the_sandbox_a_visitor_of_this_machine_is_somewhere(
    client: Client,
    provider: Callable[..., Provider],
    city: None,
    hook: Callable[..., Hook],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider("ipgeolocation", api_key="k")
    hook("geo", asking("ipgeolocation"))

    sign_up(client, address="127.0.0.1")
    assert custom() == {"told": "skipped unfit_input"}
    sandbox = settings.BURNISH.model_copy(update={"sandbox": True})
    monkeypatch.setattr(settings, "BURNISH", sandbox)
    sign_up(Client(), "eva@nordlake.example", address="127.0.0.1")

    assert custom("eva@nordlake.example").keys() == {"told", "city"}
