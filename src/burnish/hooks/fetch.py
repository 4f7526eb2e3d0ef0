"""Requests that scripts may not send themselves: to rewritten origins and to excepted private ones.

Everything else a script sends by itself, from a process that cannot reach a private address.
"""

import base64
from collections.abc import Mapping
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from burnish.outbound import Outbound

MAX_BODY = 10 * 1024 * 1024
SECONDS = 60.0

# They speak of the body as it travelled; the script gets it unpacked.
OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding", "connection"}
# The transport writes these itself, from the address that is really called.
OF_THE_TRANSPORT = {"host", "content-length", "transfer-encoding", "connection"}


class HostedFetch:
    """Sends requests on behalf of scripts, over pooled connections."""

    def __init__(self, outbound: Outbound) -> None:
        """Keep the policy; connections are made when first needed."""
        self._outbound = outbound
        self._transport = AiohttpTransport(client=session, trust_env=False)

    async def send(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request and return the answer (redirects too), or `{"error": sentence}`.

        `asked` has url, method, headers (pairs) and body (base64 or null); the answer has status,
        statusText, headers and body. The worker is not trusted: the address is judged again.
        """
        url = str(asked["url"])
        target = self._outbound.target(url)
        if target is None:
            return {"error": f"Burnish does not send requests to {url} for scripts"}
        headers = [(k, v) for k, v in asked["headers"] if k.lower() not in OF_THE_TRANSPORT]
        body = base64.b64decode(asked["body"]) if asked["body"] else None
        limits = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
        try:
            request = httpx.Request(
                asked["method"],
                target,
                headers=headers,
                content=body,
                extensions={"timeout": limits},
            )
            return self._answer(url, *await self._exchange(request))
        except httpx.HTTPError as error:
            return {"error": f"The request to {url} failed: {error or type(error).__name__}"}
        except (ValueError, TypeError) as error:
            return {"error": f"The request to {url} cannot be sent: {error}"}

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        response = await self._transport.handle_async_request(request)
        response.request = request
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    raise httpx.ReadError("the answer is longer than 10 MiB")
        finally:
            await response.aclose()
        return response, bytes(body)

    def _answer(self, url: str, response: httpx.Response, body: bytes) -> dict[str, Any]:
        headers = [
            (name, self._outbound.shown(url, value) if name.lower() == "location" else value)
            for name, value in response.headers.multi_items()
            if name.lower() not in OF_THE_WIRE
        ]
        return {
            "status": response.status_code,
            "statusText": response.reason_phrase,
            "headers": headers,
            "body": base64.b64encode(body).decode("ascii"),
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


def session() -> aiohttp.ClientSession:
    """Return a session that keeps connections, and no cookies: scripts share it."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
