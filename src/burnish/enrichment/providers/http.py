"""Any HTTP API, by configuration alone: what to send, and where values stand in the answer."""

import hashlib
import json
import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

import httpx
from httpx import Request, Response
from pydantic import AfterValidator, Field, SecretStr, model_validator

from burnish.enrichment import pointing, reading, template
from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.pointing import JsonPath
from burnish.enrichment.provider import (
    Meaning,
    Provider,
    Send,
    Terms,
)
from burnish.enrichment.settings import Section, Settings
from burnish.enrichment.template import Place, Template

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# In-house APIs often have no certificate, and are called only where the policy allows it.
_ORIGIN = re.compile(r"https?://[^/?#@\\{}\s]+(?=[/?]|$)")
_HEADER = re.compile(r"(?i)(?!(?:host|connection|content-length|transfer-encoding)$)[a-z0-9-]+")
_CREDENTIAL = re.compile(r"(?i)auth|cookie|key|token|secret|pass|sign|credential")
_DOTS = re.compile(r"/\.{1,2}(?=[/?]|$)")


def _url(text: str) -> str:
    if text.startswith("${"):
        return text  # the address is a secret, which is not known yet
    places = Template.parse(text).places
    if not _ORIGIN.match(text):
        raise ValueError("must begin with https:// and a host, without inputs and passwords in it")
    if "#" in text or _DOTS.search(text.partition("?")[0]):
        raise ValueError("must have no fragment (#), and no . or .. in its path")
    try:
        httpx.URL(Template.parse(text).fill(dict.fromkeys((one.name for one in places), "x")))
    except httpx.InvalidURL:
        raise ValueError("must be a web address") from None
    return text


def _templates(texts: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, text in texts.items():
        try:
            Template.parse(text.get_secret_value())
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
    return texts


def _headers(headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, text in headers.items():
        if not _HEADER.fullmatch(name):
            raise ValueError(f"{name!r} is no header that can be set")
        if not set(text.get_secret_value()) <= set(_PRINTABLE):
            raise ValueError(f"{name} must hold printable ASCII characters only")
    return headers


def _body(value: Any) -> Any:
    template.places_in(value)
    return value


Texts = Annotated[dict[str, SecretStr], AfterValidator(_templates)]
Status = Annotated[int, Field(ge=100, le=599)]


class Output(Section):
    """Where a value stands, and what it must be. A path alone is one too."""

    path: JsonPath
    """The place in the answer."""
    type: Literal["any", "text", "number", "integer", "boolean", "texts", "url", "country_code"] = (
        "any"
    )
    """What the value must be; an answer where it is not is a bad one."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_one_word(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value


class Score(Section):
    """Where the answer says how sure it is."""

    path: JsonPath
    """The place in the answer."""
    scale: float = Field(default=1.0, gt=0)
    """What stands there for complete certainty, such as 100."""


class Sign(Section):
    """How an answer shows that it holds nothing, or nothing yet."""

    status: tuple[Status, ...] = ()
    """By these HTTP statuses."""
    where: JsonPath | None = None
    """By something true at this place."""
    unless: JsonPath | None = None
    """By nothing true at this place."""

    def is_in(self, body: Any) -> bool:
        """Tell whether an answer's body shows it."""
        shown = self.where is not None and any(pointing.all_at(body, self.where))
        lacked = self.unless is not None and not any(pointing.all_at(body, self.unless))
        return shown or lacked


class HttpSettings(Settings):
    """What is sent, and how the answer is read. Inputs stand in braces: `{email}`."""

    url: Annotated[str, AfterValidator(_url)]
    """The address; inputs in it are percent-encoded."""
    method: Literal["GET", "POST", "PUT"] = "GET"
    """How it is asked."""
    query: Texts = Field(default_factory=dict)
    """Parameters that are put behind the address; the place for a key."""
    headers: Annotated[Texts, AfterValidator(_headers)] = Field(default_factory=dict)
    """Headers, such as Authorization."""
    body: Annotated[Any, AfterValidator(_body)] = None
    """JSON to send; a text that is one input only becomes that input."""
    outputs: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], Output] = Field(
        min_length=1
    )
    """What the answer holds, by output."""
    record: JsonPath | None = None
    """Where the vendor's own id of what it found stands."""
    score: Score | None = None
    """Where the answer says how sure it is; `confidence` bounds it."""
    miss: Sign = Sign(status=(404,))
    """How it says that there is nothing."""
    pending: Sign = Sign(status=(202,))
    """How it says that there is nothing yet."""
    statuses: dict[Status, Meaning] = Field(default_factory=dict)
    """What other statuses say here."""

    @model_validator(mode="after")
    def _asks_about_something(self) -> Self:
        if self.method == "GET" and self.body is not None:
            raise ValueError("a GET has no body; set method to POST")
        if not self.places() and not self.url.startswith("${"):
            raise ValueError("it asks about nobody; put an input such as {email} into it")
        return self

    def places(self) -> frozenset[Place]:
        """Return the places for inputs."""
        texts = [self.url, *(text.get_secret_value() for text in self.secrets())]
        return template.places_in([*texts, self.body])

    def secrets(self) -> list[SecretStr]:
        """Return the texts that may hold secrets."""
        return [*self.query.values(), *self.headers.values()]


class Http(Provider):
    """A vendor or an API in the house, described in the configuration."""

    key = "http"
    title = "HTTP API"
    page = "https://www.rfc-editor.org/rfc/rfc9535"
    terms = Terms("Those of whoever is asked.")
    Settings = HttpSettings

    def __init__(self, settings: HttpSettings, name: str = "") -> None:
        """Take what it needs and gives from its settings."""
        super().__init__(settings, name)
        places = settings.places()
        self.needs = frozenset(place.name for place in places)
        self.hashed = self.needs - {place.name for place in places if not place.hash}
        self.gives = frozenset(settings.outputs)
        self._url = Template.parse(settings.url)
        self._query = _parsed(settings.query)
        self._headers = _parsed(settings.headers)
        self._meanings: dict[int, Meaning] = {
            **dict.fromkeys(settings.pending.status, "pending"),
            **dict.fromkeys(settings.miss.status, "miss"),
            **settings.statuses,
        }

    def ask(self, known: Known) -> Request:
        url = self._url.fill(known, _quoted)
        if self._query:
            pairs = (f"{_quoted(name)}={_quoted(text.fill(known))}" for name, text in self._query)
            url += ("&" if "?" in url else "?") + "&".join(pairs)
        headers = [(name, text.fill(known, _in_header)) for name, text in self._headers]
        body = template.filled(self.settings.body, known)
        return Request(self.settings.method, url, headers=headers, json=body)

    async def answer(self, known: Known, send: Send) -> Answer:
        if _DOTS.search(self._url.fill(known, _quoted).partition("?")[0]):
            return Failed("rejected", "an input of dots only would lead to another address")
        return await super().answer(known, send)

    def meaning(self, reply: Response) -> Meaning:
        return self._meanings.get(reply.status_code) or super().meaning(reply)

    def read(self, reply: Response) -> Found | Miss | Pending:
        if not reply.content.strip():
            return Miss()
        settings, body = self.settings, reading.body(reply.content)
        if settings.pending.is_in(body):
            return Pending(self.pause(reply) or self.pending_seconds)
        if settings.miss.is_in(body):
            return Miss()
        read = {
            output: pointing.read(body, at.path, at.type) for output, at in settings.outputs.items()
        }
        values = {output: value for output, value in read.items() if value is not None}
        if not values:
            return Miss()
        return Found(values, self._score_in(body), record=self._record_in(body))

    @property
    def variant(self) -> str:
        """What is asked and how it is read: another question is another answer, another key none.

        Of parameters and headers whose name says that they hold a key, only the name counts.
        """
        what = {"url", "method", "body", "outputs", "record", "score", "miss"}
        told = self.settings.model_dump_json(include=what)
        texts = [
            sorted(
                (name, "" if _CREDENTIAL.search(name) else text.get_secret_value())
                for name, text in given.items()
            )
            for given in (self.settings.query, self.settings.headers)
        ]
        return hashlib.sha256(f"{told}{json.dumps(texts)}".encode()).hexdigest()[:16]

    def _score_in(self, body: Any) -> float:
        score = self.settings.score
        value = score and pointing.read(body, score.path, "number")
        return 1.0 if value is None else min(max(value / score.scale, 0.0), 1.0)

    def _record_in(self, body: Any) -> str | None:
        value = self.settings.record and pointing.at(body, self.settings.record)
        return str(value) if isinstance(value, str | int) else None


def _parsed(texts: dict[str, SecretStr]) -> list[tuple[str, Template]]:
    return [(name, Template.parse(text.get_secret_value())) for name, text in texts.items()]


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _in_header(text: str) -> str:
    """Percent-encode what a header cannot hold, the end of a line above all."""
    return quote(text, safe=_PRINTABLE)
