"""The whole service as one supervisor: database, migration, web, worker, stand-in vendors."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from burnish.errors import BurnishError
from burnish.hooks.deno_command import find_deno
from burnish_server.supervisor import folder, port
from burnish_server.supervisor.child import Child, burnish
from burnish_server.supervisor.postgres import Cluster

WORKER_STOP_SECONDS = 3.0
MORE_SECONDS = 1.0
"""How much longer than its requests the web process itself gets to end."""
DATABASE_STOP_SECONDS = 1.5
LEFTOVER_SECONDS = 8.0
"""How long the rest of a killed service gets to leave the port."""
START_SECONDS = 60.0
MOST_FAILED_STARTS = 3


class ServiceBroken(BurnishError):
    """A part of the service does not start; the lines above say why."""

    code = "service_broken"


SHARED = ("BURNISH_SANDBOX", "BURNISH_OUTBOUND_REWRITES")
"""What a command beside the service must know: that stand-ins answer for vendors, and where."""


class Administrator(TypedDict):
    """The first administrator, as the migration made it."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to serve, and where."""

    data_dir: Path
    host: str
    port: int
    sandbox: bool
    database_url: str | None
    rewrites: str
    stop_seconds: int

    @property
    def url(self) -> str:
        """Address for a browser on this machine."""
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - a name
        return f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"


@asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[Administrator | None]:
    """Run the service; yields once it answers, with the administrator if one was just made.

    Raises a `BurnishError` whose sentence says what hinders the start. At the end, and whenever
    the start fails, every process is ended.
    """
    find_deno()
    async with AsyncExitStack() as stack:
        stack.enter_context(folder.held(plan.data_dir))
        leftover = folder.announced(plan.data_dir) is not None
        patience = LEFTOVER_SECONDS if leftover else 0.0
        listener = await port.listen_when_free(plan.host, plan.port, patience)
        stack.callback(listener.close)
        rewrites = await stack.enter_async_context(_vendors(plan))
        database_url = plan.database_url
        if database_url is None:
            database_url = await stack.enter_async_context(_database(plan.data_dir))
        environment = _environment(plan, database_url, rewrites)
        administrator = await _migrate(environment)
        folder.announce(
            plan.data_dir,
            {
                "pid": os.getpid(),
                "database_url": database_url,
                "url": plan.url,
                "environment": {name: environment[name] for name in SHARED},
            },
        )
        stack.callback(folder.withdraw, plan.data_dir)
        listening = {**environment, port.VARIABLE: str(listener.fileno())}
        handed_down = {"pass_fds": (listener.fileno(),)}
        web = Child("web", burnish("web"), listening, start_options=handed_down)
        worker = Child("worker", burnish("worker"), environment)
        patient = plan.stop_seconds + MORE_SECONDS
        await stack.enter_async_context(_kept_alive({web: patient, worker: WORKER_STOP_SECONDS}))
        stack.callback(listener.close)  # at the end, first of all: nobody new comes
        await _answers(plan, web)
        yield administrator


@asynccontextmanager
async def _vendors(plan: Plan) -> AsyncIterator[Mapping[str, str]]:
    if not plan.sandbox:
        yield {}
        return
    from burnish import sandbox  # brings an HTTP server: only for those who asked for it

    async with sandbox.serve() as rewrites:
        yield rewrites


@asynccontextmanager
async def _database(data_dir: Path) -> AsyncIterator[str]:
    """Run the embedded PostgreSQL and yield its address."""
    cluster = Cluster(data_dir)
    await asyncio.to_thread(cluster.prepare)
    server = Child(
        "postgres",
        cluster.command,
        {"PATH": os.defpath, "LC_ALL": "C"},
        stop_signal=signal.SIGINT,
        start_options={"cwd": "/", **cluster.account.start_options()},
        log_file=cluster.log,
        before_restart=cluster.prepare,
    )
    try:
        await server.start()
        await cluster.ready()
        yield cluster.url
    finally:
        await server.stop(DATABASE_STOP_SECONDS)


@asynccontextmanager
async def _kept_alive(children: Mapping[Child, float]) -> AsyncIterator[None]:
    """Keep children alive; at the end each gets so many seconds before it is killed."""
    try:
        for child in children:
            await child.start()
        yield
    finally:
        await asyncio.gather(*(child.stop(seconds) for child, seconds in children.items()))


def _environment(plan: Plan, database_url: str, rewrites: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of web, worker and migration. Explicit rewrites come last and win."""
    ours = ",".join(f"{origin}={target}" for origin, target in rewrites.items())
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "BURNISH_DATA_DIR": str(plan.data_dir.resolve()),
        "BURNISH_SANDBOX": str(int(plan.sandbox)),
        "BURNISH_OUTBOUND_REWRITES": ",".join(part for part in (ours, plan.rewrites) if part),
    }


async def _migrate(environment: Mapping[str, str]) -> Administrator | None:
    """Bring the database up to date in a process of its own, whose memory is then free again."""
    process = await asyncio.create_subprocess_exec(
        *burnish("migrate", "--first-administrator"),
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, complaint = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ServiceBroken(_told(complaint.decode(errors="replace")))
    made: Administrator | None = json.loads(output.splitlines()[-1])
    return made


def _told(complaint: str) -> str:
    """Return the sentence a command ended with, or what little can be said without one."""
    lines = complaint.strip().splitlines() or ["no reason was given"]
    if lines[-1].startswith("burnish: "):
        return lines[-1].removeprefix("burnish: ")
    return f"The database could not be brought up to date: {lines[-1]}."


async def _answers(plan: Plan, web: Child) -> None:
    """Return once the web answers. Raises `ServiceBroken` when it keeps ending."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while not await _healthy(plan):
        if web.ends >= MOST_FAILED_STARTS or asyncio.get_running_loop().time() > deadline:
            raise ServiceBroken("The web process does not start; the lines above say why.")
        await asyncio.sleep(0.03)


async def _healthy(plan: Plan) -> bool:
    """Ask for /health/ once; no HTTP library is worth its memory here."""
    host = plan.url.removeprefix("http://").rpartition(":")[0].strip("[]")
    try:
        reader, writer = await asyncio.open_connection(host, plan.port)
    except OSError:
        return False
    try:
        writer.write(b"GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await writer.drain()
        return b" 200 " in await asyncio.wait_for(reader.readline(), 5)
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
