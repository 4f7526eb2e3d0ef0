"""Our own web process and worker on a bench's database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bench.pinned import starts
from bench.signup import free_port, wait_for


@contextmanager
def serving(
    *, processes: int = 1, worker: bool = True, cpus: Iterable[int] | None = None, **settings: str
) -> Iterator[tuple[str, list[int]]]:
    """Run them with settings of the environment; yield the address and the processes' ids."""
    port = free_port()
    environment = os.environ | {
        "BURNISH_WEB_PORT": str(port),
        "BURNISH_WEB_WORKERS": str(processes),
        "BURNISH_WEB_TRUSTED_PROXIES": "127.0.0.1",
        "BURNISH_LOG_LEVEL": "error",
        **settings,
    }
    commands = ["web", "worker"] if worker else ["web"]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "burnish", command],
            env=environment,
            stdout=subprocess.DEVNULL,
            **starts(cpus),
        )
        for command in commands
    ]
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/")
        yield url, [process.pid for process in running]
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(20)
