"""Who may see or change an attribute: a level for each of three parties."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from burnish.errors import BurnishError

Level = Literal["hidden", "readonly", "readwrite"]
Party = Literal["end_user", "bearer", "portal_ui", "admin_api", "hook", "provider"]
"""Who reads or writes. The last three are not held to access levels."""

Verb = Literal["read", "write"]

LEVELS: dict[Level, int] = {"hidden": 1, "readonly": 2, "readwrite": 3}

_LEGAL: frozenset[tuple[Level, Level, Level]] = frozenset(
    {
        ("hidden", "hidden", "hidden"),
        ("hidden", "hidden", "readonly"),
        ("hidden", "hidden", "readwrite"),
        ("hidden", "readonly", "readonly"),
        ("hidden", "readonly", "readwrite"),
        ("readonly", "readonly", "readonly"),
        ("readonly", "readonly", "readwrite"),
        ("readwrite", "readonly", "readwrite"),
    }
)


class Access(BaseModel):
    """One of the eight legal triples: the portal sees at least what a token's bearer sees, the
    bearer at least what the end user sees and never writes; whom the end user may edit, the
    portal may edit too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    end_user: Level
    bearer: Level
    portal_ui: Level

    @model_validator(mode="after")
    def _is_legal(self) -> Self:
        if (self.end_user, self.bearer, self.portal_ui) not in _LEGAL:
            raise ValueError(
                "this combination is not allowed: the portal must see at least what the bearer "
                "sees, the bearer at least what the end user sees and never readwrite, and what "
                "the end user may write the portal must be able to write"
            )
        return self

    def level(self, party: Party) -> Level:
        """Return what this party may do with the attribute."""
        match party:
            case "end_user":
                return self.end_user
            case "bearer":
                return self.bearer
            case "portal_ui":
                return self.portal_ui
            case _:
                return "readwrite"


DEFAULT_CUSTOM = Access(end_user="hidden", bearer="hidden", portal_ui="readwrite")
OPEN = Access(end_user="readwrite", bearer="readonly", portal_ui="readwrite")
CLOSED = Access(end_user="hidden", bearer="hidden", portal_ui="hidden")


class AccessControlViolated(BurnishError):
    """This party may not change this attribute.

    `subject` is the attribute's pointer, `level` what the party has: 1 hidden, 2 readonly.
    """

    code = "access_control_violated"

    def __init__(self, subject: str, role: Party, level: Level) -> None:
        super().__init__(f"{subject} may not be changed here: it is {level} for {role}.")
        self.info = {"subject": subject, "role": role, "level": LEVELS[level]}
