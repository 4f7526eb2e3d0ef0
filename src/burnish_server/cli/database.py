"""Which database a command means."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from burnish.errors import BurnishError, InvalidSettings
from burnish_server.supervisor import folder

DataDir = Annotated[
    Path | None, typer.Option(help="Data folder of the running service, when not `var`.")
]


class DatabaseUnreachable(BurnishError):
    """The database cannot be reached; start it, or correct DATABASE_URL."""

    code = "database_unreachable"


class NoDatabase(BurnishError):
    """No service runs here and DATABASE_URL is not set; start `burnish serve`, or set it."""

    code = "no_database"


class NotMigrated(BurnishError):
    """The database is not up to date; run `burnish migrate` first."""

    code = "not_migrated"


FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


def connect(data_dir: Path | None = None, *, waits: bool = False) -> None:
    """Get Django ready on the database of DATABASE_URL, else of the service that is running.

    `data_dir` is the running service's data folder, BURNISH_DATA_DIR or `var` when None. One that
    `waits` does so for a server that is down or starting, and says so in the log.
    Raises `NoDatabase`, `InvalidSettings`, `DatabaseUnreachable` or `NotMigrated`.
    """
    name(data_dir)
    start_django()
    if waits:
        wait()
    reach()
    if not is_migrated():
        raise NotMigrated


def require_open() -> None:
    """Raise `SealedElsewhere` where what the database keeps sealed cannot be opened here."""
    from burnish_server.cli import sealed  # its models are known once Django is set up

    sealed.require_open()


def is_migrated() -> bool:
    """Tell whether every migration there is was applied; newer ones than we know do no harm."""
    # Django's parts exist only once it is set up.
    import psycopg
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    applied: set[tuple[str, str]] = set()
    with (
        psycopg.connect(**connection.get_connection_params()) as database,
        suppress(psycopg.errors.UndefinedTable),
    ):
        applied = set(database.execute("SELECT app, name FROM django_migrations").fetchall())
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {one for key in loader.replacements for one in loader.replacements[key].replaces}
    return applied >= loader.disk_migrations.keys() - loader.replacements.keys() - replaced


def name(data_dir: Path | None) -> None:
    """Name the database in the environment, and where the service beside it calls vendors."""
    if data_dir is not None:
        os.environ["BURNISH_DATA_DIR"] = str(data_dir)
    folder.keep_private(Path(os.environ.get("BURNISH_DATA_DIR") or "var"))
    if os.environ.get("DATABASE_URL"):
        return
    place = Path(os.environ.get("BURNISH_DATA_DIR") or "var")
    running = folder.announced(place)
    if running is None or not folder.alive(running):
        raise NoDatabase(
            f"No service runs on the data folder {place}; start it with `burnish serve`, "
            "name another with --data-dir, or set DATABASE_URL."
        )
    os.environ["DATABASE_URL"] = running["database_url"]
    for setting, value in running.get("environment", {}).items():
        os.environ.setdefault(setting, value)


def start_django() -> None:
    """Load the settings and the rooms. Raises `InvalidSettings`."""
    import django  # the heaviest import of all: only commands that need the database pay for it
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burnish_server.project.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise InvalidSettings(f"The settings cannot be used: {error}") from None


def wait() -> None:
    """Return once the server takes connections, or refuses us for a reason that stays."""
    import structlog
    from django.db import connection
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    known = {"dbname", "user", "password", "host", "port", "sslmode", "connect_timeout"}
    asked = {k: v for k, v in connection.get_connection_params().items() if k in known}
    address, pause = make_conninfo(**asked).encode(), FIRST_PAUSE
    log = structlog.get_logger("burnish.serve")
    while PGconn.ping(address) in (Ping.REJECT, Ping.NO_RESPONSE):
        log.warning("waiting for the database", where=_where(), seconds=pause)
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def reach() -> None:
    """Open one connection outside the pool, whose errors say at once what is wrong."""
    import psycopg  # brings the client library along
    from django.db import connection

    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].rpartition("failed: ")[2]
        raise DatabaseUnreachable(
            f"The database {_where()} cannot be reached ({reason.removeprefix('FATAL:').strip()}); "
            "start it, or correct DATABASE_URL."
        ) from None


def _where() -> str:
    """Return a database's name and host, without user and password."""
    from django.db import connection

    settings = connection.settings_dict
    return f"{settings['NAME']} at {settings['HOST'] or 'the local socket'}"
