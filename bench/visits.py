"""What visitors of a crowd do, with Burnish and with its peers."""

import itertools
import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.people import AFTER, PASSWORD
from bench.wire import Answer, Visitor

names = itertools.count()
VERIFIER = "only-for-benches-" * 3
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
IN_TURN = {"login": "refresh", "refresh": "userinfo", "userinfo": "sign-up", "sign-up": "login"}


async def userinfo(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Read the attributes that a token is good for."""
    token = told["tokens"][number % len(told["tokens"])]
    answer = await visitor.get("userinfo", told["path"], authorization=f"Bearer {token}")
    assert answer.status == 200, (answer.status, answer.body)
    assert b"value number 19" in answer.body, answer.body


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


async def mixed(visitor: Visitor, told: dict[str, Any], number: int) -> None:
    """Come in from an app, then refresh its tokens, ask who it is, and send somebody to sign up."""
    kind = visitor.kept.get("next", "login")
    if kind == "login":
        code = await _come_in(visitor, told["emails"][number % len(told["emails"])], number)
        await _tokens(
            visitor,
            "code",
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": AFTER,
                "code_verifier": VERIFIER,
            },
        )
    elif kind == "refresh":
        fields = {"grant_type": "refresh_token", "refresh_token": visitor.kept["refresh_token"]}
        await _tokens(visitor, "refresh", fields)
    elif kind == "userinfo":
        await userinfo(visitor, {**told, "tokens": [visitor.kept["access_token"]]}, 0)
    else:
        await _send_off(visitor, number, x_page="signup")
        fields = {"email": new_address(), "password1": PASSWORD, "next": visitor.kept["location"]}
        await _fill_in(visitor, "sign-up", fields)
    visitor.kept["next"] = IN_TURN[kind]


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


async def _come_in(visitor: Visitor, email: str, number: int) -> str:
    """Sign in on the way from an app; return the code it is answered with."""
    await _send_off(visitor, number)
    fields = {"login": email, "password": PASSWORD, "next": visitor.kept["location"]}
    answer = await _fill_in(visitor, "login", fields)
    answer = await visitor.get("authorize", answer.header("location"))
    back = answer.header("location")
    assert back.startswith(AFTER), (answer.status, answer.headers)
    return parse_qs(urlsplit(back).query)["code"][0]


async def _send_off(visitor: Visitor, number: int, **more: str) -> None:
    """Arrive from an app in a browser we have not seen before, and see the page one is sent to."""
    visitor.address = f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    visitor.cookies.clear()
    asked = {
        "client_id": "bench",
        "redirect_uri": AFTER,
        "response_type": "code",
        "scope": "openid offline_access",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }
    answer = await visitor.get("authorize", f"/oauth2/authorize?{urlencode(asked)}")
    page = answer.header("location")
    assert answer.status == 302, (answer.status, answer.body)
    visitor.kept["page"] = page
    visitor.kept["location"] = parse_qs(urlsplit(page).query)["next"][0]
    assert (await visitor.get("page", page)).status == 200


async def _fill_in(visitor: Visitor, kind: str, fields: dict[str, str]) -> Answer:
    token = visitor.cookies["csrftoken"]
    answer = await visitor.post(kind, visitor.kept["page"], fields, **{"x-csrftoken": token})
    assert answer.status == 302, (answer.status, answer.body)
    return answer


async def _tokens(visitor: Visitor, kind: str, fields: dict[str, str]) -> None:
    answer = await visitor.post(kind, "/oauth2/token", {"client_id": "bench", **fields})
    assert answer.status == 200, (answer.status, answer.body)
    said = json.loads(answer.body)
    visitor.kept |= {name: said[name] for name in ("access_token", "refresh_token")}


async def _post_json(visitor: Visitor, kind: str, path: str, said: dict[str, str]) -> None:
    headers = {"content-type": "application/json", "origin": "http://127.0.0.1"}
    answer = await visitor.ask(kind, path, body=json.dumps(said).encode(), headers=headers)
    assert answer.status == 200, (answer.status, answer.body)
