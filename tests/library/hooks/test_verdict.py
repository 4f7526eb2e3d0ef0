"""Which answers of a hook count, and as what."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from burnish.events.catalogue import BLOCKING, CATALOGUE
from burnish.events.user import UserPreCreate
from burnish.hooks import verdict

CASES = yaml.safe_load((Path(__file__).parent / "verdicts.yaml").read_text())
EVENTS, MEMBERS = CASES["events"], CASES["members"]
KINDS = {"allowed": verdict.Allow, "denied": verdict.Deny, "invalid": verdict.Invalid}


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind in KINDS for body in CASES[kind]])
def test_an_answer_counts_as_the_contract_says(kind: str, body: Any) -> None:
    assert isinstance(verdict.read(body, UserPreCreate.may_return), KINDS[kind])


def test_there_are_nine_events_with_answers() -> None:
    assert set(EVENTS) == set(BLOCKING)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("member", MEMBERS)
def test_each_event_takes_its_own_members_and_checks_them(event: str, member: str) -> None:
    may_return = CATALOGUE[event].may_return
    for value in MEMBERS[member]["accepted"]:
        answer = verdict.read({"is_allowed": True, member: value}, may_return)
        if member in EVENTS[event]:
            assert answer == verdict.Allow({member: value})
        else:
            assert isinstance(answer, verdict.Invalid), value
    for value in MEMBERS[member]["refused"]:
        answer = verdict.read({"is_allowed": True, member: value}, may_return)
        assert isinstance(answer, verdict.Invalid), value


@pytest.mark.parametrize("event", EVENTS)
def test_a_refusal_carries_nothing_but_its_words(event: str) -> None:
    may_return = CATALOGUE[event].may_return
    assert verdict.read({"is_allowed": False}, may_return) == verdict.Deny()
    words = {"is_allowed": False, "title": "No", "reason": "Sunday"}
    assert verdict.read(words, may_return) == verdict.Deny("No", "Sunday")
    for member in MEMBERS:
        assert isinstance(
            verdict.read({"is_allowed": False, member: {}}, may_return), verdict.Invalid
        )
