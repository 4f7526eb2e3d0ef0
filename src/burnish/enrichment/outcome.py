"""What comes of asking a provider. Everything that is to be expected is a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Trouble = Literal[
    "timeout",
    "unreachable",
    "throttled",
    "out_of_credits",
    "unauthorized",
    "rejected",
    "unavailable",
    "bad_answer",
    "broken",
]
"""Why a provider that was asked gave no answer.

`rejected` is a request the vendor finds wrong, `unavailable` a fault of its own, `bad_answer` an
answer that is not what its contract says, `broken` a fault in the provider's code here.
"""

Hindrance = Literal[
    "no_consent",
    "missing_input",
    "unfit_input",
    "refused",
    "too_expensive",
    "limited",
    "over_budget",
    "breaker_open",
    "not_needed",
    "disabled",
]
"""Why a provider was not asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """Values by output name, as surely as `confidence` (from 0 to 1) says.

    `sure` says it for single outputs. `record` is the vendor's own id of what it found, which
    its feeds of people who opted out go by.
    """

    values: Mapping[str, Any]
    confidence: float = 1.0
    sure: Mapping[str, float] | None = None
    record: str | None = None

    def confidence_of(self, output: str) -> float:
        """Return how sure this one value is."""
        return (self.sure or {}).get(output, self.confidence)


@dataclass(frozen=True, slots=True)
class Miss:
    """The provider knows nothing of this. `suppressed`: the person does not want to be known."""

    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """The vendor still looks. Asking again is worth while after `retry_after` seconds.

    With `calls_back` it tells us by itself, where it was given an address for that.
    """

    retry_after: float
    calls_back: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider was asked and gave no answer; `detail` is a sentence without any value.

    `retry_after` is when the vendor wants to be asked again, in seconds, if it said so.
    """

    reason: Trouble
    detail: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """The provider was not asked; `detail` is a sentence without any value.

    `until` is how many seconds the hindrance lasts, where that is known.
    """

    reason: Hindrance
    detail: str = ""
    until: float | None = None


Answer: TypeAlias = Found | Miss | Pending | Failed
"""What a provider makes of a reply."""

Outcome: TypeAlias = Answer | Skipped
"""What came of wanting to ask."""
