"""Which answers of a hook count, and as what."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from burnish.events.user import UserPreCreate
from burnish.hooks import verdict

CASES = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text())
KINDS = {"allowed": verdict.Allow, "denied": verdict.Deny, "invalid": verdict.Invalid}


@pytest.mark.parametrize(
    ("kind", "body"), [(kind, body) for kind, bodies in CASES.items() for body in bodies]
)
def test_an_answer_counts_as_the_contract_says(kind: str, body: Any) -> None:
    assert isinstance(verdict.read(body, UserPreCreate.may_return), KINDS[kind])


@pytest.mark.parametrize(
    ("member", "good", "bad"),
    [
        ("constraints", {"amr": ["mfa", "x_recovery_code"]}, {"amr": ["fingerprint"]}),
        ("bot_protection", {"mode": "always"}, {"mode": "sometimes"}),
        (
            "rate_limits",
            {"authentication.general": {"weight": 0}},
            {"authentication.general": {"weight": -1}},
        ),
    ],
)
def test_a_member_an_event_allows_is_checked(
    member: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    assert isinstance(
        verdict.read({"is_allowed": True, member: good}, frozenset({member})), verdict.Allow
    )
    assert isinstance(
        verdict.read({"is_allowed": True, member: bad}, frozenset({member})), verdict.Invalid
    )
