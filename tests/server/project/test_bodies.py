"""What nobody has read of a request's body is read before the answer, or the connection closes."""

from io import BytesIO
from typing import Any

import pytest

from burnish_server.project.bodies import LONGEST, ReadToTheEnd


def asked(body: bytes, read: int = 0, **more: str) -> tuple[list[tuple[str, str]], int]:
    """Ask an application that reads so much; return the answer's headers, and what is unread."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(read)
        start_response("403 Forbidden", [("Content-Type", "text/plain")])
        return [b"no"]

    given: list[tuple[str, str]] = []
    stream = BytesIO(body)
    environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(len(body)), **more}
    answer = ReadToTheEnd(application)(environ, lambda _status, headers: given.extend(headers))

    assert list(answer) == [b"no"]
    return given, len(body) - stream.tell()


@pytest.mark.parametrize("length", [0, 1, 60_000, LONGEST - 1, LONGEST])
@pytest.mark.parametrize("read", [0, 10])
def test_an_unread_body_is_read_up_to_a_limit(length: int, read: int) -> None:
    headers, unread = asked(b"x" * length, read)

    assert unread == 0
    assert ("Connection", "close") not in headers


def test_a_longer_one_closes_the_connection_in_words() -> None:
    headers, unread = asked(b"x" * (LONGEST + 2))

    assert unread == 1
    assert ("Connection", "close") in headers


def test_a_body_without_a_length_is_read_too() -> None:
    assert asked(b"x" * 60_000, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")[1] == 0


def test_who_waits_for_leave_to_send_is_not_given_it_for_nothing() -> None:
    headers, unread = asked(b"x" * 60_000, HTTP_EXPECT="100-continue")

    assert unread == 60_000
    assert ("Connection", "close") in headers
