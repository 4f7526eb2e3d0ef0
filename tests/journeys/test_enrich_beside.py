"""Beside a running service, a command and a program enrich a user, and stand-ins answer."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.journeys.conftest import BURNISH, Service, environment

ADA = "ada@nordlake.example"

CONFIG = """
user_profile:
  custom_attributes:
    attributes:
      - {id: "0000", pointer: /ip, type: string}
      - {id: "0001", pointer: /city, type: string}
      - {id: "0002", pointer: /country, type: string}
enrichment:
  providers:
    by_hand: {kind: ipgeolocation, api_key: k}
    by_program: {kind: ipgeolocation, api_key: k}
  attributes:
    city: [by_hand]
    country: [{provider: by_program, output: country_code}]
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    served = Service(tmp_path_factory.mktemp("beside") / "var", "--sandbox").ready()
    yield served
    served.end()


def burnish(service: Service, *words: str) -> str:
    where = ["--data-dir", str(service.data_dir)]
    done = subprocess.run(
        [*BURNISH, *words, *where], capture_output=True, text=True, env=environment(), timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def post(service: Service, path: str, key: str, body: object) -> tuple[int, dict[str, object]]:
    request = Request(
        f"{service.url}/api/v1/users{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_both_have_a_profile_filled_in(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "burnish.yaml"
    head, _, tail = CONFIG.partition("enrichment:")
    file.write_text(head)
    burnish(service, "config", "apply", str(file), "--yes")
    scopes = ("--scope", "users:enrich", "--scope", "users:write")
    key = burnish(service, "api-keys", "create", "crm", *scopes).strip()
    # Before there are providers: nothing is filled in by itself.
    made, _ = post(service, "", key, {"email": ADA})
    burnish(service, "users", "set", ADA, "ip=203.0.113.40")
    file.write_text(f"{head}enrichment:{tail}")
    burnish(service, "config", "apply", str(file), "--yes")

    told = json.loads(burnish(service, "users", "enrich", ADA, "--want", "city", "--json"))
    status, said = post(service, f"/{told['user_id']}/enrich", key, {"want": ["country"]})

    assert [(one["provider"], one["outcome"], one["asked"]) for one in told["lookups"]] == [
        ("by_hand", "found", True)
    ]
    assert (made, status, said["complete"]) == (201, 200, True)
    assert [one["provider"] for one in said["lookups"]] == ["by_program"]  # type: ignore[attr-defined]
    assert said["custom_attributes"].keys() == {"ip", "city", "country"}  # type: ignore[attr-defined]
    burnish(service, "api-keys", "revoke", "crm")
    assert post(service, f"/{told['user_id']}/enrich", key, {})[0] == 401
    log = service.log
    assert key not in log
    assert str(said["custom_attributes"]["city"]) not in log  # type: ignore[index]
