"""`burnish web`: pages and portal."""

import atexit
import multiprocessing
import os
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

import typer

from burnish_server.cli import database
from burnish_server.supervisor import lifeline
from burnish_server.supervisor import port as ports
from burnish_server.supervisor.child import burnish

LEAVE_SECONDS = 2.0
"""How long a process whose requests are answered gets to put away what it holds."""


def web(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Web processes.")] = None,
) -> None:
    """Answer HTTP requests: sign-up, settings, portal."""
    supervised = lifeline.VARIABLE in os.environ
    lifeline.guard()
    chosen = {
        "BURNISH_WEB_HOST": host,
        "BURNISH_WEB_PORT": port,
        "BURNISH_WEB_WORKERS": workers,
    }
    os.environ |= {name: str(value) for name, value in chosen.items() if value is not None}
    database.name(None)
    if not supervised and not _is_ready():
        raise typer.Exit(1)
    _serve()


def _is_ready() -> bool:
    """Wait for the database, in a process whose memory is then free again; say if it is migrated.

    That process ends with this one.
    """
    check = burnish("migrate", "--check", "--wait")
    told = {**os.environ, lifeline.VARIABLE: "0"}
    with subprocess.Popen(check, stdin=subprocess.PIPE, env=told) as process:
        return process.wait() == 0


def _serve() -> None:
    # The web server and the settings are for this command alone.
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from burnish_server.project.logging import logging_config
    from burnish_server.project.options import current
    from burnish_server.supervisor.web_server import WebServer

    # Workers are forked: they inherit the leash, and pages of memory this process has touched.
    multiprocessing.set_start_method("fork")
    log, options = current().log, current().web
    leash = lifeline.Leash()
    listener = ports.inherited_or_listen(options.host, options.port)

    def load(_target: str) -> Callable[..., Any]:
        """Load the application in a process that granian forked; this one stays small."""
        leash.child_holds()
        return _application()

    server = WebServer(
        "burnish",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        backpressure=options.threads * 8,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=options.stop_seconds,
        websockets=False,
        log_dictconfig=logging_config(log.format, log.level),
        log_level=LogLevels.error,
    )
    server.listener = listener
    server.serve(target_loader=load)


def _application() -> Callable[..., Any]:
    # Everything that is heavy, once for each web process.
    import structlog

    from burnish_server import engine
    from burnish_server.project.wsgi import application

    atexit.register(_leave, engine.close)
    _warn()
    structlog.get_logger("burnish.web").info("web process ready", pid=os.getpid())
    return application


def _leave(close: Callable[[], None]) -> None:
    """End the engine once all requests are answered; a part of it that hangs holds up nobody."""
    insist = threading.Timer(LEAVE_SECONDS, os._exit, [0])
    insist.daemon = True
    insist.start()
    close()
    insist.cancel()


def _warn() -> None:
    # The models exist only once Django is set up, which importing the application does.
    from django.db import DatabaseError, connection

    from burnish_server.identity import bot_protection

    # Pages say that they cannot be shown until the database is back; the process stays.
    with suppress(DatabaseError):
        bot_protection.warn()
    connection.close()
