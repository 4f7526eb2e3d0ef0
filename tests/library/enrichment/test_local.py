"""Providers that need no network say what they know, and a miss of what makes no sense.

A case is data: what is given, and all that is `found`; or what the answer `holds` and `lacks`.
"""

import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
import yaml

from burnish.attributes.formats import COUNTRY_CODES
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Provider
from burnish.enrichment.providers import BUILT_IN, country, kinds
from burnish.enrichment.vocabulary import OUTPUTS

FOLDER = Path(__file__).parent / "local"
LOCAL = [kind for kind in BUILT_IN if kind.local]
HEAVY = {"phonenumbers.geocoder", "ua_parser", "tldextract", "disposable_email_domains", "tzfpy"}


def cases() -> list[Any]:
    return [
        pytest.param(file.stem, case, id=f"{file.stem}: {case['case']}")
        for file in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("kind", "case"), cases())
def test_a_case(kind: str, case: dict[str, Any]) -> None:
    made = kinds()[kind]
    provider = made(made.Settings.model_validate(case.get("settings", {})))
    assert isinstance(provider, LocalProvider)

    answer = provider.look(case["given"])

    if case.get("found", "some") is None:
        assert answer == Miss()
    elif "found" in case:
        assert values(answer) == case["found"]
    assert {**values(answer), **case.get("holds", {})} == values(answer)
    assert isinstance(answer, Found) or "lacks" not in case
    assert not values(answer).keys() & set(case.get("lacks", ()))
    for output, confidence in case.get("sure", {}).items():
        assert isinstance(answer, Found)
        assert answer.confidence_of(output) == confidence
    assert values(answer).keys() <= provider.gives


def values(answer: Found | Miss) -> dict[str, Any]:
    return dict(answer.values) if isinstance(answer, Found) else {}


@pytest.mark.parametrize("kind", LOCAL, ids=lambda kind: kind.key)
def test_what_a_provider_declares(kind: type[Provider]) -> None:
    assert kind.title
    assert kind.page.startswith("https://")
    assert kind.needs | kind.any_of
    assert kind.gives <= OUTPUTS.keys(), "give the new outputs a line in vocabulary.py"


def test_every_country_has_a_name_a_continent_and_a_currency() -> None:
    wanted = {"country", "continent_code", "calling_code", "currency", "language"}

    assert [code for code in COUNTRY_CODES if not wanted <= country.facts(code).keys()] == []


def test_what_is_heavy_is_not_loaded_before_it_is_used() -> None:
    program = "import sys, burnish.enrichment.providers; print(*sys.modules, sep='\\n')"
    loaded = run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert HEAVY & set(loaded.stdout.split()) == set()
