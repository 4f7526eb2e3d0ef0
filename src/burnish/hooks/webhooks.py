"""Posting events to webhooks, over pooled connections.

Nothing is followed, nothing private is reached, and no answer can take more time or memory than
was allowed.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from burnish.hooks import signature, wire
from burnish.hooks.reply import Reply, Request
from burnish.hooks.trouble import Trouble
from burnish.hooks.webhook import Webhook
from burnish.outbound import Outbound
from burnish.resolving import PublicResolver, Refused, destination

MAX_ANSWER = 1024 * 1024
KEPT_TEXT = 2048
CONNECTIONS_A_HOST = 256
LONGEST_RETRY_AFTER = 24 * 3600.0

NO_ANSWER = 'The webhook answered nothing; it must answer with JSON such as {"is_allowed": true}.'


class Webhooks:
    """Posts events; one pool of connections for all. Belongs to the event loop that uses it."""

    def __init__(self, outbound: Outbound, trust: ssl.SSLContext | None = None) -> None:
        """Keep the policy; connections are made when first needed.

        `trust` says whose certificates are believed, if not those the system believes.
        """
        self._outbound = outbound
        self._trust: ssl.SSLContext | bool = trust or True
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        webhook: Webhook,
        envelope: Mapping[str, Any],
        seconds: float,
        *,
        wants_answer: bool,
    ) -> Reply:
        """Post an event and return what came of it, within `seconds`.

        Without `wants_answer` any answer from 200 to 299 will do. Raises nothing for a fault of
        the other side.
        """
        began = time.monotonic()
        host = urlsplit(webhook.url).hostname or ""
        if not webhook.keys:
            return Reply(None, _unknown("there is no key to sign with; make one"), 0.0)
        status: int | None = None
        text, retry_after, body = "", None, b""
        try:
            async with asyncio.timeout(seconds):
                async with self._request(webhook, envelope) as response:
                    status = response.status
                    retry_after = _retry_after(response.headers.get("Retry-After"))
                    body = await _read(response)
            answer, trouble = _judge(status, body, wants_answer)
        except TimeoutError:
            answer, trouble = None, _too_slow(seconds)
        except _TooLong:
            answer, trouble = None, _invalid("The webhook's answer is longer than 1 MiB.")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            answer, trouble = None, _unknown(_why(error, host))
        ms = (time.monotonic() - began) * 1000
        if trouble:
            text = body[:KEPT_TEXT].decode("utf-8", "replace")
        requests = (Request(host, status, ms),)
        return Reply(
            answer,
            trouble,
            ms,
            requests=requests,
            status=status,
            text=text,
            retry_after=retry_after,
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _request(
        self, webhook: Webhook, envelope: Mapping[str, Any]
    ) -> aiohttp.client._RequestContextManager:
        url = destination(webhook.url, self._outbound)
        body = wire.encode(envelope)
        signed = signature.headers(envelope["id"], int(time.time()), body, webhook.keys)
        return self._pool().post(
            url,
            data=body,
            headers={"Content-Type": "application/json", **signed},
            allow_redirects=False,
        )

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    limit_per_host=CONNECTIONS_A_HOST,
                    resolver=PublicResolver(self._outbound),
                    ssl=self._trust,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"User-Agent": "Burnish"},
                trust_env=False,
                max_field_size=32 * 1024,
            )
        return self._session


class _TooLong(Exception):
    pass


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            response.close()
            raise _TooLong
    return bytes(body)


def _judge(status: int, body: bytes, wants_answer: bool) -> tuple[Any, Trouble | None]:
    if not 200 <= status <= 299:
        return None, _wrong_status(status)
    if not wants_answer:
        return None, None
    if not body.strip():
        return None, _invalid(NO_ANSWER)
    try:
        return wire.decode(body), None
    except wire.NotJSON as error:
        info = {} if error.byte_offset is None else {"byte_offset": error.byte_offset}
        return None, _invalid(f"The webhook's answer cannot be read: {error}.", info)


def _retry_after(header: str | None) -> float | None:
    """Return the seconds a `Retry-After` header (RFC 9110, 10.2.3) asks for, a day at most."""
    if header is None:
        return None
    try:
        if header.strip().isascii() and header.strip().isdigit():
            seconds = float(header)
        else:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _wrong_status(status: int) -> Trouble:
    message = f"invalid status code: the webhook answered {status}; it must answer 200 to 299"
    if 300 <= status <= 399:
        message += ", and redirects are not followed: set the address it leads to"
    info = {"status_code": status}
    return Trouble("InternalError", "HookInvalidResponse", 500, f"{message}.", info=info)


def _invalid(message: str, info: dict[str, Any] | None = None) -> Trouble:
    return Trouble("InternalError", "HookInvalidResponse", 500, message, info=info or {})


def _too_slow(seconds: float) -> Trouble:
    message = f"webhook delivery timeout: there was no whole answer within {seconds:g} s."
    return Trouble("InternalError", "HookDeliveryTimeout", 500, message)


def _unknown(reason: str) -> Trouble:
    message = f"failed to deliver webhook: {reason}."
    return Trouble("InternalError", "HookDeliveryUnknownFailure", 500, message)


def _why(error: Exception, host: str) -> str:
    match error:
        case Refused():
            return str(error)
        case aiohttp.ClientConnectorCertificateError():
            reason = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
            return f"the certificate of {host} cannot be trusted: {reason.rstrip('.')}"
        case aiohttp.ClientConnectorSSLError() | aiohttp.ClientSSLError():
            return f"no encrypted connection to {host} could be made"
        case aiohttp.ClientConnectorDNSError():
            cause = error.os_error
            return str(cause) if isinstance(cause, Refused) else f"{host} is not known"
        case aiohttp.ClientConnectorError():
            return f"{host} refused the connection, or could not be reached"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            return f"{host} closed the connection before it had answered"
        case aiohttp.InvalidURL() | ValueError():
            return "the address cannot be used; write it as https://host.example/path"
    return f"the connection to {host} failed ({type(error).__name__})"
