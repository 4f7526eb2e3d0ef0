"""Answers that no caller should trust: too long, of the wrong types, cut off."""

import json
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from aiohttp import web

MEGABYTE = 1_000_000
HUGE = 100 * MEGABYTE

GARBAGE = "<!doctype html>\n<title>It works!</title>\n<p>This is not the answer you asked for."


def garbage() -> web.Response:
    """Return what is not JSON."""
    return web.Response(text=GARBAGE, content_type="text/html")


def redirect() -> web.Response:
    """Return the way to where clouds tell their machines their secrets."""
    return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})


def drifted(answer: web.Response) -> web.Response:
    """Return the answer with other types: numbers for texts, lists for numbers."""
    return _changed(answer, _drifted)


def lengthened(answer: web.Response) -> web.Response:
    """Return the answer with texts of 1 MB each."""
    return _changed(answer, _lengthened)


async def huge(request: web.Request) -> web.StreamResponse:
    """Send 100 MB of JSON without saying so first."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"name": "')
    for _ in range(HUGE // MEGABYTE):
        await response.write(b"a" * MEGABYTE)
    await response.write(b'"}')
    return response


def bomb() -> web.Response:
    """Return some 100 kB that unpack to 100 MB of JSON."""
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    return web.Response(body=_bomb(), headers=headers)


async def half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Send the first half of the answer and close the connection."""
    whole = body_of(answer)
    response = web.StreamResponse(
        status=answer.status, headers={"Content-Type": "application/json"}
    )
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    if request.transport:
        request.transport.close()
    return response


def body_of(answer: web.StreamResponse) -> bytes:
    """Return the bytes of an answer; one that is streamed has none yet."""
    body = answer.body if isinstance(answer, web.Response) else b""
    return body if isinstance(body, bytes) else b""


@cache
def _bomb() -> bytes:
    """Return 100 MB of JSON in gzip, as one member: some readers stop after the first."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    text = (b"a" * MEGABYTE,) * (HUGE // MEGABYTE)
    parts = (b'{"name": "', *text, b'"}')
    return b"".join(map(packer.compress, parts)) + packer.flush()


def _changed(answer: web.Response, change: Callable[[Any], Any]) -> web.Response:
    try:
        body = change(json.loads(body_of(answer)))
    except ValueError:
        return answer
    if answer.status != 200:
        return answer
    return web.Response(body=json.dumps(body).encode(), headers=_type_of(answer))


def _type_of(answer: web.Response) -> dict[str, str]:
    return {"Content-Type": answer.headers.get("Content-Type", "application/json")}


def _drifted(value: Any) -> Any:
    match value:
        case dict():
            return {name: _drifted(inner) for name, inner in value.items()}
        case list():
            return [_drifted(inner) for inner in value]
        case str():
            # Readers may take digits in a text for a number, so those become an object.
            return {"value": value} if any(map(str.isdigit, value)) else len(value)
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return [value]
        case _:
            return value


def _lengthened(value: Any) -> Any:
    match value:
        case dict():
            return {name: _lengthened(inner) for name, inner in value.items()}
        case list():
            return [_lengthened(inner) for inner in value]
        case str():
            text = value or "a"
            return (text * (MEGABYTE // len(text) + 1))[:MEGABYTE]
        case _:
            return value
