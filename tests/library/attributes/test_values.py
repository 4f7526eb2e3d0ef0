"""Which values attributes take."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from burnish.attributes import custom, standard

HERE = Path(__file__).parent
STANDARD = yaml.safe_load((HERE / "standard.yaml").read_text())
CUSTOM = yaml.safe_load((HERE / "custom.yaml").read_text())
DEFINITIONS = yaml.safe_load((HERE / "definitions.yaml").read_text())
CITY = {"id": "0000", "pointer": "/city", "type": "string"}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, case in STANDARD.items() for value in case["good"]]
)
def test_a_standard_attribute_takes_its_good_values(name: str, value: Any) -> None:
    assert standard.validate({name: value}) == []


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, case in STANDARD.items() for value in case["bad"]]
)
def test_a_standard_attribute_refuses_its_bad_values(name: str, value: Any) -> None:
    (fault,) = standard.validate({name: value})

    assert fault.path == f"/{name}"
    assert fault.message


def test_every_standard_attribute_has_cases() -> None:
    of_the_same_rule = {"family_name", "given_name", "middle_name", "nickname"}

    assert set(standard.RULES) - of_the_same_rule <= set(STANDARD)


@pytest.mark.parametrize("case", CUSTOM, ids=lambda case: case["definition"]["type"])
def test_a_custom_attribute_takes_what_its_type_allows_and_nothing_else(
    case: dict[str, Any],
) -> None:
    attribute = custom.parse(CITY | case["definition"])
    assert isinstance(attribute, custom.CustomAttribute)

    assert [value for value in case["good"] if attribute.refuse(value)] == []
    assert [value for value in case["bad"] if not attribute.refuse(value)] == []


def test_every_type_has_cases() -> None:
    assert {case["definition"]["type"] for case in CUSTOM} == {*custom.TYPES, "alpha2"}


@pytest.mark.parametrize("case", DEFINITIONS, ids=lambda case: str(case["change"]))
def test_a_bad_definition_is_refused_where_it_is_bad(case: dict[str, Any]) -> None:
    faults = custom.parse(CITY | case["change"])

    assert isinstance(faults, list)
    assert case["path"] in [fault.path for fault in faults]
    assert any(case["says"] in fault.message for fault in faults)


def test_half_of_a_surrogate_pair_is_refused() -> None:
    (fault,) = standard.validate({"given_name": "\ud83d"})

    assert "surrogate" in fault.message


def test_the_closed_list_of_countries_has_243_codes() -> None:
    attribute = custom.parse(CITY | {"type": "country_code"})
    assert isinstance(attribute, custom.CustomAttribute)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    assert sum(attribute.refuse(a + b) is None for a in letters for b in letters) == 243
