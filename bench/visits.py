"""What visitors of a crowd do, with Burnish and with its peers."""

import itertools
import json
import os
from typing import Any

from bench.people import PASSWORD
from bench.wire import Visitor

names = itertools.count()


async def userinfo(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Read the attributes that a token is good for."""
    token = told["tokens"][number % len(told["tokens"])]
    answer = await visitor.get("userinfo", told["path"], authorization=f"Bearer {token}")
    assert answer.status == 200, (answer.status, answer.body)


async def session(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Read a session of Better Auth, and the user it belongs to."""
    cookie = told["cookies"][number % len(told["cookies"])]
    answer = await visitor.get("session", "/api/auth/get-session", cookie=cookie)
    assert answer.status == 200, (answer.status, answer.body)
    assert b"value number 19" in answer.body, answer.body


async def sign_up(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Sign somebody new up, by the form; the page it is on is fetched once by each visitor."""
    fields = {"email": new_address(), "password1": PASSWORD}
    await _send_form(visitor, "sign-up", "/signup/", fields, number)


async def login(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Sign somebody in who has signed up before, by the form."""
    fields = {"login": told["emails"][number % len(told["emails"])], "password": PASSWORD}
    await _send_form(visitor, "login", "/login/", fields, number)


async def better_auth_sign_up(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Sign somebody new up."""
    visitor.cookies.clear()
    said = {"email": new_address(), "password": PASSWORD, "name": "Given Family"}
    await _post_json(visitor, "sign-up", "/api/auth/sign-up/email", said)


async def better_auth_login(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Sign somebody in who has signed up before."""
    visitor.cookies.clear()
    said = {"email": told["emails"][number % len(told["emails"])], "password": PASSWORD}
    await _post_json(visitor, "login", "/api/auth/sign-in/email", said)


def new_address() -> str:
    """Return an e-mail address nobody has."""
    return f"new-{os.getpid()}-{next(names)}@nordlake.example"


async def _send_form(
    visitor: Visitor, kind: str, path: str, fields: dict[str, str], number: int
) -> None:
    # Somebody else each time, from an address of their own, whom we have not seen before.
    visitor.address = f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    kept = visitor.cookies.pop("csrftoken", "")
    visitor.cookies.clear()
    if not kept:
        assert (await visitor.get("page", path)).status == 200
        kept = visitor.cookies.pop("csrftoken")
        visitor.taken.clear()
    visitor.cookies["csrftoken"] = kept
    answer = await visitor.post(kind, path, fields, **{"x-csrftoken": kept})
    assert answer.status == 302, (answer.status, answer.body)


async def _post_json(visitor: Visitor, kind: str, path: str, said: dict[str, str]) -> None:
    headers = {"content-type": "application/json", "origin": "http://127.0.0.1"}
    answer = await visitor.ask(kind, path, body=json.dumps(said).encode(), headers=headers)
    assert answer.status == 200, (answer.status, answer.body)
