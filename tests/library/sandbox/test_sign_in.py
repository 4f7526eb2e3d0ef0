"""The stand-in of a service people sign in with."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import aiohttp

from burnish.sandbox import serve, sign_in

BACK = "http://127.0.0.1:8000/social/oidc/sandbox/login/callback/"


async def test_who_is_picked_is_vouched_for() -> None:
    async with serve((sign_in.VENDOR,)) as rewrites, aiohttp.ClientSession() as client:
        here = rewrites[sign_in.ORIGIN]
        told = await (await client.get(f"{here}/.well-known/openid-configuration")).json()
        query = {"redirect_uri": BACK, "state": "s&1"}
        page = await (await client.get(told["authorization_endpoint"], params=query)).text()
        links = [html.unescape(one) for one in re.findall(r'href="([^"]+)"', page)]
        carried = parse_qs(urlsplit(links[0]).query)
        form = {"code": carried["code"][0]}
        given = await (await client.post(f"{here}/token", data=form)).json()
        headers = {"Authorization": f"Bearer {given['access_token']}"}
        who = await (await client.get(f"{here}/userinfo", headers=headers)).json()

    assert told["authorization_endpoint"].startswith(here)
    assert links[0].startswith(BACK)
    assert carried["state"] == ["s&1"]
    assert who["sub"] == who["email"] == form["code"]
    assert who["name"] in page
    assert "error=access_denied" in links[-1]


async def test_what_was_not_given_is_refused() -> None:
    async with serve((sign_in.VENDOR,)) as rewrites, aiohttp.ClientSession() as client:
        here = rewrites[sign_in.ORIGIN]
        script = {"redirect_uri": "javascript:alert(1)"}
        assert (await client.get(f"{here}/authorize", params=script)).status == 400
        assert (await client.post(f"{here}/token", data={"code": "nobody@x.example"})).status == 400
        assert (await client.get(f"{here}/userinfo")).status == 401
