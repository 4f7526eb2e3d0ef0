"""A PostgreSQL of a bench's own, with the service's tables in it."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path


@contextmanager
def database(kept: str | None = None) -> Iterator[int]:
    """Run a database, with Django on it, until the block ends; yields its process's id.

    It is a fresh one, or one in a folder that is `kept`.
    """
    with nullcontext(kept) if kept else tempfile.TemporaryDirectory() as folder:
        # The settings are read as soon as Django is imported, and name the database.
        from burnish_server.supervisor.postgres import Cluster

        Path(folder).mkdir(parents=True, exist_ok=True)
        cluster = Cluster(Path(folder))
        cluster.prepare()
        server = subprocess.Popen(
            cluster.command,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **cluster.account.start_options(),
        )
        while not cluster.takes_connections():
            time.sleep(0.05)
        os.environ |= {"DATABASE_URL": cluster.url, "BURNISH_DATA_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "burnish_server.project.settings"
        os.environ["BURNISH_SECRET_KEY"] = "only-for-benches"
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield server.pid
        finally:
            connections["default"].close()
            connections["default"].close_pool()
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=30)
