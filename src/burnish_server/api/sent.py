"""A body as it comes in: read in pieces and never held whole."""

from collections.abc import Iterator

from django.http import HttpRequest

from burnish_server.api.problems import Problem

PIECE = 256 * 1024


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body in pieces. Raises a problem where it ends before its declared length."""
    declared = request.headers.get("Content-Length")
    # Of a body without a declared length Django reads nothing; the server ends it by itself.
    stream = request if declared else request.environ["wsgi.input"]  # type: ignore[attr-defined]
    taken = 0
    while piece := stream.read(PIECE):
        taken += len(piece)
        yield piece
    if declared and taken < int(declared):
        raise Problem(400, "cut_off", "The body ended before its declared length; send it anew.")
