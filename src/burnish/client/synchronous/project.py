"""What a project settles, as far as a client reads it: attributes, and who did what."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from burnish.client.answers.project import AllAttributes, Attribute, Entry
from burnish.client.ask import path
from burnish.client.synchronous.line import Line
from burnish.client.synchronous.pages import Pages


class Attributes:
    """What may be known of a user."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def list(self) -> AllAttributes:
        """Return all attributes, the retired ones too."""
        return self._line.get(AllAttributes, path("attributes"))

    def get(self, name: str) -> Attribute:
        """Read a custom attribute. Raises NotFound."""
        return self._line.get(Attribute, path("attributes", name))


class Audit:
    """The audit log: what administrators, API keys and hooks did."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def list(
        self,
        *,
        actor: str | None = None,
        door: str | None = None,
        action: str | None = None,
        kind: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Pages[Entry]:
        """List entries, the latest first; `kind` and `subject` are what it was done to."""
        filters: dict[str, Any] = {"actor": actor, "door": door, "action": action, "kind": kind}
        when = {"since": since, "until": until}
        return Pages(
            self._line, Entry, path("audit"), **filters, **when, subject=subject, limit=limit
        )

    def get(self, entry_id: int) -> Entry:
        """Read one entry. Raises NotFound."""
        return self._line.get(Entry, path("audit", entry_id))

    def export(self, format: str = "ndjson") -> Iterator[bytes]:
        """Yield all entries as one file, `ndjson` or `csv`, as it comes in."""
        wanted = self._line.reading(path("audit", "export"), format=format)
        with self._line.stream(wanted) as answer:
            for piece in answer.iter_bytes():
                yield piece
