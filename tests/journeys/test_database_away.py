"""PostgreSQL goes away and comes back: web and workers wait for it, and then go on."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from burnish_server.supervisor.postgres import Cluster
from tests.journeys.conftest import BURNISH, environment, eventually, free_port

PORT = free_port()


class Server:
    """A PostgreSQL that can be stopped and started."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.cluster.prepare()
        self.process = subprocess.Popen(
            self.cluster.command,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self.cluster.account.start_options(),
        )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it as `pg_ctl stop -m fast` does, or by another signal."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.communicate(timeout=20)
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(Cluster(tmp_path))
    yield server
    server.stop()


@contextmanager
def started(
    server: Server, *words: str
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """Run a command on the database; yields its process, and what reads its log."""
    folder = server.cluster.folder.parent
    log = folder / f"{words[0]}.log"
    told = {
        "DATABASE_URL": server.cluster.url,
        "BURNISH_DATA_DIR": str(folder),
        "BURNISH_WEB_PORT": str(PORT),
    }
    with log.open("wb") as file:
        process = subprocess.Popen([*BURNISH, *words], stderr=file, env=environment(**told))
    try:
        yield process, lambda: log.read_text("utf-8")
    finally:
        process.terminate()
        process.wait(20)


def health(host: str = "10.0.0.5") -> int:
    request = Request(f"http://127.0.0.1:{PORT}/health/", headers={"Host": host})
    try:
        with urlopen(request, timeout=10) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def workers(server: Server) -> int:
    """Return how many workers the job queue heard of lately."""
    question = (
        "select count(*) from procrastinate_workers "
        "where last_heartbeat > now() - interval '30 seconds'"
    )
    try:
        with psycopg.connect(server.cluster.url) as connection:
            return int(connection.execute(question).fetchone()[0])  # type: ignore[index]
    except psycopg.OperationalError:
        return 0


def listens(server: Server) -> bool:
    """Return whether a worker waits for new jobs."""
    question = "select count(*) from pg_stat_activity where query ilike 'listen %procrastinate%'"
    try:
        with psycopg.connect(server.cluster.url) as connection:
            return bool(connection.execute(question).fetchone()[0])  # type: ignore[index]
    except psycopg.OperationalError:
        return False


def test_web_and_worker_wait_at_the_start_and_outlive_a_restart(server: Server) -> None:
    server.start()
    with started(server, "migrate", "--wait") as (migration, _):
        assert migration.wait(60) == 0
    server.stop()

    with (
        started(server, "worker") as (worker, worker_log),
        started(server, "web") as (web, web_log),
    ):
        for log in (worker_log, web_log):
            assert eventually(lambda log=log: "waiting for the database" in log(), within=30)  # type: ignore[misc]
        server.start()
        assert eventually(lambda: health() == 200, within=60)
        assert eventually(lambda: workers(server) == 1, within=30)

        server.stop()
        assert eventually(lambda: health() == 503, within=30)
        assert eventually(lambda: "database lost, trying again" in worker_log(), within=30)
        server.start()
        assert eventually(lambda: health() == 200, within=30)
        assert eventually(lambda: workers(server) >= 1, within=60)

        assert (worker.poll(), web.poll()) == (None, None)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_worker_outlives_a_restart_however_quick_and_ends_when_told(
    server: Server, how: signal.Signals
) -> None:
    server.start()
    with started(server, "migrate", "--wait") as (migration, _):
        assert migration.wait(60) == 0
    with started(server, "worker") as (worker, log):
        assert eventually(lambda: workers(server) == 1, within=60)

        for times in (1, 2):
            server.stop(how)
            server.start()
            lost = "database lost, trying again"
            assert eventually(lambda t=times, w=lost: log().count(w) >= t, within=30)  # type: ignore[misc]
            assert eventually(lambda: listens(server), within=30)
        assert worker.poll() is None

        worker.terminate()
        assert worker.wait(20) == 0


def test_a_web_process_that_starts_while_the_database_is_down_stays(server: Server) -> None:
    """Under a supervisor nobody asks before: pages fail until it is back, the process does not."""
    server.start()
    with started(server, "migrate", "--wait") as (migration, _):
        assert migration.wait(60) == 0
    with started(server, "web") as (web, web_log):
        assert eventually(lambda: health() == 200, within=60)
        server.stop()
        (child,) = (int(pid) for pid in _children(web.pid))
        os.kill(child, signal.SIGKILL)

        assert eventually(lambda: web_log().count("web process ready") == 2, within=60)
        assert eventually(lambda: health() == 503, within=30)
        server.start()
        assert eventually(lambda: health() == 200, within=30)
        assert web.poll() is None


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
