"""A purpose: what data is used for, and on which legal ground."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Basis = Literal[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interest",
]
"""The lawful bases of GDPR, article 6(1), a to f."""

PERSONALIZATION = "personalization"
"""The purpose of what names no other."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class Purpose(BaseModel):
    """What a project settles about one purpose: its ground, and what people are told of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    basis: Basis = "consent"
    """The ground on which data is used for this; `consent` asks the person's own."""
    title: str = Field(default="", max_length=200)
    """What it is called for people."""


DEFAULTS = {PERSONALIZATION: Purpose(basis="legitimate_interest", title="Personalization")}
"""What holds where a project settles nothing. A purpose nobody settled needs consent."""
