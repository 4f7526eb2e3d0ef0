"""A provider in a package of its own works like those that come along, and a broken one hurts none.

Each program runs in a process of its own, whose path the package is on.
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from tests.library.enrichment import outside
from tests.library.enrichment.test_cases import assert_asked, expected, reply_of, told

from burnish.enrichment.outcome import Failed
from burnish.enrichment.outside import misshapen
from burnish.enrichment.provider import Provider
from burnish.enrichment.reading import BadAnswer
from burnish.file import write

CASES = yaml.safe_load((outside.EXAMPLE / "cases.yaml").read_text("utf-8"))

PROGRAM = """
import asyncio, json, sys, time
from pathlib import Path
from burnish import sandbox
from burnish.enrichment import fragment
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.lookup import Lookups
from burnish.outbound import Outbound


async def tick(late):
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.02)
        late.append(time.monotonic() - began)


async def main(path):
    late = []
    ticking = asyncio.create_task(tick(late))
    async with sandbox.serve() as rewrites:
        setup = fragment.load(Path(path), {}.get)
        async with Enricher(setup, Lookups(Outbound(rewrites=rewrites))) as enricher:
            done = await enricher.enrich({"company_domain": "nordlake.example"})
            again = await enricher.enrich({"company_domain": "nordlake.example"})
    print(json.dumps({
        "values": dict(done.values),
        "lines": done.account.as_json(),
        "again": again.account.as_json(),
        "confidence": {fact.key: fact.confidence for fact in done.facts},
        "late": max(late, default=0.0),
    }))


asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    outside.install(target)
    return target


@pytest.fixture(scope="module")
def broken_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("broken")
    outside.install(target)
    outside.install_broken(target)
    return target


def enrich(site: Path, folder: Path, enrichment: dict[str, Any]) -> Any:
    file = folder / "burnish.yaml"
    file.write_text(write({"enrichment": enrichment}), "utf-8")
    done = outside.python(site, "-c", PROGRAM, str(file))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_it_is_listed_like_those_that_come_along(site: Path) -> None:
    done = outside.python(site, "-m", "burnish", "providers", "list", "--json")

    lines = {line["kind"]: line for line in json.loads(done.stdout)}
    assert lines["acme"].keys() == lines["ipinfo"].keys()
    assert "company_domain" in str(lines["acme"])
    assert done.stderr == ""


def test_it_is_asked_kept_and_paid_like_those_that_come_along(site: Path, tmp_path: Path) -> None:
    acme = {"api_key": "k", "purposes": ["personalization"]}

    said = enrich(
        site,
        tmp_path,
        {
            "providers": {"acme": acme},
            "attributes": {"company_name": ["acme"], "company_size": ["acme"]},
        },
    )

    assert said["values"] == {"company_name": "Nordlake AB", "company_size": "51-200"}
    assert said["confidence"] == {"company_name": 0.9, "company_size": 0.9}
    (line,) = said["lines"]
    assert (line["provider"], line["outcome"], line["cost"]) == ("acme", "found", "0.02")
    assert [(one["kept"], one["cost"]) for one in said["again"]] == [("fresh", "0")]


@pytest.mark.parametrize(("mood", "reason"), [("error-500", "unavailable"), ("drift", None)])
def test_its_stand_in_has_the_faults_all_have(
    site: Path, tmp_path: Path, mood: str, reason: str | None
) -> None:
    providers = {"acme": {"api_key": mood}}

    said = enrich(
        site, tmp_path, {"providers": providers, "attributes": {"company_name": ["acme"]}}
    )

    assert said["lines"][0]["outcome"] == "failed"
    assert said["lines"][0]["reason"] == (reason or "bad_answer")


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Provider]]:
    monkeypatch.syspath_prepend(str(outside.EXAMPLE))
    yield importlib.import_module("burnish_acme").Acme
    sys.modules.pop("burnish_acme", None)


def test_it_has_a_provider_s_shape(acme: type[Provider]) -> None:
    assert misshapen(acme) is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
async def test_its_recorded_cases(acme: type[Provider], case: dict[str, Any]) -> None:
    provider = acme(acme.Settings.model_validate(case["settings"]))
    asked: list[httpx.Request] = []

    async def send(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return reply_of(case["reply"], request)

    try:
        answer = await provider.answer(case["known"], send)
    except BadAnswer as error:
        answer = Failed("bad_answer", str(error))

    assert told(answer) == expected(case["comes_to"], answer)
    assert_asked(asked[0], case["asks"])


def test_what_cannot_be_loaded_is_left_out_and_the_log_says_why(broken_site: Path) -> None:
    done = outside.python(broken_site, "-m", "burnish", "providers", "list", "--json")

    kinds = {line["kind"] for line in json.loads(done.stdout)}
    assert {"acme", "ipinfo", "hangs"} <= kinds
    assert not kinds & set(outside.LEFT_OUT)
    for name in [*outside.LEFT_OUT, "no_module", "no_name", "at_import", "exits"]:
        assert f"entry={name} " in done.stderr


@pytest.mark.parametrize("kind", outside.UNMADE)
def test_what_cannot_be_made_is_a_fault_of_the_configuration(
    broken_site: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "burnish.yaml"
    file.write_text(write({"enrichment": {"providers": {kind: {}}}}), "utf-8")

    done = outside.python(broken_site, "-m", "burnish", "config", "check", str(file))

    assert done.returncode == 1
    assert f"enrichment.providers.{kind}" in done.stdout + done.stderr
    assert "very-secret-value" not in done.stdout + done.stderr


def test_whatever_a_provider_does_the_next_one_is_asked_and_nobody_is_held_up(
    broken_site: Path, tmp_path: Path
) -> None:
    moods = {name: {"timeout": "1 s"} for name in outside.MOODS}

    said = enrich(
        broken_site,
        tmp_path,
        {
            "providers": {**moods, "acme": {"api_key": "k"}},
            "attributes": {"company_name": [*moods, "acme"]},
        },
    )

    assert said["values"] == {"company_name": "Nordlake AB"}
    reasons = {line["provider"]: line["reason"] for line in said["lines"]}
    assert reasons == {**outside.MOODS, "acme": ""}
    assert said["late"] < 0.5
    assert "very-secret-value" not in json.dumps(said)
