"""The line to a service: sends requests, again where that is safe, and reads answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx

from burnish.client import ask, reading
from burnish.client.answers.answer import Answer
from burnish.client.ask import Ask
from burnish.client.errors import NoAnswer, refusal
from burnish.client.patience import Patience
from burnish.client.pause import pause

A = TypeVar("A", bound=Answer)


class Line:
    """Sends the requests of all rooms, with the API key."""

    def __init__(self, http: httpx.Client, api_key: str, patience: Patience) -> None:
        """Keep what requests go through, in whose name, and how often they are sent."""
        self._http = http
        self._key = api_key
        self._patience = patience

    def get(self, kind: type[A], path: str, /, **query: Any) -> A:
        """Read one thing."""
        return reading.read(kind, self.read(path, **query))

    def read(self, path: str, /, **query: Any) -> httpx.Response:
        """Read something that is no JSON, such as lines of it."""
        return self.send(self.reading(path, **query))

    def change(
        self, kind: type[A], method: str, path: str, json: Any = None, etag: str | None = None
    ) -> A:
        """Change something, and return it as it is then."""
        return reading.read(kind, self.send(self.changing(method, path, json, etag)))

    def do(self, method: str, path: str, json: Any = None) -> None:
        """Change something that has no answer."""
        self.send(self.changing(method, path, json))

    def reading(self, path: str, /, **query: Any) -> Ask:
        """Return a request in the name of the key that changes nothing."""
        return ask.read(path, self._key, **query)

    def changing(self, method: str, path: str, json: Any = None, etag: str | None = None) -> Ask:
        """Return a request in the name of the key that changes something."""
        return ask.change(method, path, self._key, json, etag)

    def send(self, wanted: Ask) -> httpx.Response:
        """Send a request and return what was answered, read to the end. Raises a ClientError."""
        with self.stream(wanted) as answer:
            answer.read()
        return answer

    @contextmanager
    def stream(self, wanted: Ask) -> Iterator[httpx.Response]:
        """Send a request and give what is answered as it comes in. Raises a ClientError."""
        answer = self._answer(wanted)
        try:
            if answer.status_code >= 400:
                answer.read()
                raise refusal(answer)
            yield answer
        except httpx.HTTPError as error:
            raise NoAnswer(f"The answer broke off ({type(error).__name__}).") from error
        finally:
            answer.close()

    def _answer(self, wanted: Ask) -> httpx.Response:
        tried = 0
        while True:
            tried += 1
            answer, trouble = None, None
            try:
                answer = self._http.send(wanted.request(self._http), stream=True)
            except httpx.HTTPError as error:
                trouble = error
            settled = answer is not None and answer.status_code < 400
            wait = None if settled else self._patience.pause(wanted, tried, answer)
            if wait is None and answer is not None:
                return answer
            if answer is not None:
                answer.close()
            if wait is None:
                sentence = f"{wanted.method} {wanted.url} was not answered"
                raise NoAnswer(f"{sentence} ({type(trouble).__name__}).") from trouble
            pause(wait)
