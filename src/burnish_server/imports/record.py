"""A record: what an import may say of one user. It is closed; what is left out stays as it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from burnish_server.identity.hashes import foreign
from burnish_server.identity.hashes.imported import from_base64

SECRETS = ("password_hash", "secret", "signer_key", "salt")
"""Members that are never shown again, wherever they stand."""

REDACTED = "REDACTED"


def _moment(value: Any) -> Any:
    # A strict model takes times from JSON text alone; ours is read already.
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Keys = Annotated[list[str], Field(max_length=1000)]


class Part(BaseModel):
    """A member of a record: nothing beside what is named, and no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Bcrypt(Part):
    """bcrypt, bare, passlib's `$bcrypt-sha256$` or Django's."""

    type: Literal["bcrypt"]
    password_hash: str
    expire_after: Moment | None = None

    def encoded(self) -> str:
        """Return what is stored. Raises `ValueError`."""
        return foreign.bcrypt(self.password_hash)


class Argon2(Part):
    """argon2id, argon2i or argon2d, with its parameters in the text."""

    type: Literal["argon2"]
    password_hash: str

    def encoded(self) -> str:
        """Return what is stored. Raises `ValueError`."""
        return foreign.argon2(self.password_hash)


class Pbkdf2(Part):
    """PBKDF2 in one text, or in its parts: hash and salt in base64."""

    type: Literal["pbkdf2"]
    password_hash: str
    salt: str | None = None
    iterations: int | None = None
    digest: Literal["sha1", "sha256", "sha512"] | None = None

    def encoded(self) -> str:
        """Return what is stored. Raises `ValueError`."""
        if self.salt is None or self.iterations is None or self.digest is None:
            return foreign.pbkdf2_text(self.password_hash)
        salt, hashed = from_base64(self.salt), from_base64(self.password_hash)
        return foreign.pbkdf2_parts(self.digest, self.iterations, salt, hashed)


class Scrypt(Part):
    """scrypt in one text, or in its parts: hash and salt in base64."""

    type: Literal["scrypt"]
    password_hash: str
    salt: str | None = None
    n: int | None = None
    r: int | None = None
    p: int | None = None

    def encoded(self) -> str:
        """Return what is stored. Raises `ValueError`."""
        if self.salt is None or self.n is None or self.r is None or self.p is None:
            return foreign.scrypt_text(self.password_hash)
        salt, hashed = from_base64(self.salt), from_base64(self.password_hash)
        return foreign.scrypt_numbers(self.n, self.r, self.p, salt, hashed)


class FirebaseScrypt(Part):
    """Firebase's scrypt: the project's parameters beside each hash, all in base64."""

    type: Literal["firebase_scrypt"]
    password_hash: str
    salt: str
    signer_key: str
    salt_separator: str = "Bw=="
    rounds: int = 8
    mem_cost: int = 14

    def encoded(self) -> str:
        """Return what is stored. Raises `ValueError`."""
        texts = (self.salt, self.salt_separator, self.signer_key, self.password_hash)
        salt, separator, key, hashed = map(from_base64, texts)
        return foreign.firebase(self.rounds, self.mem_cost, salt, separator, key, hashed)


Password = Annotated[
    Bcrypt | Argon2 | Pbkdf2 | Scrypt | FirebaseScrypt, Field(discriminator="type")
]


class Totp(Part):
    """The secret of an authenticator app, in base32."""

    secret: str = Field(pattern=r"^[A-Za-z2-7]{16,128}=*$")


class Mfa(Part):
    """A second step of signing in."""

    email: str | None = None
    phone_number: str | None = None
    password: Password | None = None
    totp: Totp | None = None


class Record(Part):
    """One user. `null` deletes a value, an address is replaced as one; lists become exactly so."""

    email: str | None = None
    phone_number: str | None = None
    preferred_username: str | None = None
    email_verified: bool | None = None
    phone_number_verified: bool | None = None
    family_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    name: str | None = None
    nickname: str | None = None
    gender: str | None = None
    picture: str | None = None
    profile: str | None = None
    website: str | None = None
    birthdate: str | None = None
    zoneinfo: str | None = None
    locale: str | None = None
    address: dict[str, Any] | None = None
    custom_attributes: dict[str, Any] = Field(default_factory=dict)
    roles: Keys | None = None
    groups: Keys | None = None
    disabled: bool | None = None
    account_valid_from: Moment | None = None
    account_valid_until: Moment | None = None
    password: Password | None = None
    mfa: Mfa = Field(default_factory=Mfa)

    def says(self, name: str) -> bool:
        """Return whether the record speaks of this member, if only to delete it."""
        return name in self.model_fields_set


read: Callable[[Any], Record] = TypeAdapter(Record).validate_python
"""Read a record. Raises pydantic's `ValidationError`."""


def redacted(value: Any) -> Any:
    """Return a record as it may be shown, whatever its shape."""
    match value:
        case dict():
            return {
                name: REDACTED if name in SECRETS and of is not None else redacted(of)
                for name, of in value.items()
            }
        case list():
            return [redacted(item) for item in value]
    return value
