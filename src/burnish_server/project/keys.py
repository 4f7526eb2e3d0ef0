"""Keys that are made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from burnish.errors import InvalidSettings


def secret_key(data_dir: Path) -> str:
    """Return the key that signs sessions and codes: see `_kept`."""
    return _kept(data_dir, "secret-key")


def sealing_key(data_dir: Path) -> str:
    """Return the key that seals hooks' secrets: see `_kept`."""
    return _kept(data_dir, "sealing-key")


def _kept(data_dir: Path, name: str) -> str:
    """Return a key kept in the data folder; the first caller makes it, readable by us alone.

    Raises `InvalidSettings` when the folder cannot be written.
    """
    path = data_dir / name
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise InvalidSettings(
            f"The key file {path} cannot be used ({error.strerror}); "
            "let Burnish write to the folder, or name another with --data-dir."
        ) from None


def _write_once(path: Path, key: str) -> None:
    """Write `key` whole or not at all; when two processes race, one key wins and both use it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
