"""Keys that are made once and kept in the data folder."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from burnish.errors import InvalidSettings


def secret_key(data_dir: Path) -> str:
    """Return the key that signs sessions and codes: see `_kept`."""
    return _kept(data_dir, "secret-key")


MADE, REPLACED = "sealing-key", "sealing-key.replaced"


def sealing_keys(data_dir: Path, secret_key: str | None) -> list[str]:
    """Return the keys that seal secrets; the first seals, all open.

    It follows from the secret key of the settings, so that machines that share that share it. A
    key that was made in the data folder before still opens. Without a secret key one is made
    there: see `_kept`.
    """
    if secret_key is None:
        return [_kept(data_dir, MADE), *_there(data_dir, REPLACED)]
    derived = hmac.new(secret_key.encode(), b"burnish sealing key", hashlib.sha256).hexdigest()
    return [derived, *_there(data_dir, MADE), *_there(data_dir, REPLACED)]


def is_replaced(data_dir: Path, secret_key: str | None) -> bool:
    """Say whether there is a made key in whose place one follows from the secret key by now."""
    return secret_key is not None and bool(_there(data_dir, MADE))


def put_aside(data_dir: Path) -> None:
    """Remember that nothing is sealed with the made key any more; it opens still."""
    (data_dir / MADE).replace(data_dir / REPLACED)


def _there(data_dir: Path, name: str) -> list[str]:
    try:
        return [(data_dir / name).read_text(encoding="ascii").strip()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unusable(data_dir / name, error) from None


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
        raise _unusable(path, error) from None


def _unusable(path: Path, error: OSError) -> InvalidSettings:
    return InvalidSettings(
        f"The key file {path} cannot be used ({error.strerror}); "
        "let Burnish write to the folder, or name another with --data-dir."
    )


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
