"""A provider: a declaration, how to ask, and how to read the answer.

What is the same for all of them (wanted? consent? cached? limit? breaker? budget? send, map
errors, stamp, cache) stands in `lookup.py` once.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, ClassVar, Literal, TypeAlias

from httpx import Request, Response

from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.settings import Settings

Send: TypeAlias = Callable[[Request], Awaitable[Response]]
"""Sends one request and returns the whole answer; within bounds of time, size and address."""

Meaning = Literal[
    "answer",
    "miss",
    "suppressed",
    "pending",
    "throttled",
    "out_of_credits",
    "unauthorized",
    "rejected",
    "unavailable",
]
"""What an HTTP status says."""

USUAL: Mapping[int, Meaning] = {
    202: "pending",
    400: "rejected",
    401: "unauthorized",
    402: "out_of_credits",
    403: "unauthorized",
    404: "miss",
    408: "unavailable",
    422: "rejected",
    429: "throttled",
    451: "suppressed",
}
"""What statuses say at most vendors; other 2xx are answers, 4xx rejections, the rest faults."""

LONGEST_WAIT = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a provider's data may be used; shown to administrators.

    `attribution` is what must be shown where the data is. `keep` is how long answers may be kept
    at most: a zero forbids keeping, None sets no bound.
    """

    licence: str
    attribution: str = ""
    keep: timedelta | None = None
    note: str = ""


class Provider:
    """An outside source of attributes, asked over HTTP unless `answer` says otherwise.

    A subclass declares what it is and writes `ask` and `read`.
    """

    key: ClassVar[str]
    """The kind's name in configuration."""
    title: ClassVar[str] = ""
    """Its name for people."""
    page: ClassVar[str] = ""
    """Where the vendor documents it."""
    needs: frozenset[str] = frozenset()
    """Inputs without any of which it cannot be asked."""
    any_of: frozenset[str] = frozenset()
    """Inputs of which it needs at least one."""
    hints: frozenset[str] = frozenset()
    """Inputs it is given too where they are known."""
    hashed: frozenset[str] = frozenset()
    """Inputs which leave the house as hashes only."""
    gives: frozenset[str] = frozenset()
    """What its answers may hold."""
    price: Decimal = Decimal(0)
    """What a found answer costs by the vendor's list; a miss is free unless `charges_misses`."""
    charges_misses: ClassVar[bool] = False
    local: ClassVar[bool] = False
    """Whether it answers without any network: it is neither cached nor limited nor timed then."""
    calls_back: bool = False
    """Whether the vendor can send its answer to an address of ours later."""
    pending_seconds: ClassVar[float] = 60.0
    """When asking again is worth while, at a vendor that still looks and does not say so."""
    statuses: ClassVar[Mapping[int, Meaning]] = {}
    """Statuses that say something else here than they usually do."""
    terms: Terms = Terms("See the vendor's terms.")
    Settings: ClassVar[type[Settings]] = Settings

    def __init__(self, settings: Any = None, name: str = "") -> None:
        """Keep the settings, an instance of `Settings`, and the name its facts are marked with."""
        self.settings: Any = settings if settings is not None else self.Settings()
        self.name = name or self.key

    def ask(self, known: Known) -> Request:
        """Return the request that asks about these inputs."""
        raise NotImplementedError

    def read(self, reply: Response) -> Found | Miss | Pending:
        """Return what an answer says. Raises `reading.BadAnswer` where it breaks its contract."""
        raise NotImplementedError

    async def answer(self, known: Known, send: Send) -> Answer:
        """Ask, and return what came of it. Raises what `send` and `read` raise."""
        return self.judge(await send(self.ask(known)))

    def judge(self, reply: Response) -> Answer:
        """Return what a reply comes to."""
        match self.meaning(reply):
            case "answer":
                return self.read(reply)
            case "miss":
                return Miss()
            case "suppressed":
                return Miss(suppressed=True)
            case "pending":
                return Pending(self.pause(reply) or self.pending_seconds, self.calls_back)
            case trouble:
                return Failed(trouble, f"it answered {reply.status_code}", self.pause(reply))

    def pause(self, reply: Response) -> float | None:
        """Return how many seconds later the vendor wants to be asked again, where it says so."""
        return retry_after(reply)

    def meaning(self, reply: Response) -> Meaning:
        """Return what a reply's status says, at this vendor."""
        status = reply.status_code
        if said := self.statuses.get(status) or USUAL.get(status):
            return said
        if reply.is_success:
            return "answer"
        return "rejected" if 400 <= status <= 499 else "unavailable"

    def called_back(self, body: bytes, headers: Mapping[str, str]) -> Answer | None:
        """Return what a vendor sent to the address it was given, or None where it is not genuine.

        `headers` are named in small letters. Most vendors send nothing.
        """
        return None

    async def close(self) -> None:
        """Release what it holds, if it holds anything."""

    @property
    def variant(self) -> str:
        """What, beside the inputs, changes the answer: generation, language, switches."""
        return ""

    def sends(self, known: Known) -> dict[str, Any]:
        """Return those inputs that leave the house for a lookup."""
        wanted = self.needs | self.any_of | self.hints
        return {name: value for name, value in known.items() if name in wanted}

    def lacks(self, known: Known) -> list[str]:
        """Return the inputs that are missing; any one of `any_of` stands for all of them."""
        missing = sorted(self.needs - known.keys())
        if self.any_of and not self.any_of & known.keys():
            missing.append(" or ".join(sorted(self.any_of)))
        return missing

    @property
    def cost(self) -> Decimal:
        """What a found answer costs here: the project's price, or the vendor's."""
        price: Decimal | None = self.settings.price
        return self.price if price is None else price


class LocalProvider(Provider):
    """A provider that knows by itself: no network, no waiting."""

    local = True
    example: ClassVar[Known] = {}
    """What to look at once so that whatever it loads at first use is loaded."""

    def look(self, known: Known) -> Found | Miss:
        """Return what is known of these inputs. Raises `reading.BadAnswer` for broken data."""
        raise NotImplementedError

    async def answer(self, known: Known, send: Send) -> Answer:
        return self.look(known)


def retry_after(reply: Response) -> float | None:
    """Return the seconds `Retry-After` (RFC 9110, 10.2.3) asks for, a day at most."""
    header = reply.headers.get("Retry-After", "").strip()
    try:
        if header.isascii() and header.isdigit():
            seconds = float(header)
        else:
            seconds = parsedate_to_datetime(header).timestamp() - time()
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def reset_at(reply: Response, header: str) -> float | None:
    """Return how many seconds it is to the Unix time in a header, a day at most."""
    text = reply.headers.get(header, "").strip()
    if not text.isascii() or not text.isdigit():
        return None
    return min(max(float(text) - time(), 0.0), LONGEST_WAIT)
