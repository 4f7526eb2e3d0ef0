"""`burnish serve`: the whole service under one supervisor."""

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder that keeps the data.")] = None,
    sandbox: Annotated[
        bool | None, typer.Option(help="Let stand-ins with made-up answers act for the vendors.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="YAML file with settings.")] = None,
) -> None:
    """Run everything: PostgreSQL (unless DATABASE_URL names one), web, worker, script runtime."""
    chosen = {
        "BURNISH_WEB_HOST": host,
        "BURNISH_WEB_PORT": port,
        "BURNISH_DATA_DIR": data_dir,
        "BURNISH_SANDBOX": None if sandbox is None else int(sandbox),
        "BURNISH_CONFIG": config.resolve() if config else None,
    }
    os.environ |= {name: str(value) for name, value in chosen.items() if value is not None}
    with suppress(asyncio.CancelledError):
        asyncio.run(_until_told_to_end())


async def _until_told_to_end() -> None:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    told = False

    def end() -> None:
        nonlocal told
        if not told and task is not None:
            told = True
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    await _run()


async def _run() -> None:
    # The supervisor and the settings tree are for this command alone.
    from burnish_server.project.logging import configure, logging_config
    from burnish_server.project.options import current
    from burnish_server.supervisor.service import Plan, running

    options = current()
    configure(logging_config(options.log.format, options.log.level))
    url = options.database_url
    plan = Plan(
        data_dir=options.data_dir,
        host=options.web.host,
        port=options.web.port,
        sandbox=options.sandbox,
        database_url=url.get_secret_value() if url else None,
        rewrites=options.outbound.rewrites,
        stop_seconds=options.web.stop_seconds,
    )
    async with running(plan) as administrator:
        _welcome(options.web.origin or plan.url, plan.sandbox, administrator)
        await asyncio.Event().wait()


def _welcome(origin: str, sandbox: bool, administrator: Mapping[str, object] | None) -> None:
    """Print where everything is, and the first administrator's password, which is kept nowhere."""
    table = Table.grid(padding=(0, 2))
    table.add_row("Sign up", f"{origin}/signup/")
    table.add_row("Settings", f"{origin}/settings/")
    table.add_row("Portal", f"{origin}/portal/")
    if sandbox:
        table.add_row("Mails sent", f"{origin}/sandbox/mail/")
    if administrator is not None:
        table.add_section()
        table.add_row("Administrator", str(administrator["email"]))
        table.add_row("Password", f"{administrator['password']}  (shown only now)")
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    if sandbox:
        console.print("The sandbox is on: answers of vendors are made up.")
    console.print("Burnish is ready. End it with Ctrl-C.")
