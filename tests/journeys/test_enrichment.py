"""A visitor is enriched in a real service, whatever dies; and nothing of them is in its log."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from tests.journeys.conftest import BURNISH, PASSWORD, Service, environment, eventually

KEY = "slow-1500"
CANARY = "sk-canary-7f3a"
EMAIL = "ada@nordlake.example"
ADDRESS = "203.0.113.40"


def settle(service: Service, key: str) -> None:
    """Define two attributes and who is asked for them."""
    config: dict[str, Any] = {
        "user_profile": {
            "custom_attributes": {
                "attributes": [
                    {"id": "0001", "pointer": "/city", "type": "string"},
                    {"id": "0002", "pointer": "/company", "type": "string"},
                ]
            }
        },
        "enrichment": {
            "providers": {
                "ipgeolocation": {"api_key": key},
                "fullcontact_company": {"api_key": CANARY},
                "email_address": {},
            },
            "attributes": {
                "city": ["ipgeolocation"],
                "company": [{"provider": "fullcontact_company", "output": "company_name"}],
            },
        },
    }
    path = service.data_dir.with_name("enrichment.yaml")
    path.write_text(yaml.safe_dump(config))
    command = [*BURNISH, "config", "apply", str(path), "--data-dir", str(service.data_dir)]
    done = run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(
        tmp_path / "var", "--sandbox", BURNISH_WEB_TRUSTED_PROXIES="127.0.0.1"
    ).ready()
    yield service
    if service.process.poll() is None:
        service.end()


def sign_up(service: Service) -> None:
    """Sign somebody up as a browser would."""
    with httpx.Client(base_url=service.url, timeout=10) as client:
        page = client.get("/signup/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        fields = {"email": EMAIL, "password1": PASSWORD, "csrfmiddlewaretoken": token[1]}
        headers = {"x-forwarded-for": ADDRESS}
        assert client.post("/signup/", data=fields, headers=headers).status_code == 302


def customs(service: Service) -> list[dict[str, Any]]:
    """Return the custom attributes of everybody but the administrator."""
    running = json.loads((service.data_dir / "serve.json").read_text())
    with psycopg.connect(running["database_url"]) as db:
        rows = db.execute(
            "SELECT custom FROM profiles_profile JOIN identity_user ON id = user_id"
            " WHERE NOT is_staff"
        ).fetchall()
    return [custom for (custom,) in rows]


def test_the_rest_comes_later_and_the_log_has_no_value_and_no_key(service: Service) -> None:
    settle(service, KEY)
    sign_up(service)

    assert eventually(
        lambda: customs(service) and customs(service)[0].keys() == {"0001", "0002"}, 6
    )
    (custom,) = customs(service)
    words = [custom["0001"], custom["0002"], CANARY, KEY, EMAIL, ADDRESS, PASSWORD]
    assert [word for word in words if word in service.log] == []


def test_what_a_killed_process_waited_for_a_worker_goes_on_with(service: Service) -> None:
    settle(service, "slow-4000")
    sign_up(service)
    service.part("burnish", "web").send_signal(signal.SIGKILL)

    assert "0001" not in customs(service)[0]
    assert eventually(lambda: "0001" in customs(service)[0], 75)
