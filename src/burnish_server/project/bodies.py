"""Requests whose body nobody has read, as one that is refused by its headers.

On a connection that is kept alive (RFC 9112, 9.3), what is left of a body stands before the next
request: a server that cannot get past it closes the connection, and whoever has sent the next
request meanwhile, as a proxy does for somebody else, loses it.
"""

from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LONGEST = 16 * 1024 * 1024
"""Bytes of an unread body that are read all the same; a connection with more of it is closed."""
PIECE = 64 * 1024


class ReadToTheEnd:
    """Reads what is left of a request's body before it is answered, or says that it closes."""

    def __init__(self, application: Application) -> None:
        """Wrap a WSGI application (PEP 3333)."""
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not _has_body(environ):
            return self._application(environ, start_response)
        begun: list[Any] = []
        answer = self._application(environ, lambda *words: begun.append(words))
        status, headers, *rest = begun[-1]
        if not _is_at_its_end(environ):
            headers = [*headers, ("Connection", "close")]
        start_response(status, headers, *rest)
        return answer


def _has_body(environ: Environ) -> bool:
    chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
    return chunked or environ.get("CONTENT_LENGTH", "") not in ("", "0")


def _is_at_its_end(environ: Environ) -> bool:
    """Read what is left of the body; say whether all of it was read.

    Somebody who waits for leave to send it (Expect: 100-continue) is not given it for nothing.
    """
    if environ.get("HTTP_EXPECT"):
        return False
    left = LONGEST
    while left > 0:
        piece = environ["wsgi.input"].read(min(PIECE, left))
        if not piece:
            return True
        left -= len(piece)
    return not environ["wsgi.input"].read(1)
