"""How social providers are called: by the house's rules for calling outside, holding nothing.

allauth speaks with them by `requests`; what carries its requests here is the engine, which gives
the database connection back first, refuses private addresses and sends rewritten origins elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from burnish.errors import RuntimeUnavailable
from burnish.outbound import Outbound
from burnish.resolving import PublicResolver, destination
from burnish_server import engine

SECONDS = 5.0
"""How long a provider may take to answer."""
MOST = 1024 * 1024
"""Bytes of an answer that are read; a longer one is refused."""


def session() -> requests.Session:
    """Return a session whose requests go through the engine, and follow no redirect."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    made.adapters.clear()
    made.mount("https://", _Engine())
    made.mount("http://", _Engine())
    return made


class _Engine(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        try:
            status, headers, body = engine.run(
                lambda running: _fetch(request, running.outbound), SECONDS + 2
            )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, RuntimeUnavailable) as gone:
            raise requests.ConnectionError(str(gone) or type(gone).__name__) from None
        response = requests.Response()
        response.status_code, response._content = status, body
        response.headers = CaseInsensitiveDict(headers)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.url, response.request = request.url or "", request
        return response

    def close(self) -> None:
        """Hold nothing that would have to be closed."""


async def _fetch(
    request: requests.PreparedRequest, outbound: Outbound
) -> tuple[int, Mapping[str, str], bytes]:
    url = destination(request.url or "", outbound, encoded=True)
    connector = aiohttp.TCPConnector(resolver=PublicResolver(outbound))
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    headers = {name: str(value) for name, value in request.headers.items()}
    headers.pop("Content-Length", None)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout) as client,
        client.request(
            request.method or "GET",
            url,
            data=request.body,
            headers=headers,
            allow_redirects=False,
        ) as response,
    ):
        body = await response.content.read(MOST + 1)
        while len(body) <= MOST and (more := await response.content.read(MOST + 1 - len(body))):
            body += more
        if len(body) > MOST:
            raise ValueError("The answer is too long.")
        return response.status, dict(response.headers), body
