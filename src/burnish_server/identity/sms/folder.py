"""Without a sender, text messages are written to the data folder, where the sandbox shows them."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from burnish_server.identity.sms.message import Message


class Folder:
    """One file a message."""

    def __init__(self, folder: Path) -> None:
        """Write to a folder, which is made with the first message."""
        self._folder = folder

    def send(self, message: Message) -> None:
        """Write a message; one that is sent again takes its own place."""
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {"at": time.time(), "to": message.to, "text": message.text}
        (self._folder / f"{message.id}.json").write_text(json.dumps(kept))

    def newest(self, most: int) -> Iterator[dict[str, Any]]:
        """Return messages, the newest first: `at` (Unix seconds), `to` and `text`."""
        files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[::-1][:most]:
            yield json.loads(file.read_text())
