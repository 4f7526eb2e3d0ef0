"""Values of one type as values of another."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from burnish.attributes import custom
from burnish.attributes.convert import convert
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.value import same

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "conversions.yaml").read_text())
GOOD = [
    (case["definition"], value)
    for case in yaml.safe_load((HERE / "custom.yaml").read_text())
    for value in case["good"]
]

kinds = st.sampled_from(custom.TYPES)
values = st.sampled_from([value for _, value in GOOD]) | st.text(min_size=1) | st.floats()


def attribute(**definition: Any) -> CustomAttribute:
    if definition["type"] == "enum":
        definition.setdefault("enum", ["free", "pro"])
    return CustomAttribute.model_validate({"id": "1", "pointer": "/seats"} | definition)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['value']}-{case['to']['type']}")
def test_a_value_is_converted_where_nothing_is_lost(case: dict[str, Any]) -> None:
    made, refusal = convert(case["value"], attribute(**case["to"]))

    if "refused" in case:
        assert case["refused"] in str(refusal)
        assert same(made, case["value"])
    else:
        assert refusal is None
        assert same(made, case["becomes"])


@pytest.mark.parametrize(("definition", "value"), GOOD)
def test_a_value_that_fits_already_stays_as_it_is(definition: dict[str, Any], value: Any) -> None:
    made, refusal = convert(value, attribute(**definition))

    assert refusal is None
    assert made is value


@given(values, kinds)
def test_whatever_is_converted_is_a_good_value_or_refused_unchanged(value: Any, kind: str) -> None:
    after = attribute(type=kind)

    made, refusal = convert(value, after)

    if refusal is None:
        assert after.refuse(made) is None
        assert convert(made, after) == (made, None)
    else:
        assert made is value
