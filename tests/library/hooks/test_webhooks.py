"""Webhooks: whatever the other side does, what comes back is an answer or a clear trouble."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from burnish.hooks import signature
from burnish.hooks.reply import Reply
from burnish.hooks.webhook import Webhook
from burnish.hooks.webhooks import Webhooks
from burnish.outbound import Outbound

ENVELOPE = {"id": "0000000000001f4a", "seq": 8010, "type": "user.pre_create", "payload": {}}
KEYS = (b"old", b"new")

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answer connections as told, byte for byte, and return the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def request(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    pairs = (line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    return headers, await reader.readexactly(int(headers["content-length"]))


def saying(status: str, body: bytes = b"", *headers: str) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


async def posted(
    port: int,
    *,
    seconds: float = 5.0,
    wants_answer: bool = True,
    url: str = "",
    trust: ssl.SSLContext | None = None,
) -> Reply:
    url = url or f"http://127.0.0.1:{port}/hook"
    excepted = (f"127.0.0.1:{port}", f"localhost:{port}")
    webhooks = Webhooks(Outbound(allow_private=excepted), trust)
    try:
        return await webhooks.post(Webhook(url, KEYS), ENVELOPE, seconds, wants_answer=wants_answer)
    finally:
        await webhooks.close()


async def test_an_event_arrives_signed_both_ways_and_its_answer_comes_back() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request(reader))
        body = b'{"is_allowed": true}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async with listening(answer) as port:
        reply = await posted(port)

    headers, body = seen[0]
    assert reply.body == {"is_allowed": True}
    assert (reply.trouble, reply.status) == (None, 200)
    assert [(one.host, one.status) for one in reply.requests] == [("127.0.0.1", 200)]
    assert json.loads(body) == ENVELOPE
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == ENVELOPE["id"]
    for secret in ("old", "new"):
        signature.verify(headers, body, [secret])
    legacy = {"x-authgear-body-signature": headers["x-authgear-body-signature"]}
    signature.verify(legacy, body, ["old"])


INVALID, UNKNOWN = "HookInvalidResponse", "HookDeliveryUnknownFailure"
REPLIES: dict[str, tuple[Answer, str, str, dict[str, Any]]] = {
    "500": (saying("500 Oops", b"it broke"), INVALID, "answered 500", {"status_code": 500}),
    "302": (
        saying("302 Found", b"", "Location: http://127.0.0.1:1/elsewhere"),
        INVALID,
        "redirects are not followed",
        {"status_code": 302},
    ),
    "404": (saying("404 Not Found"), INVALID, "answered 404", {"status_code": 404}),
    "204": (saying("204 No Content"), INVALID, "answered nothing", {}),
    "empty": (saying("200 OK"), INVALID, "answered nothing", {}),
    "not JSON": (saying("200 OK", b"<html>"), INVALID, "is not JSON", {"byte_offset": 0}),
    "a name twice": (
        saying("200 OK", b'{"is_allowed":false,"is_allowed":true}'),
        INVALID,
        "stands twice",
        {},
    ),
    "wrong charset": (
        saying(
            "200 OK",
            '{"is_allowed":false,"title":"é"}'.encode("latin-1"),
            "Content-Type: application/json; charset=latin-1",
        ),
        INVALID,
        "not text in UTF-8",
        {"byte_offset": 29},
    ),
    "50 MB": (
        saying("200 OK", b'"' + b"x" * 50_000_000 + b'"'),
        INVALID,
        "longer than 1 MiB",
        {},
    ),
}


@pytest.mark.parametrize("what", REPLIES)
async def test_a_webhook_that_answers(what: str) -> None:
    answer, reason, words, info = REPLIES[what]

    async with listening(answer) as port:
        reply = await posted(port)

    assert reply.body is None
    assert reply.trouble is not None
    assert (reply.trouble.name, reply.trouble.status) == ("InternalError", 500)
    assert (reply.trouble.reason, reply.trouble.info) == (reason, info)
    assert words in reply.trouble.message
    assert len(reply.text) <= 2048


async def test_a_webhook_that_is_only_told_may_answer_anything_that_is_a_success() -> None:
    for answer in (saying("204 No Content"), saying("202 Accepted", b"thank you")):
        async with listening(answer) as port:
            assert (await posted(port, wants_answer=False)).trouble is None


async def test_an_answer_that_trickles_in_ends_with_its_time() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with listening(trickle) as port:
        reply = await asyncio.wait_for(posted(port, seconds=0.3), 5)

    assert reply.trouble is not None
    assert reply.trouble.reason == "HookDeliveryTimeout"
    assert "webhook delivery timeout" in reply.trouble.message


async def test_a_webhook_that_says_nothing_ends_with_its_time() -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        await asyncio.sleep(3)

    async with listening(silence) as port:
        reply = await asyncio.wait_for(posted(port, seconds=0.2), 5)

    assert reply.trouble is not None
    assert reply.trouble.reason == "HookDeliveryTimeout"


async def test_a_connection_closed_half_way_is_a_failed_delivery() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request(reader)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"is_allo')
        await writer.drain()

    async with listening(half) as port:
        reply = await posted(port)

    assert reply.trouble is not None
    assert reply.trouble.reason == UNKNOWN
    assert "closed the connection" in reply.trouble.message


async def test_a_refused_connection_is_a_failed_delivery() -> None:
    async with listening(saying("200 OK")) as port:
        pass

    reply = await posted(port)

    assert reply.trouble is not None
    assert reply.trouble.reason == UNKNOWN
    assert "refused the connection" in reply.trouble.message


async def test_an_unknown_host_is_a_failed_delivery() -> None:
    reply = await posted(1, url="https://nowhere.nordlake.example/hook")

    assert reply.trouble is not None
    assert reply.trouble.message == (
        "failed to deliver webhook: nowhere.nordlake.example is not known."
    )


@pytest.mark.parametrize(
    ("name", "believed"),
    [("hooks.nordlake.example", True), ("localhost", False)],
    ids=["another name", "nobody vouches for it"],
)
async def test_a_certificate_is_not_trusted_for(name: str, believed: bool, tmp_path: Path) -> None:
    tls, trust = certificate(tmp_path, name)

    async with listening(saying("200 OK", b'{"is_allowed":true}'), tls) as port:
        url = f"https://localhost:{port}/hook"
        reply = await posted(port, url=url, trust=trust if believed else None)

    assert reply.trouble is not None
    assert reply.trouble.reason == UNKNOWN
    assert "the certificate of localhost cannot be trusted" in reply.trouble.message


async def test_a_certificate_somebody_vouches_for_is_trusted_for_its_own_name(
    tmp_path: Path,
) -> None:
    tls, trust = certificate(tmp_path, "localhost")

    async with listening(saying("200 OK", b'{"is_allowed":true}'), tls) as port:
        reply = await posted(port, url=f"https://localhost:{port}/hook", trust=trust)

    assert reply.body == {"is_allowed": True}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd00::5]", "[::ffff:a00:1]"]
)
async def test_a_private_address_is_not_called(host: str) -> None:
    webhooks = Webhooks(Outbound())

    reply = await webhooks.post(
        Webhook(f"http://{host}:9/hook", KEYS), ENVELOPE, 5.0, wants_answer=True
    )

    assert reply.trouble is not None
    assert reply.trouble.reason == UNKNOWN
    assert "is a private address" in reply.trouble.message
    assert f"outbound.allow_private has {host}:9" in reply.trouble.message


@pytest.mark.parametrize("host", ["①②⑦.0.0.1", "１２７.0.0.1", "127。0。0。1"])
async def test_a_host_that_only_becomes_private_as_it_is_read_is_not_called(host: str) -> None:
    async with listening(saying("200 OK", b'{"is_allowed":true}')) as port:
        webhooks = Webhooks(Outbound())
        url = f"http://{host}:{port}/hook"
        reply = await webhooks.post(Webhook(url, KEYS), ENVELOPE, 5.0, wants_answer=True)
        await webhooks.close()

    assert reply.trouble is not None
    assert "must be written in ASCII letters" in reply.trouble.message


async def test_a_name_that_leads_to_a_private_address_is_not_called() -> None:
    async with listening(saying("200 OK", b'{"is_allowed":true}')) as port:
        webhooks = Webhooks(Outbound())
        url = f"http://localhost:{port}/hook"
        reply = await webhooks.post(Webhook(url, KEYS), ENVELOPE, 5.0, wants_answer=True)
        await webhooks.close()

    assert reply.trouble is not None
    assert "localhost is a private address" in reply.trouble.message


async def test_a_rewritten_origin_is_called_in_the_vendor_s_place() -> None:
    async with listening(saying("200 OK", b'{"is_allowed":true}')) as port:
        vendor = "https://hooks.nordlake.example"
        webhooks = Webhooks(Outbound(rewrites={vendor: f"http://127.0.0.1:{port}"}))
        reply = await webhooks.post(
            Webhook(f"{vendor}/hook", KEYS), ENVELOPE, 5.0, wants_answer=True
        )
        await webhooks.close()

    assert reply.body == {"is_allowed": True}


async def test_nothing_is_posted_without_a_key_to_sign_with() -> None:
    reply = await Webhooks(Outbound()).post(
        Webhook("https://hooks.nordlake.example/"), ENVELOPE, 5.0, wants_answer=True
    )

    assert reply.trouble is not None
    assert "no key to sign with" in reply.trouble.message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("999999999", 86400), ("soon", None), ("-5", None), ("1.5", None)],
)
async def test_a_webhook_may_ask_to_be_left_alone(header: str, seconds: float | None) -> None:
    async with listening(saying("503 Busy", b"", f"Retry-After: {header}")) as port:
        reply = await posted(port, wants_answer=False)

    assert reply.retry_after == seconds


async def test_a_webhook_may_ask_to_be_left_alone_until_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    async with listening(saying("429 Slow", b"", f"Retry-After: {at}")) as port:
        reply = await posted(port, wants_answer=False)

    assert reply.retry_after is not None
    assert 50 < reply.retry_after <= 100


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's TLS with a certificate for this name, and the trust of its clients."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    return tls, ssl.create_default_context(cafile=str(pem))
