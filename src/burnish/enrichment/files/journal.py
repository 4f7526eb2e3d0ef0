"""The journal of a run over a file: what was answered, what was spent, which rows are done.

It stands beside the output while the run lasts. Whatever it was told is there after the process
was killed, so the same command goes on where it stopped.
"""

import json
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from burnish.enrichment.cache import Entry
from burnish.enrichment.files.fault import Unusable
from burnish.enrichment.files.tally import Tally

_TABLES = """
    CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS flight (token TEXT PRIMARY KEY, price TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a run has come: rows read, bytes of rows and of notes written, and the count."""

    row: int = 0
    written: int = 0
    noted: int = 0
    tally: Tally | None = None


class Journal:
    """Keeps answers, as a `Cache` does, and the run's own state."""

    def __init__(self, folder: Path) -> None:
        """Open the journal in a folder, or begin it. Raises `Unusable` while another run does."""
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Unusable(f"{folder} cannot be made: {error.strerror}.") from None
        self._file = sqlite3.connect(folder / "journal.sqlite3", isolation_level=None, timeout=0.2)
        try:
            # Nothing that was written is lost when the process is killed; nobody else may write.
            self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_TABLES)
        except sqlite3.OperationalError:
            raise Unusable(f"Another run is at work in {folder}.") from None
        except sqlite3.DatabaseError:
            raise Unusable(f"{folder} holds no journal that can be read; remove it.") from None
        self.pepper = bytes.fromhex(self._said("pepper", secrets.token_hex(16)))

    def about(self) -> Mapping[str, Any] | None:
        """Return what the run that was begun is about, or None."""
        about = self._read("about")
        return None if about is None else dict(json.loads(about))

    def begin(self, about: Mapping[str, Any]) -> None:
        """Begin with the first row; answers stay."""
        self._file.execute("BEGIN")
        self._file.execute("DELETE FROM said WHERE name IN ('mark', 'spent', 'open')")
        self._file.execute("DELETE FROM flight")
        self._write("about", json.dumps(about))
        self._file.execute("COMMIT")

    def leave_open(self, about: Mapping[str, Any]) -> None:
        """Have the same run begin anew with the answers there are: some questions had none."""
        self.begin(about)
        self._write("open", "1")

    @property
    def is_open(self) -> bool:
        """Whether the last run ended with questions that may have an answer later."""
        return self._read("open") is not None

    def mark(self, mark: Mark) -> None:
        """Note how far the run has come."""
        tally = mark.tally.as_json() if mark.tally else None
        self._write("mark", json.dumps([mark.row, mark.written, mark.noted, tally]))

    def marked(self) -> Mark:
        """Return how far the run has come."""
        stored = self._read("mark")
        if stored is None:
            return Mark()
        row, written, noted, tally = json.loads(stored)
        return Mark(row, written, noted, Tally.from_json(tally) if tally else None)

    def spent(self) -> Decimal:
        """Return what was spent; what was under way when the process was killed counts too."""
        flights = self._file.execute("SELECT price FROM flight").fetchall()
        prices = sum((Decimal(price) for (price,) in flights), Decimal(0))
        return Decimal(self._read("spent") or 0) + prices

    def takes_off(self, token: str, price: Decimal) -> None:
        """Note that something is being asked for that may cost this much."""
        self._file.execute("INSERT INTO flight VALUES (?, ?)", (token, str(price)))

    def lands(self, token: str, spent: Decimal) -> None:
        """Note what it cost."""
        self._file.execute("BEGIN")
        self._file.execute("DELETE FROM flight WHERE token = ?", (token,))
        self._write("spent", str(Decimal(self._read("spent") or 0) + spent))
        self._file.execute("COMMIT")

    async def get(self, key: str) -> Entry | None:
        """Return the entry, be it stale, or None."""
        row = self._file.execute("SELECT entry FROM entry WHERE key = ?", (key,)).fetchone()
        return None if row is None else Entry.from_json(json.loads(row[0]))

    async def put(self, key: str, provider: str, entry: Entry) -> None:
        """Keep an entry."""
        written = json.dumps(entry.as_json(), ensure_ascii=False)
        self._file.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (key, written))

    async def claim(self, key: str, seconds: float) -> bool:
        """Say yes: the run is one process, which asks nothing twice at a time."""
        return True

    async def release(self, key: str) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Close the journal; it stays."""
        self._file.close()

    def remove(self) -> None:
        """Close the journal and remove its folder."""
        self.close()
        shutil.rmtree(self.folder)

    def _said(self, name: str, value: str) -> str:
        """Return what was said before, or this from now on."""
        self._file.execute("INSERT OR IGNORE INTO said VALUES (?, ?)", (name, value))
        return self._read(name) or value

    def _read(self, name: str) -> str | None:
        row = self._file.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _write(self, name: str, value: str) -> None:
        self._file.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (name, value))
