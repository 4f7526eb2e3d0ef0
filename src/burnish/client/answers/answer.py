"""What all answers have in common."""

from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

Attributes: TypeAlias = dict[str, Any]
"""Values by attribute's name."""

T = TypeVar("T")


class Answer(BaseModel):
    """Something the service answered; members a newer service adds are left aside."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Listed(Answer, Generic[T]):
    """One page of a list: `next` is the address of the next one, None on the last."""

    items: tuple[T, ...]
    next: str | None = None
