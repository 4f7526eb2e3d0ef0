"""Who goes leaves nothing of theirs in runs; figures of what was asked and spent stay."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from tests.server.enrichment.test_sign_up import sign_up

from burnish.attributes.custom import CustomAttribute as Definition
from burnish_server.enrichment.models import Lookup, Provider, Run
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import anonymization, deletion
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("go", [anonymization.anonymize, deletion.delete])
def test_runs_are_forgotten_and_figures_are_not(
    client: Client,
    provider: Callable[..., Provider],
    waterfall: Callable[..., Definition],
    go: Callable[[User, Circumstances], None],
) -> None:
    provider("ipgeolocation", api_key="k", price="0.01")
    waterfall("city", "ipgeolocation")
    sign_up(client)

    go(User.objects.get(), Circumstances("system"))

    assert not Run.objects.exists()
    (lookup,) = Lookup.objects.all()
    assert (lookup.user_id, lookup.run, lookup.cost) == (None, None, Decimal("0.01"))
