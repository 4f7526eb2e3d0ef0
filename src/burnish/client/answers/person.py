"""What an app learns of the person who is signed in, and may ask them."""

from typing import Any

from pydantic import AliasChoices, ConfigDict, Field

from burnish.client.answers.answer import Answer, Attributes

_CLAIM = "https://authgear.com/claims/user/"


class Userinfo(Answer):
    """Who is signed in: standard claims of OpenID Connect, and what else was filled in.

    Standard claims without a member of their own here are in `model_extra`.
    """

    model_config = ConfigDict(extra="allow")

    sub: str
    """The user's id."""
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    email_verified: bool | None = None
    phone_number: str | None = None
    phone_number_verified: bool | None = None
    preferred_username: str | None = None
    picture: str | None = None
    locale: str | None = None
    zoneinfo: str | None = None
    updated_at: float | None = None
    """In seconds since 1970."""
    custom_attributes: Attributes = Field(default_factory=dict)
    roles: tuple[str, ...] = Field((), validation_alias=AliasChoices(f"{_CLAIM}roles", "roles"))
    is_verified: bool = Field(
        False, validation_alias=AliasChoices(f"{_CLAIM}is_verified", "is_verified")
    )


class AskedFor(Answer):
    """What a form's field for an attribute needs to know."""

    name: str
    label: str
    help: str
    type: str
    choices: tuple[str, ...] | None
    minimum: float | None
    maximum: float | None


class Question(Answer):
    """A question as it is put to this person; a `guess` may be confirmed."""

    key: str
    title: str
    help: str
    why: str
    language: str
    required: bool
    attributes: tuple[AskedFor, ...]
    guess: Any


class Questions(Answer):
    """What to ask, in this order."""

    questions: tuple[Question, ...]


class Replied(Answer):
    """What came of a reply: the attributes' values as they are now."""

    key: str
    act: str
    values: Attributes
