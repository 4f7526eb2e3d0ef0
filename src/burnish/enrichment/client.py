"""Sending one request to a vendor, within bounds of time, size and address."""

import asyncio
import ssl
import zlib

import aiohttp
import httpx
import yarl

from burnish.outbound import Outbound
from burnish.resolving import PublicResolver, Refused, destination

MAX_ANSWER = 2 * 1024 * 1024
"""The longest answer that is read, unpacked, in bytes."""

CONNECTIONS_A_HOST = 256

ORIGINS = 1000
"""Of how many origins it is remembered where they lead."""

_HEADERS = (("Accept-Encoding", "gzip"), ("User-Agent", "Burnish"))
# Headers that say how the request travels, which is not for the provider to say.
_OURS = ("host", "content-length", "transfer-encoding")
_PACKING = (b"content-encoding", b"content-length", b"transfer-encoding")
_UNPACKED = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


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
        self._pool: aiohttp.ClientSession | None = None
        self._rewritten: dict[tuple[str, bytes], str] = {}

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer. Raises `Unreachable`, `TooLong`, or `TimeoutError`."""
        try:
            return await self._exchange(request, self._target(request.url))
        except TimeoutError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            raise Unreachable(_why(error)) from None
        except (zlib.error, ValueError):
            raise Unreachable("its answer cannot be unpacked") from None

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()

    def _target(self, url: httpx.URL) -> str:
        """Return the address to call for one that was asked for."""
        origin = url.scheme, url.netloc
        if (instead := self._rewritten.get(origin)) is None:
            path = url.raw_path.decode("ascii")
            asked = str(url)
            target = str(destination(asked, self._outbound, encoded=True))
            instead = target.removesuffix(path)
            if instead == target:
                return target
            if len(self._rewritten) < ORIGINS:
                self._rewritten[origin] = instead
        return instead + url.raw_path.decode("ascii")

    async def _exchange(self, request: httpx.Request, target: str) -> httpx.Response:
        if self._pool is None:
            self._pool = self._session()
        headers = [(name, value) for name, value in request.headers.items() if name not in _OURS]
        async with self._pool.request(
            request.method,
            yarl.URL(target, encoded=True),
            headers=[*_HEADERS, *headers],
            data=request.content or None,
            allow_redirects=False,
            compress=False,
        ) as answer:
            # What nobody wants is not read to its end: that would keep the connection, at a price.
            body = await _bounded(answer)
        kept = [(name, value) for name, value in answer.raw_headers if name.lower() not in _PACKING]
        return httpx.Response(answer.status, headers=kept, content=body)

    def _session(self) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                limit_per_host=CONNECTIONS_A_HOST,
                resolver=PublicResolver(self._outbound),
                ssl=self._trust,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            max_field_size=32 * 1024,
        )
        # Whoever closes a connection may have done, and charged, what was asked: a lookup is one
        # request, and nothing is sent again behind its back.
        session._retry_connection = False
        return session


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    """Return an answer's body, unpacked. Raises `TooLong`."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            raise TooLong
    packing = answer.headers.get("Content-Encoding", "").strip().lower()
    if not body or packing in ("", "identity"):
        return bytes(body)
    if packing not in _UNPACKED:
        raise ValueError(packing)
    unpacking = zlib.decompressobj(_UNPACKED[packing])
    unpacked = unpacking.decompress(body, MAX_ANSWER + 1)
    if len(unpacked) > MAX_ANSWER:
        raise TooLong
    return unpacked


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
            case asyncio.IncompleteReadError():
                return "it closed the connection before it had answered"
    return "it refused the connection, or could not be reached"
