"""A small HTTP client: what a crowd of visitors costs is not what a bench wants to measure."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

HEAD_END = b"\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """An answer; the body of one that came in chunks has their marks still in it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self.came = b""
        self.answered: asyncio.Future[Answer] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.came += data
        answer = _parse(self.came)
        if answer and self.answered and not self.answered.done():
            self.came = b""
            self.answered.set_result(answer)
            self.answered = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.answered and not self.answered.done():
            self.answered.set_exception(exc or ConnectionResetError("closed before it answered"))


def _parse(came: bytes) -> Answer | None:
    """Return the answer once it is all there."""
    end = came.find(HEAD_END)
    if end < 0:
        return None
    lines = came[:end].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:])
    headers = [(name.lower(), value.strip()) for name, _, value in pairs]
    body = came[end + len(HEAD_END) :]
    told = dict(headers)
    if told.get("transfer-encoding") == "chunked":
        if not came.endswith(LAST_CHUNK):
            return None
    elif len(body) < int(told.get("content-length", 0)):
        return None
    return Answer(int(lines[0][9:12]), headers, body)


@dataclass
class Visitor:
    """Somebody with a connection and cookies, who comes from an address of their own.

    What they ask is noted as (kind, milliseconds), in `taken`; what a visit leaves for the next
    one, in `kept`.
    """

    url: str
    address: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, float]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    _line: _Line | None = None

    async def ask(
        self, kind: str, path: str, *, body: bytes | None = None, headers: dict[str, str]
    ) -> Answer:
        """Send a request, a POST where it has a body."""
        loop = asyncio.get_running_loop()
        at = urlsplit(self.url)
        if self._line is None or self._line.transport is None:
            _, self._line = await loop.create_connection(_Line, at.hostname, at.port)
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"host: {at.netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.address:
            lines.append(f"x-forwarded-for: {self.address}")
        if self.cookies:
            lines.append("cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if body is not None:
            lines.append(f"content-length: {len(body)}")
        began = loop.time()
        self._line.answered = loop.create_future()
        assert self._line.transport
        self._line.transport.write("\r\n".join(lines).encode() + HEAD_END + (body or b""))
        answer = await self._line.answered
        self.taken.append((kind, (loop.time() - began) * 1000))
        for name, value in answer.headers:
            if name == "set-cookie":
                key, _, said = value.partition(";")[0].partition("=")
                self.cookies[key] = said
        return answer

    async def get(self, kind: str, path: str, **headers: str) -> Answer:
        return await self.ask(kind, path, headers=headers)

    async def post(self, kind: str, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form."""
        form = {"content-type": "application/x-www-form-urlencoded"}
        return await self.ask(
            kind, path, body=urlencode(fields).encode(), headers={**form, **headers}
        )
