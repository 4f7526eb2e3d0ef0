"""Texts in requests that PostgreSQL can keep: no null characters, no halves of characters."""

from typing import Annotated

from pydantic import AfterValidator

from burnish.attributes.formats import storable


def _kept(text: str) -> str:
    if refusal := storable(text):
        raise ValueError(refusal)
    return text


Storable = Annotated[str, AfterValidator(_kept)]
