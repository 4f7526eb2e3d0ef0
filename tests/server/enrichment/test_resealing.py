"""When the service's key changes, everything this room keeps sealed opens with the new one."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.server.enrichment.test_sign_up import custom, sign_up

from burnish.attributes.custom import CustomAttribute as Definition
from burnish.errors import InvalidSettings
from burnish_server import engine
from burnish_server.enrichment import runs, store
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.enrichment.resealing import reseal

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_opens_with_the_new_key_alone(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider("ipgeolocation", api_key="k")
    provider("ipinfo", api_key="slow-2000", product="core")
    waterfall("city", "ipgeolocation")
    waterfall("asn", "ipinfo")
    sign_up(client)
    waiting = Run.objects.get(state="waiting")

    monkeypatch.setattr(settings, "SECRET_KEYS", ["new", *settings.SECRET_KEYS])
    count = reseal()
    monkeypatch.setattr(settings, "SECRET_KEYS", ["new"])

    assert count == 4
    assert store.make(Provider.objects.get(pk="ipgeolocation"))
    waiting.refresh_from_db()
    assert runs.given(waiting)["ip"]
    sign_up(Client(), "eva@nordlake.example")
    assert custom("eva@nordlake.example")
    assert "fresh" in Lookup.objects.values_list("kept", flat=True)
    monkeypatch.setattr(settings, "SECRET_KEYS", ["another"])
    with pytest.raises(InvalidSettings):
        runs.given(waiting)


def test_a_lost_key_stops_no_sign_up(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider("ipgeolocation", api_key="k")
    waterfall("city", "ipgeolocation")
    sign_up(client)
    engine.close()

    monkeypatch.setattr(settings, "SECRET_KEYS", ["another"])
    Provider.objects.all().delete()
    provider("ipgeolocation", api_key="k")
    sign_up(Client(), "eva@nordlake.example")

    assert custom("eva@nordlake.example")
