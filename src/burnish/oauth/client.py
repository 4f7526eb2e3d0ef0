"""A client: an app people sign in to. `oauth.clients[]` of a configuration file, one entry each."""

import re
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from burnish.attributes.faults import Fault, faults_of

_ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,79}$"
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")
_REFUSED_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ApplicationType(StrEnum):
    """What sort of app a client is, which settles what it may do."""

    SPA = "spa"
    TRADITIONAL_WEBAPP = "traditional_webapp"
    NATIVE = "native"
    CONFIDENTIAL = "confidential"
    THIRD_PARTY_APP = "third_party_app"
    M2M = "m2m"

    @property
    def public(self) -> bool:
        """Whether it can keep no secret, so that PKCE stands in for one."""
        return self in (self.SPA, self.TRADITIONAL_WEBAPP, self.NATIVE)

    @property
    def third_party(self) -> bool:
        """Whether it is somebody else's, so that people are asked for consent."""
        return self is self.THIRD_PARTY_APP

    @property
    def acts_for_people(self) -> bool:
        """Whether people sign in to it; a program acts for itself alone."""
        return self is not self.M2M

    @property
    def acts_for_itself(self) -> bool:
        """Whether it may have tokens of its own (RFC 6749, 4.4)."""
        return self in (self.M2M, self.CONFIDENTIAL)

    @property
    def profile_in_tokens(self) -> bool:
        """Whether its ID tokens carry the attributes of their scopes."""
        return self in (self.CONFIDENTIAL, self.THIRD_PARTY_APP)


def _uri(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{value} is no address") from None
    if not value.isascii() or not value.isprintable() or " " in value or "\\" in value:
        raise ValueError("an address has no blanks, and only printable ASCII characters")
    if not parts.scheme or parts.scheme in _REFUSED_SCHEMES:
        raise ValueError("write the whole address, such as https://app.example/callback")
    if parts.scheme in ("http", "https") and not host:
        raise ValueError("write the whole address, such as https://app.example/callback")
    if parts.fragment or value.endswith("#"):
        raise ValueError("an address for redirects has no part after #")
    if parts.username is not None or "*" in value:
        raise ValueError("an address for redirects is exact: no user name and no *")
    return value


def _origin(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = urlsplit(_uri(value))
    if parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query:
        raise ValueError("an origin is written https://app.example, without a path")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _scope(value: Any) -> Any:
    if isinstance(value, str) and not _SCOPE.fullmatch(value):
        raise ValueError("a scope has no blanks and no quotes, such as orders:read")
    return value


Uri = Annotated[str, BeforeValidator(_uri), Field(max_length=2000)]
Origin = Annotated[str, BeforeValidator(_origin), Field(max_length=300)]
Scope = Annotated[str, BeforeValidator(_scope)]


class Client(BaseModel):
    """One entry of `oauth.clients`. Its secret is made by the service and is never in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    client_id: str = Field(pattern=_ID)
    name: str = Field(default="", max_length=100)
    application_type: ApplicationType = Field(alias="x_application_type")
    redirect_uris: tuple[Uri, ...] = ()
    post_logout_redirect_uris: tuple[Uri, ...] = ()
    allowed_origins: tuple[Origin, ...] = Field(default=(), alias="x_allowed_origins")
    scopes: tuple[Scope, ...] = Field(default=(), alias="x_scopes")
    issue_jwt_access_token: bool = False
    access_token_lifetime_seconds: int = Field(default=1800, ge=60, le=86_400)
    refresh_token_lifetime_seconds: int = Field(default=2_592_000, ge=60, le=315_360_000)
    asks_questions: bool = Field(default=True, alias="x_asks_questions")

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        """Call a client by its id where it has no name; take the file's other names for it."""
        if isinstance(given, dict):
            given = {**given}
            for other in ("client_name", "x_display_name"):
                if other in given:
                    given.setdefault("name", given.pop(other))
            if not given.get("name"):
                given["name"] = given.get("client_id", "")
        return given

    @model_validator(mode="after")
    def _can_work(self) -> Self:
        kind = self.application_type
        if kind.acts_for_people and not self.redirect_uris:
            raise ValueError(
                "name at least one address in redirect_uris, where people come back to"
            )
        if not kind.acts_for_people and self.redirect_uris:
            raise ValueError("a program (m2m) sends nobody here; leave redirect_uris out")
        if self.scopes and not kind.acts_for_itself:
            raise ValueError("x_scopes are for clients that act for themselves: m2m, confidential")
        for uri in self.redirect_uris:
            parts = urlsplit(uri)
            if kind is not ApplicationType.NATIVE and parts.scheme not in ("http", "https"):
                raise ValueError(f"only a native app comes back to an address such as {uri}")
        return self

    def as_entry(self) -> dict[str, Any]:
        """Return the shortest entry that says the same."""
        entry = self.model_dump(by_alias=True, mode="json", exclude_defaults=True)
        return {key: value for key, value in entry.items() if value != []}


def read(given: Any) -> Client | list[Fault]:
    """Return a client, or what is wrong with it."""
    try:
        return Client.model_validate(given)
    except ValidationError as error:
        return faults_of(error)
