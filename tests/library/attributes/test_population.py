"""What is taken over of what a social identity says."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from burnish.attributes import standard
from burnish.attributes.population import extract

CASES = yaml.safe_load((Path(__file__).parent / "population.yaml").read_text())
NAMES = [*standard.RULES, *standard.DERIVED, "sub"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["claims"])[:60])
def test_good_claims_are_taken_over_and_others_are_left(case: dict[str, Any]) -> None:
    assert extract(case["provider"], case["claims"]) == case["gives"]


@given(
    st.sampled_from(["google", "apple", "wechat"]),
    st.dictionaries(st.sampled_from(NAMES), anything),
)
def test_whatever_a_provider_says_only_good_values_are_taken_over(
    provider: str, claims: dict[str, Any]
) -> None:
    values = extract(provider, claims)

    assert standard.validate(values) == []
    assert not set(values) & {*standard.IDENTITY_COUPLED, *standard.DERIVED}
