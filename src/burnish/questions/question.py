"""A question: what it is about, in which words, who is asked it and when."""

from collections.abc import Iterable, Mapping
from hashlib import blake2s
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from burnish.attributes.standard import DERIVED, IDENTITY_COUPLED
from burnish.profiles.predicate import Predicate

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Attributes = Annotated[tuple[str, ...], Field(min_length=1, max_length=6)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Section(BaseModel):
    """A part of a question's entry; a misspelt name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Words(Section):
    """How a question is put in one language."""

    title: str = Field(min_length=1, max_length=200)
    """The question itself."""
    help: str = Field(default="", max_length=500)
    """What helps to answer it."""
    why: str = Field(default="", max_length=300)
    """Why it is asked, for the person."""


class When(Section):
    """Who is asked, and from when on; all of it must hold."""

    attributes: tuple[Predicate, ...] = ()
    """What must be known of them."""
    segments: tuple[str, ...] = ()
    """They are in one of these."""
    logins: int = Field(default=0, ge=0)
    """They have signed in so often."""
    days: int = Field(default=0, ge=0)
    """They signed up so many days ago."""
    clients: tuple[str, ...] = ()
    """They come by one of these apps."""
    locales: tuple[str, ...] = ()
    """They read one of these languages: `fr` is also `fr-CA`."""


class Variant(Section):
    """Another way to put a question, tried on a share of people."""

    name: Key
    """What it is called in figures."""
    words: dict[Language, Words] = Field(default_factory=dict)
    """Other words, by language."""
    priority: int | None = Field(default=None, ge=0, le=1000)
    """Another place among the questions."""


class Question(Section):
    """One question about an attribute, or about a few that belong together.

    A required one is asked before a login goes on; an optional one may be skipped.
    """

    key: Key
    """Its name; answers are marked question:KEY."""
    attributes: Attributes
    """What it asks about."""
    words: dict[Language, Words] = Field(min_length=1)
    """How it is put, by language."""
    required: bool = False
    """Whether a login waits for the answer."""
    priority: int = Field(default=100, ge=0, le=1000)
    """The higher, the sooner."""
    weight: float = Field(default=1.0, ge=0, le=1000)
    """How useful the answer is, among questions of one priority; each open attribute counts."""
    confirm: bool = False
    """Whether a guess is shown to be confirmed, rather than taken as known."""
    sign_up: bool = False
    """Whether the sign-up form asks it."""
    purpose: str = Field(default="", max_length=60)
    """What the answer is used for."""
    when: When = When()
    """Who is asked, and from when on."""
    variants: tuple[Variant, ...] = Field(default=(), max_length=4)
    """Other ways to put it; the way it is written is one too, called `a`."""
    enabled: bool = True
    """Whether it is asked at all."""

    @field_validator("attributes")
    @classmethod
    def _can_be_asked(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name in DERIVED:
                raise ValueError(f"{name} is worked out, and cannot be asked")
            if name in IDENTITY_COUPLED:
                raise ValueError(f"{name} belongs to a way to sign in, and is changed there")
        if len(set(names)) != len(names):
            raise ValueError("each attribute may stand only once")
        return names

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = ["a", *(variant.name for variant in self.variants)]
        if len(set(names)) != len(names):
            raise ValueError("each variant needs a name of its own, and `a` is taken")
        if self.confirm and len(self.attributes) > 1:
            raise ValueError("one guess is confirmed at a time: ask about one attribute")
        return self

    @property
    def source(self) -> str:
        """The source its answers are marked with."""
        return f"question:{self.key}"

    def variant(self, user_id: str) -> str:
        """Return the variant a user gets: always the same one, and each as often."""
        if not self.variants:
            return "a"
        names = ["a", *(variant.name for variant in self.variants)]
        digest = blake2s(f"{self.key}/{user_id}".encode()).digest()
        return names[int.from_bytes(digest[:8], "big") % len(names)]

    def as_variant(self, name: str) -> Self:
        """Return the question as one variant puts it."""
        found = next((variant for variant in self.variants if variant.name == name), None)
        if found is None:
            return self
        priority = self.priority if found.priority is None else found.priority
        return self.model_copy(
            update={"words": {**self.words, **found.words}, "priority": priority}
        )

    def worded(self, languages: Iterable[str]) -> Words:
        """Return the words in the first of these languages there are, else in the first at all."""
        return self.words[self.language(languages)]

    def language(self, languages: Iterable[str]) -> str:
        """Return the language its words are in, for somebody who reads these, the best first."""
        known = {tag.lower(): tag for tag in self.words}
        for language in languages:
            whole = language.lower()
            for tag in (whole, whole.partition("-")[0]):
                if tag in known:
                    return known[tag]
        return next(iter(self.words))

    def as_entry(self) -> dict[str, Any]:
        """Return the shortest entry that defines the same question."""
        entry = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        tests = [one.as_entry() for one in self.when.attributes]
        if tests:
            entry["when"]["attributes"] = tests
        return entry


Wordings = Mapping[str, Words]
