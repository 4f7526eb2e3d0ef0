"""Apollo sends a mobile number later, unsigned: only what has the right shape is believed."""

import json
from typing import Any

import pytest

from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.providers.apollo import ApolloPerson, ApolloPersonSettings

APOLLO = ApolloPerson(ApolloPersonSettings.model_validate({"api_key": "k", "reveal_phone": True}))
MOBILE = {"sanitized_number": "+46701234567", "type_cd": "mobile", "status_cd": "valid_number"}


def called_back(numbers: Any) -> Any:
    body = {"status": "success", "people": [{"id": "64a7", "phone_numbers": numbers}]}
    return APOLLO.called_back(json.dumps(body).encode(), {})


def test_a_mobile_number_is_found_with_the_record_it_belongs_to() -> None:
    assert called_back([MOBILE]) == Found(
        {"mobile_phone": "+46701234567"}, confidence=0.7, record="64a7"
    )


def test_a_number_whose_kind_is_not_told_may_be_mobile() -> None:
    assert called_back([{"sanitized_number": "+46701234567"}]) == called_back([MOBILE])


def test_numbers_of_work_and_wrong_numbers_are_passed_over() -> None:
    numbers = [
        {"sanitized_number": "+46101234567", "type_cd": "work_hq"},
        MOBILE | {"sanitized_number": "+46709999999", "status_cd": "invalid_number"},
        MOBILE | {"sanitized_number": "070-123"},
        MOBILE | {"sanitized_number": None},
        MOBILE,
    ]

    assert called_back(numbers) == called_back([MOBILE])


@pytest.mark.parametrize("numbers", [[], None, [{"sanitized_number": "+4610", "type_cd": "work"}]])
def test_nothing_found_is_a_miss(numbers: Any) -> None:
    assert called_back(numbers) == Miss()


STRANGE = [b"", b"[]", b"7", b'"people"', b"{}", b'{"people": []}', b'{"people": [7]}']


@pytest.mark.parametrize("body", STRANGE)
def test_what_has_another_shape_is_not_apollos(body: bytes) -> None:
    assert APOLLO.called_back(body, {}) is None


@pytest.mark.parametrize("numbers", ["+46701234567", 7, {"0": MOBILE}, [7], ["+46"], [[1]]])
def test_numbers_of_another_shape_are_not_apollos(numbers: Any) -> None:
    assert called_back(numbers) is None
