"""`burnish enrich --email E --ip I` prints one profile."""

import json
from pathlib import Path

import pytest
from tests.library.cli.conftest import Inside, refusal
from tests.library.cli.standin import StandIn


def test_a_profile_is_a_table_and_an_account(inside: Inside, config: Path) -> None:
    result = inside(
        *("enrich", "--email", "Ada@gmail.com", "--ip", "203.0.113.7", "--config", "burnish.yaml")
    )

    assert result.exit_code == 0, result.output
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines()]
    values = {row[0]: row[1:4] for row in rows if len(row) == 5 and row[2].startswith("provider")}
    assert values == {
        "city": ["City 7", "provider:ipgeolocation", "0.8"],
        "email_domain": ["gmail.com", "provider:email_address", "1"],
        "email_is_free": ["true", "provider:email_address", "1"],
    }
    account = {
        row[0]: (row[1], row[4]) for row in rows if row and row[0] in ("ipgeolocation", "phone")
    }
    assert account == {"ipgeolocation": ("found", "0.01"), "phone": ("skipped", "0")}
    assert "it needs phone_number" in result.stdout


def test_or_json(inside: Inside, config: Path, standin: StandIn) -> None:
    result = inside(
        *("enrich", "--ip", "203.0.113.7", "--want", "city", "--json", "--config", "burnish.yaml")
    )

    said = json.loads(result.stdout)
    assert said["values"] == {"city": "City 7"}
    assert said["cost"] == "0.01"
    assert said["facts"][0]["confidence"] == 0.8
    assert said["account"][0]["provider"] == "ipgeolocation"
    assert standin.asked == {"203.0.113.7": 1}


def test_without_a_configuration_what_needs_no_settings_is_used(inside: Inside) -> None:
    result = inside(
        *("enrich", "--phone", "+46701740605", "--input", "country_code=DE", "--json"),
        *("--want", "phone_country,continent"),
    )

    assert json.loads(result.stdout)["values"] == {
        "phone_country": "Sweden",
        "continent": "Europe",
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--email a@b.example --want shoe_size", "There is no attribute shoe_size"),
        ("--input country --want continent", "'country' needs a name and what it is"),
        ("--ip 203.0.113.7 --want city", "No provider gives city"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(inside: Inside, words: str, sentence: str) -> None:
    assert sentence in refusal(inside("enrich", *words.split()))
