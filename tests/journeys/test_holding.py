"""Nothing is held while somebody outside is asked, and a crash leaves no half a user."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.journeys.conftest import BURNISH, Service, environment, eventually

WAITING = """
export default async function () {
  await fetch("https://api.ipgeolocation.io/ipgeo?apiKey=slow-1000&ip=8.8.8.8");
  return { is_allowed: true };
}
"""
CONFIG = """
hook:
  blocking_handlers:
    - {event: user.pre_create, url: "authgeardeno:///deno/waiting.ts"}
"""
WHOLE = """
SELECT count(*), count(e.id), count(p.user_id), count(h.seq)
FROM identity_user u
LEFT JOIN account_emailaddress e ON e.user_id = u.id
LEFT JOIN profiles_profile p ON p.user_id = u.id
LEFT JOIN hooks_event h ON h.user_id = u.id AND h.type = 'user.created'
WHERE NOT u.is_staff
"""
numbers = count()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("holding")
    service = Service(
        folder / "var",
        "--sandbox",
        BURNISH_DATABASE_POOL_SIZE="2",
        BURNISH_WEB_THREADS="32",
        BURNISH_WEB_TRUSTED_PROXIES="127.0.0.1",
    ).ready()
    apply_waiting_hook(folder, service)
    yield service
    service.end()


def apply_waiting_hook(folder: Path, service: Service) -> None:
    (folder / "deno").mkdir()
    (folder / "deno/waiting.ts").write_text(WAITING)
    (folder / "burnish.yaml").write_text(CONFIG)
    command = [*BURNISH, "config", "apply", str(folder / "burnish.yaml")]
    subprocess.run([*command, "--data-dir", str(service.data_dir)], check=True, env=environment())


def sign_up(service: Service) -> int:
    """Sign somebody new up, from an address of their own, and return the status."""
    number = next(numbers)
    with httpx.Client(base_url=service.url, timeout=30) as client:
        page = client.get("/signup/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        cookie = SimpleCookie(page.headers["set-cookie"])["csrftoken"].value
        fields = {
            "email": f"visitor-{number}@nordlake.example",
            "password1": "correct horse battery",
            "csrfmiddlewaretoken": token[1],
        }
        headers = {
            "x-forwarded-for": f"203.0.113.{number % 250}",
            "cookie": f"csrftoken={cookie}",
        }
        return client.post("/signup/", data=fields, headers=headers).status_code


def test_twenty_sign_ups_wait_for_a_vendor_at_once_on_two_connections(service: Service) -> None:
    sign_up(service)

    started = time.monotonic()
    with ThreadPoolExecutor(20) as visitors:
        answers = [visitors.submit(sign_up, service) for _ in range(20)]
        time.sleep(0.7)
        asked = time.monotonic()
        page = httpx.get(f"{service.url}/login/", timeout=5)
        page_took = time.monotonic() - asked
        statuses = [answer.result() for answer in answers]
    took = time.monotonic() - started

    assert statuses == [302] * 20
    assert took < 5
    assert page.status_code == 200
    assert page_took < 0.9, "the page waited for the vendor"


def test_a_web_process_killed_amid_sign_ups_leaves_only_whole_users(service: Service) -> None:
    def until_killed(_: int) -> int | None:
        try:
            return sign_up(service)
        except (httpx.HTTPError, AssertionError):
            return None

    for seconds in (0.9, 1.1):
        with ThreadPoolExecutor(8) as visitors:
            answers = visitors.map(until_killed, range(8))
            time.sleep(seconds)
            for process in service.part("burnish", "web").children(recursive=True):
                if "deno" not in process.name():
                    process.send_signal(signal.SIGKILL)
            list(answers)
        assert eventually(service.answers, 15)

    with psycopg.connect(database(service)) as connection:
        row = connection.execute(WHOLE).fetchone()
    assert row
    assert len(set(row)) == 1, row
    assert sign_up(service) == 302


def database(service: Service) -> str:
    announced = json.loads((service.data_dir / "serve.json").read_text())
    return str(announced["database_url"])
