"""`burnish providers`: which there are, what one says, and whom one would ask."""

import json
from pathlib import Path

import pytest
from tests.library.cli.conftest import Inside, refusal
from tests.library.cli.standin import StandIn

from burnish.enrichment.providers import kinds


def test_every_kind_is_listed_with_what_it_needs_gives_and_costs(
    inside: Inside, config: Path
) -> None:
    words = inside("providers", "list", "--config", "burnish.yaml")
    listed = inside("providers", "list", "--config", "burnish.yaml", "--json")

    lines = {line["kind"]: line for line in json.loads(listed.stdout)}
    assert lines.keys() == kinds().keys()
    assert lines["ipgeolocation"]["configured"] == ["ipgeolocation"]
    assert lines["ipgeolocation"]["needs"] == "ip"
    assert "city" in lines["ipgeolocation"]["gives"]
    assert lines["user_agent"]["configured"] == []
    assert all(line["licence"] and line["price"] for line in lines.values())
    assert "time_zone: Time zone" in words.stdout
    assert "OpenStreetMap contributors" in words.stdout
    assert "(configured as phone)" in words.stdout


def test_one_can_be_tried(inside: Inside, config: Path, standin: StandIn) -> None:
    found = inside(
        *("providers", "test", "ipgeolocation", "--config", "burnish.yaml"),
        *("--ip", "203.0.113.7", "--json"),
    )
    missed = inside(
        *("providers", "test", "ipgeolocation", "--config", "burnish.yaml"),
        *("--ip", "203.0.113.0"),
    )

    said = json.loads(found.stdout)
    assert said.pop("ms") > 0
    assert said == {
        "provider": "ipgeolocation",
        "outcome": "found",
        "reason": "",
        "detail": "",
        "values": {"city": "City 7"},
        "confidence": {"city": 0.8},
        "cost": "0.01",
    }
    assert (found.exit_code, missed.exit_code) == (0, 0)
    assert missed.stdout.startswith("ipgeolocation: miss. ")
    assert missed.stdout.endswith("cost 0.\n")


def test_one_that_fails_ends_with_status_1(
    inside: Inside, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrites = "https://api.ipgeolocation.io=http://127.0.0.1:9"
    monkeypatch.setenv("BURNISH_OUTBOUND_REWRITES", rewrites)

    result = inside(
        *("providers", "test", "ipgeolocation", "--config", "burnish.yaml", "--ip", "203.0.113.7")
    )

    assert result.exit_code == 1
    assert "ipgeolocation: failed: unreachable, it refused the connection" in result.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("acme", "There is no provider acme in the configuration; there is accept_language, "),
        ("phone", "phone needs phone_number."),
        ("phone --phone 12", "The phone_number is not a phone number in international form."),
    ],
)
def test_one_that_cannot_be_asked_says_why(inside: Inside, words: str, sentence: str) -> None:
    assert sentence in refusal(inside("providers", "test", *words.split()))


def test_the_plan_is_shown_without_asking_anyone(
    inside: Inside, config: Path, standin: StandIn
) -> None:
    words = ("--ip", "203.0.113.7", "--want", "city,phone_timezones,email_domain")

    table = inside("providers", "explain", "--config", "burnish.yaml", *words)
    plan = inside("providers", "explain", "--config", "burnish.yaml", *words, "--json")

    steps = {step["attribute"]: step for step in json.loads(plan.stdout)["steps"]}
    assert {name: step["turn"] for name, step in steps.items()} == {
        "city": "first",
        "phone_timezones": "skipped",
        "email_domain": "skipped",
    }
    assert steps["phone_timezones"]["detail"] == "it needs phone_number"
    assert json.loads(plan.stdout)["most"] == "0.01"
    assert "it needs email" in table.stdout
    assert "It costs 0.01 at most. Nobody was asked." in table.stdout
    assert not standin.asked
