"""Does the time an answer takes tell whether an address or a number has an account?"""

import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlencode

import argon2
import httpx
import yaml

from bench.measure import show
from bench.signup import VENDOR, environment, service

TRIES = 200
METHOD = (
    f"{TRIES} tries with addresses that have an account and {TRIES} with others, in turn, by one "
    "visitor after the other, each address and visitor once.\nAUC: how likely it is that a try "
    "with an account takes longer than one without; 0.5 tells nothing, 0 and 1 everything."
)
PASSWORD = "correct horse battery"
HASH = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
CSRF = "csrfmiddlewaretoken"
ATTRIBUTES = [
    {"id": "0001", "pointer": "/city", "type": "string"},
    {
        "id": "0002",
        "pointer": "/team_size",
        "type": "integer",
        "access_control": {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"},
    },
    {"id": "0003", "pointer": "/country", "type": "string"},
]
QUESTION = {
    "ask": [
        {
            "key": "team_size",
            "attributes": ["team_size"],
            "sign_up": True,
            "words": {"en": {"title": "How many are you?", "why": "So that it fits."}},
        }
    ]
}
WATERFALL = {
    "providers": {"ipgeolocation": {"api_key": "slow-50"}},
    "attributes": {"country": [{"provider": "ipgeolocation", "output": "country_code"}]},
}
visitors = itertools.count(1)


class Door(NamedTuple):
    """A form: its address, the field that names somebody, and its other fields."""

    name: str
    path: str
    field: str
    kind: str = "email"
    more: dict[str, str] = {}  # noqa: RUF012 - never changed


SIGN_UP = Door("sign-up", "/signup/", "email", more={"password1": PASSWORD})
PHONE_SIGN_UP = Door(
    "sign-up by phone", "/signup/?with=phone", "phone", "phone", {"password1": PASSWORD}
)
OTHERS = (
    Door("login, wrong password", "/login/", "login", more={"password": "wrong horse battery"}),
    Door("code by mail", "/login/code/", "email"),
    Door("password reset by mail", "/password/reset/", "email"),
    Door("code by phone", "/login/code/?with=phone", "phone", "phone"),
    Door("password reset by phone", "/password/reset/phone/", "phone", "phone"),
)
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "hook that asks a vendor": {"script": VENDOR},
    "question": {"questions": QUESTION},
    "waterfall": {"enrichment": WATERFALL},
    "hook, question, waterfall": {
        "script": VENDOR,
        "questions": QUESTION,
        "enrichment": WATERFALL,
    },
}


def bench() -> None:
    """Print a table for each configuration."""
    for name, configuration in CONFIGURATIONS.items():
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            settings = {"BURNISH_LOGIN_METHODS": "email,phone"}
            with service(Path(folder), **settings) as url:
                _apply(Path(folder), **configuration)
                doors = [SIGN_UP, PHONE_SIGN_UP]
                doors += OTHERS if name == "default" else ()
                for number, door in enumerate(doors):
                    _people(Path(folder), number)
                    rows.append((door.name, *_measured(url, door, number)))
        columns = ("form", "known ms", "unknown ms", "AUC")
        show(f"enumeration: {name}", METHOD, columns, rows)


def auc(higher: list[float], lower: list[float]) -> float:
    """Return how likely one of the first is greater than one of the second."""
    ordered = sorted(lower)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in higher)
    return wins / 2 / len(higher) / len(lower)


def _measured(url: str, door: Door, block: int) -> tuple[str, str, str]:
    post = _poster(url, door)
    for number in range(10):
        post(_who(door.kind, block, "warm", number))
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(TRIES):
        # The order changes, so that neither is always behind the other.
        kinds = list(taken) if number % 2 else list(taken)[::-1]
        for kind in kinds:
            taken[kind].append(post(_who(door.kind, block, kind, number)))
    known, unknown = taken["known"], taken["unknown"]
    return f"{median(known):.1f}", f"{median(unknown):.1f}", f"{auc(known, unknown):.2f}"


def _who(kind: str, block: int, group: str, number: int) -> str:
    """Return an address or a number; those of the group `known` have accounts."""
    if kind == "email":
        return f"{group}-{block}-{number}@nordlake.example"
    place = {"known": 0, "unknown": 1, "warm": 2}[group]
    return f"+4670{1740000 + block * 3000 + place * 1000 + number}"


def _poster(url: str, door: Door) -> Callable[[str], float]:
    """Return a function that posts a form for somebody, and returns the milliseconds it took."""
    client = httpx.Client(base_url=url, timeout=30)
    page = client.get(door.path)
    token = re.search(rf'name="{CSRF}" value="([^"]+)"', page.text)
    assert token
    cookie = SimpleCookie(page.headers["set-cookie"])["csrftoken"].value

    def post(who: str) -> float:
        visitor = next(visitors)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "cookie": f"csrftoken={cookie}",
            "x-forwarded-for": f"203.{visitor >> 16 & 255}.{visitor >> 8 & 255}.{visitor & 255}",
        }
        content = urlencode({door.field: who, CSRF: token[1], **door.more})
        client.cookies.clear()
        began = time.perf_counter()
        answer = client.post(door.path, content=content, headers=headers)
        taken = (time.perf_counter() - began) * 1000
        # Wrong passwords are answered with the form, all else leads on.
        expected = 200 if door.path == "/login/" else 302
        assert answer.status_code == expected, answer.text
        return taken

    return post


def _people(folder: Path, block: int) -> None:
    """Import those who have accounts, with an address and a number each."""
    file = folder / f"people-{block}.ndjson"
    hashed = HASH.hash(PASSWORD)
    rows = (
        {
            "email": _who("email", block, "known", number),
            "email_verified": True,
            "phone_number": _who("phone", block, "known", number),
            "phone_number_verified": True,
            "password": {"type": "argon2", "password_hash": hashed},
        }
        for number in range(TRIES)
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    _burnish(folder, "users", "import", str(file))


def _apply(folder: Path, script: str = "", **fragments: Any) -> None:
    config: dict[str, Any] = {
        "user_profile": {"custom_attributes": {"attributes": ATTRIBUTES}},
        **fragments,
    }
    if script:
        (folder / "deno").mkdir()
        (folder / "deno/bench.ts").write_text(script)
        handler = {"event": "user.pre_create", "url": "authgeardeno:///deno/bench.ts"}
        config["hook"] = {"blocking_handlers": [handler]}
    (folder / "burnish.yaml").write_text(yaml.safe_dump(config))
    _burnish(folder, "config", "apply", str(folder / "burnish.yaml"))


def _burnish(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "burnish", *arguments, "--data-dir", str(folder / "var")]
    subprocess.run(command, check=True, env=environment(), stdout=subprocess.DEVNULL)
