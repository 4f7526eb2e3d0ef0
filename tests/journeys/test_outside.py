"""A service beside which packages of providers are installed: one good, one broken in every way."""

import json
import subprocess
from collections.abc import Iterator
from itertools import count

import pytest

from tests.journeys import test_holding
from tests.journeys.conftest import BURNISH, Service, environment, eventually
from tests.journeys.test_holding import sign_up
from tests.library.enrichment import outside

CONFIG = """
user_profile:
  custom_attributes:
    attributes:
      - {id: "0000", pointer: /company_name, type: string}
      - {id: "0001", pointer: /alias, type: string}
enrichment:
  budget: {sign_up: 3 s}
  providers:
    email_address: {}
    acme: {api_key: k}
    sleeps_in_read: {timeout: 500 ms}
    breaks_plan: {}
  attributes:
    company_name: [%s]
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("outside")
    (folder / "site").mkdir()
    outside.install(folder / "site")
    outside.install_broken(folder / "site")
    served = Service(folder / "var", "--sandbox", PYTHONPATH=str(folder / "site")).ready(60)
    yield served
    served.end()


def burnish(service: Service, *words: str) -> str:
    done = subprocess.run(
        [*BURNISH, *words, "--data-dir", str(service.data_dir)],
        capture_output=True,
        text=True,
        env=environment(PYTHONPATH=str(service.data_dir.parent / "site")),
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def set_up(service: Service, *steps: str) -> None:
    file = service.data_dir.with_name("burnish.yaml")
    file.write_text(CONFIG % ", ".join(steps))
    burnish(service, "config", "apply", str(file), "--yes")


def profile(service: Service, number: int) -> dict[str, object]:
    shown = burnish(service, "users", "show", f"visitor-{number}@nordlake.example", "--json")
    return dict(json.loads(shown))


def test_a_visitor_s_company_comes_from_outside_though_others_are_broken(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_holding, "numbers", count(1000))
    set_up(service, "sleeps_in_read", "acme")

    assert sign_up(service) == 302

    assert eventually(
        lambda: profile(service, 1000)["custom_attributes"] == {"company_name": "Nordlake AB"}, 10
    )
    sources = profile(service, 1000)["sources"]
    assert sources["company_name"]["source"] == "provider:acme"  # type: ignore[index]
    assert "entry=at_import" in service.log or "at_import" in service.log


def test_a_fault_nobody_foresaw_stops_no_sign_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_holding, "numbers", count(2000))
    set_up(service, "breaks_plan")

    assert sign_up(service) == 302

    assert profile(service, 2000)["custom_attributes"] == {}
    assert "sign-up not enriched" in service.log
