"""Sending one request to a vendor, within bounds of time, size and address."""

import asyncio
import ssl

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from burnish.outbound import Outbound
from burnish.resolving import PublicResolver, Refused, require_public

MAX_ANSWER = 2 * 1024 * 1024
"""The longest answer that is read, unpacked, in bytes."""

CONNECTIONS_A_HOST = 256


class Unreachable(Exception):
    """There was no whole answer; the message says why, without the address that was asked."""


class TooLong(Exception):
    """The answer is longer than anything a vendor has to say."""


class Client:
    """Sends requests over pooled connections. Belongs to the event loop that uses it.

    Redirects are not followed, private addresses are not reached, cookies are not kept.
    """

    def __init__(self, outbound: Outbound, trust: ssl.SSLContext | None = None) -> None:
        """Keep the policy; connections are made when first needed.

        `trust` says whose certificates are believed, if not those the system believes.
        """
        self._outbound = outbound
        self._trust: ssl.SSLContext | bool = trust or True
        self._transport = AiohttpTransport(client=self._session, trust_env=False)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer. Raises `Unreachable`, `TooLong`, or `TimeoutError`."""
        try:
            return await self._exchange(self._aimed(request))
        except TimeoutError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            raise Unreachable(_why(error)) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    def _aimed(self, request: httpx.Request) -> httpx.Request:
        url = str(request.url)
        target = self._outbound.target(url)
        if target is None:
            require_public(url, self._outbound)
            target = url
        # The transport names the host that is really called.
        headers = [(name, value) for name, value in request.headers.items() if name != "host"]
        return httpx.Request(
            request.method,
            target,
            headers=[("Accept-Encoding", "gzip"), ("User-Agent", "Burnish"), *headers],
            content=request.content,
        )

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise TooLong
        finally:
            # Reading on to the end of what nobody wants would keep the connection, at a price.
            await response.aclose()
        kept = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name not in ("content-encoding", "content-length", "transfer-encoding")
        ]
        return httpx.Response(response.status_code, headers=kept, content=bytes(body))

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                limit_per_host=CONNECTIONS_A_HOST,
                resolver=PublicResolver(self._outbound),
                ssl=self._trust,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            trust_env=False,
            max_field_size=32 * 1024,
        )


def _why(error: BaseException) -> str:
    causes: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in causes:
        causes.append(at)
        at = getattr(at, "os_error", None) or at.__cause__ or at.__context__
    for cause in causes:
        match cause:
            case Refused():
                return str(cause)
            case aiohttp.ClientConnectorCertificateError():
                return "its certificate cannot be trusted"
            case aiohttp.ClientSSLError():
                return "no encrypted connection could be made"
            case aiohttp.ClientConnectorDNSError():
                return "its name is not known"
            case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
                return "it closed the connection before it had answered"
            case asyncio.IncompleteReadError() | httpx.ReadError():
                return "it closed the connection before it had answered"
            case httpx.DecodingError():
                return "its answer cannot be unpacked"
    return "it refused the connection, or could not be reached"
