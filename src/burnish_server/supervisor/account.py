"""Which account PostgreSQL runs under: it refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("burnish", "nobody")
"""Under root, the first of these accounts that exists owns the cluster."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group to start programs as; none of them means ourselves."""

    uid: int | None = None
    gid: int | None = None

    def start_options(self) -> dict[str, Any]:
        """Return keyword arguments for `subprocess` that start a program under this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, folder: Path) -> None:
        """Give the folder and the path to it to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
            self.can_reach(folder)

    def takes(self, file: Path) -> None:
        """Give a file to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(file, self.uid, self.gid)

    def can_reach(self, path: Path) -> None:
        """Let other accounts pass (not read) the folders above `path`, where they may not yet."""
        if self.uid is None:
            return
        for parent in path.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def account() -> Account:
    """Return the account for PostgreSQL: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return Account()
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account()
