"""MaxMind's web service costs what its services cost, and its free one has fewer of them."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from burnish.enrichment.providers.maxmind_web import MaxMindWeb, MaxMindWebSettings


def made(**settings: Any) -> MaxMindWeb:
    return MaxMindWeb(
        MaxMindWebSettings.model_validate({"account_id": 42, "license_key": "k", **settings})
    )


def test_more_costs_more_and_the_free_one_costs_nothing() -> None:
    prices = [made(service=service).cost for service in ("country", "city", "insights")]

    assert prices == sorted(set(prices))
    assert made(free=True).cost == 0
    assert made(price="0.5").cost == Decimal("0.5")


def test_the_free_one_has_no_insights() -> None:
    with pytest.raises(ValidationError, match="ask it for city, or set free to false"):
        made(free=True, service="insights")


def test_what_changes_the_answer_keeps_answers_apart() -> None:
    variants = {
        made(**settings).variant
        for settings in ({}, {"free": True}, {"service": "country"}, {"language": "de"})
    }

    assert len(variants) == 4
