"""How the facts about an attribute compete, where its project wants another way than ours."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_SOURCE = re.compile(r"(user|admin)|(social|hook|provider|import|question)(:[^\s:]+)?")


def _source(name: str) -> str:
    if not _SOURCE.fullmatch(name):
        raise ValueError(
            f"{name!r} is no source; write user, admin, or social, hook, provider, import, "
            "question, alone or with a name as in provider:ipgeolocation"
        )
    return name


class Merge(BaseModel):
    """`merge` of an attribute: `newest`, `most_confident`, or `{prefer: [sources...]}`.

    `standing` is the house's own way: a person's word first, then an administrator's, a social
    identity's, a guess. Sources in `prefer` win, in this order, before `by` is asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["standing", "newest", "most_confident"] = "standing"
    prefer: Annotated[
        tuple[Annotated[str, AfterValidator(_source)], ...], Field(max_length=50)
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _may_be_one_word(cls, value: Any) -> Any:
        return {"by": value} if isinstance(value, str) else value

    def as_entry(self) -> str | dict[str, Any]:
        """Return the shortest way to write this in a file."""
        if not self.prefer:
            return self.by
        way: dict[str, Any] = {} if self.by == "standing" else {"by": self.by}
        return way | {"prefer": list(self.prefer)}


BY_STANDING = Merge()
