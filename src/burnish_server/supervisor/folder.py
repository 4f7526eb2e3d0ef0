"""The data folder: who holds it, and where the running service is found."""

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypedDict

from burnish.errors import BurnishError


class FolderUnusable(BurnishError):
    """The data folder cannot be written; choose another with --data-dir."""

    code = "folder_unusable"


class FolderInUse(BurnishError):
    """Another `burnish serve` uses this data folder; stop it, or name another with --data-dir."""

    code = "folder_in_use"


class Running(TypedDict):
    """What `serve.json` says of the running service.

    `environment` holds what commands share with it beside the database.
    """

    pid: int
    database_url: str
    url: str
    environment: dict[str, str]


def keep_private(folder: Path) -> None:
    """Let nobody else read what this process writes from now on, nor what is in the folder already.

    The embedded PostgreSQL minds its own files. Where it has an account of its own (under root),
    that may still pass through the folder, without seeing what is in it.
    """
    os.umask(0o077)
    if not folder.is_dir():
        return
    with suppress(PermissionError):  # of another account, which minds its own
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) & (0o701 if _passes(folder) else 0o700))
    for parent, folders, files in os.walk(folder):
        if Path(parent) == folder and "postgres" in folders:
            folders.remove("postgres")
        for name in (*folders, *files):
            path = Path(parent, name)
            with suppress(PermissionError, FileNotFoundError):
                if not path.is_symlink() and not stat.S_ISSOCK(path.lstat().st_mode):
                    path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~0o077)


def _passes(folder: Path) -> bool:
    cluster = folder / "postgres"
    return cluster.exists() and cluster.stat().st_uid != os.geteuid()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the folder and hold its lock; the kernel lets go of it however this process ends."""
    keep_private(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FolderUnusable(
            f"The data folder {folder} cannot be written ({error.strerror}); "
            "choose another with --data-dir."
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUse(
            f"Another `burnish serve` uses the data folder {folder}; "
            "stop it, or name another folder with --data-dir."
        ) from None
    else:
        yield
    finally:
        os.close(descriptor)


def announce(folder: Path, running: Running) -> None:
    """Write `serve.json`, whole or not at all and readable by us alone: it opens the database."""
    draft = folder / "serve.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(running), encoding="utf-8")
    draft.replace(folder / "serve.json")


def withdraw(folder: Path) -> None:
    """Remove `serve.json`."""
    (folder / "serve.json").unlink(missing_ok=True)


def announced(folder: Path) -> Running | None:
    """Read `serve.json`; None when there is none."""
    try:
        running: Running = json.loads((folder / "serve.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    return running


def alive(running: Running) -> bool:
    """Tell whether the process that wrote `serve.json` still lives."""
    try:
        os.kill(running["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
