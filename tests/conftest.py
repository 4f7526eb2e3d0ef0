"""What all tests share: settings of their own, a PostgreSQL where one is needed, a browser's lack.

The environment is set before Django reads it. `DATABASE_URL` names a PostgreSQL to use instead of
the embedded one; each run makes and drops its own database there.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from xdist.scheduler import LoadScopeScheduling

from burnish_server.supervisor.postgres import Cluster

CHROMIUM = Path("/usr/bin/chromium")
TOGETHER = ("tests/journeys/", "tests/doors/clients/")
"""Folders whose files share what takes long to start."""
DATA_DIR = Path(tempfile.mkdtemp(prefix="burnish-tests-"))
CLUSTER = None if os.environ.get("DATABASE_URL") else Cluster(DATA_DIR)

# Whoever runs the tests may have settings of their own; they are not the tests' business.
for name in [name for name in os.environ if name.startswith("BURNISH_")]:
    if name != "BURNISH_REQUIRE_BROWSER":
        del os.environ[name]
if CLUSTER is not None:
    os.environ["DATABASE_URL"] = CLUSTER.url
os.environ["DJANGO_SETTINGS_MODULE"] = "burnish_server.project.settings"
os.environ["BURNISH_DATA_DIR"] = str(DATA_DIR)
os.environ["BURNISH_SECRET_KEY"] = "only-for-tests"
django.setup()
# Each test client would list every static file when it is made, which takes 60 ms.
settings.WHITENOISE_AUTOREFRESH = True


POWERS = (
    # What tests do beside the service: databases of their own, and tables emptied quickly.
    "ALTER ROLE burnish CREATEDB CREATEROLE",
    "GRANT SET ON PARAMETER session_replication_role TO burnish",
    # One that owns what it is given, and nothing else.
    "CREATE ROLE tests_plain LOGIN PASSWORD 'x' ROLE burnish",
    # Roles that the service must not believe in.
    "CREATE ROLE tests_superuser LOGIN PASSWORD 'x' SUPERUSER",
    "CREATE ROLE tests_file_reader LOGIN PASSWORD 'x' IN ROLE pg_read_server_files",
)


class Server:
    """The PostgreSQL of the session, from when somebody first needs it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if CLUSTER is None or self.process is not None:
            return
        CLUSTER.prepare()
        CLUSTER.alone("\n".join(POWERS))
        self.process = subprocess.Popen(
            [*CLUSTER.command, "-c", "fsync=off"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **CLUSTER.account.start_options(),
        )
        deadline = time.monotonic() + 20
        while not CLUSTER.takes_connections() and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=20)
            self.process = None


SERVER = Server()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Run PostgreSQL for the session, from the first test that asks for a database."""
    SERVER.start()
    yield
    SERVER.stop()


def _emptying(_style: Any, tables: Iterable[str], **_options: bool) -> list[str]:
    """Return what empties the few tables a test wrote to, whoever refers to their rows.

    Emptying all by TRUNCATE, as Django does, takes longer than most tests.
    """
    quoted = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in quoted)
        )
        written = [table for (table,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {t}" for t in written)]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests with transactions of their own empty all tables, and quickly.

    Nobody else can empty the audit log. What Django makes after migrations, as permissions, it
    would make again after each test; nobody here is asked for one.
    """
    post_migrate.receivers.clear()
    if CLUSTER is not None:
        connection.ops.sql_flush = _emptying
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER stays_whole")


def pytest_unconfigure() -> None:
    """End PostgreSQL, and remove the session's folder."""
    SERVER.stop()
    shutil.rmtree(DATA_DIR, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Let each of several test processes have a PostgreSQL and a folder of its own."""
    if config.getoption("numprocesses", None) is not None:
        for name in ("DJANGO_SETTINGS_MODULE", "BURNISH_DATA_DIR", "BURNISH_SECRET_KEY"):
            del os.environ[name]
        if CLUSTER is not None:
            del os.environ["DATABASE_URL"]


class Together(LoadScopeScheduling):
    """Gives each file to one of several processes, and all files of some folders to the same.

    A journey starts a whole service: two at a time would leave neither the time it measures. They
    mostly wait, and beside them the other process has room for the rest.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Have the tests given out so."""
    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the journeys, which take longest, first; leave browser tests out where none can run."""
    items.sort(key=lambda item: not item.nodeid.startswith(TOGETHER[0]))
    _leave_browsers_out(config, items)


def _leave_browsers_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no Chromium, unless one is required."""
    if CHROMIUM.exists() or os.environ.get("BURNISH_REQUIRE_BROWSER") == "1":
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    config.stash[LEFT_OUT] = len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in the last lines that browser tests were left out."""
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{count} browser tests were left out: there is no {CHROMIUM}; "
            "on Debian, `apt-get install chromium` brings it.",
            yellow=True,
        )
