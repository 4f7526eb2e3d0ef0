"""Imports and exports, and how far they are."""

from datetime import datetime
from typing import Any, Literal

from burnish.client.answers.answer import Answer

Identifier = Literal["email", "phone_number", "preferred_username"]
Became = Literal["inserted", "updated", "skipped", "failed"]


class Import(Answer):
    """An import, and how far it is: of `rows`, `done` are inserted, updated, skipped or failed."""

    id: str
    state: Literal["receiving", "pending", "completed", "cancelled"]
    format: str
    identifier: str
    upsert: bool
    dry_run: bool
    hooks: bool
    enrich: bool
    rows: int
    done: int
    inserted: int
    updated: int
    skipped: int
    failed: int
    created_at: datetime
    completed_at: datetime | None

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in ("completed", "cancelled")


class Outcome(Answer):
    """What became of one row. `index` counts from 0; `record` comes with rows that failed."""

    index: int
    line: int | None
    outcome: Became
    user_id: str | None
    warnings: tuple[Any, ...]
    errors: tuple[Any, ...]
    record: Any = None


class Export(Answer):
    """An export, and how far it is. `size` is in bytes; the file is there when it is completed."""

    id: str
    state: Literal["pending", "completed"]
    format: Literal["ndjson", "csv"]
    users: int
    total: int
    size: int
    created_at: datetime
    completed_at: datetime | None

    @property
    def over(self) -> bool:
        """Whether its file is there."""
        return self.state == "completed"
