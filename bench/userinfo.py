"""How many times a second can apps ask who somebody is, when there are a million?"""

import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psycopg

from bench import ours, peer, people
from bench.crowd import crowd
from bench.database import database
from bench.measure import show
from bench.pinned import FIRST, REST, spent

COUNT = int(os.environ.get("BENCH_PEOPLE", people.COUNT))
TOKENS = 2000
ROUNDS, SECONDS, CLIENTS = 5, 4.0, 16
METHOD = (
    "{count:,} people with 30 attributes each, in tables of each service in one PostgreSQL; "
    f"{TOKENS:,} of them, from all over the tables, are asked about in turn by {CLIENTS} clients "
    "with connections kept open. One process each, kept to one processor; PostgreSQL and the "
    "clients have the rest. Median of "
    f"{ROUNDS} rounds of {SECONDS:.0f} s, in each of which all services have their turn.\n"
    "They take minutes to make: BENCH_KEEP names a folder in which they are kept for the next run, "
    "BENCH_PEOPLE makes fewer.\n"
    "Ours: GET /oauth2/userinfo with an opaque token of a first-party app: a row for the token, "
    "its grant, client, user and profile, access checked for each attribute. oidc-provider: the "
    "same with its adapter and accounts in PostgreSQL, by prepared statements: token, account and "
    "grant; its clients are in its memory. Better Auth: GET /api/auth/get-session with a signed "
    "cookie, the attributes as columns of its user.\n"
    "CPU ms: processor time of one answer, the service's and PostgreSQL's, which says more where "
    "others use the machine too. Owed: more than Better Auth, and 0.7 of oidc-provider."
)
COLUMNS = ("service", "requests/s", "p50 ms", "p95 ms", "CPU ms + database", "ours is ... of it")


class Service(NamedTuple):
    """A running service: its address, its process, and how it is asked."""

    name: str
    url: str
    pid: int
    visit: str
    told: dict[str, Any]


def bench() -> None:
    """Print the table."""
    kept = os.environ.get("BENCH_KEEP")
    with tempfile.TemporaryDirectory() as folder, database(kept) as postgres, ExitStack() as stack:
        node = peer.installed(Path(folder))
        if not people.are_here(COUNT):
            _fill(node)
        services = [_ours(stack)]
        if node:
            services += [_oidc_provider(stack, node), _better_auth(stack, node)]
        rows = _rows(services, postgres)
    if not node:
        rows.append(("oidc-provider, Better Auth", peer.MISSING, "", "", "", ""))
    show("userinfo", METHOD.format(count=COUNT), COLUMNS, rows)


def _rows(services: list[Service], postgres: int) -> list[tuple[str, ...]]:
    seen: dict[str, list[tuple[float, ...]]] = {service.name: [] for service in services}
    for _ in range(ROUNDS):
        for service in services:
            seen[service.name].append(_measure(service, postgres))
    middle = {
        name: [median(figures) for figures in zip(*rounds, strict=True)]
        for name, rounds in seen.items()
    }
    return [
        (
            name,
            f"{rate:,.0f}",
            f"{p50:.1f}",
            f"{p95:.1f}",
            f"{own:.2f} + {database:.2f}",
            f"{middle['ours'][0] / rate:.2f}",
        )
        for name, (rate, p50, p95, own, database) in middle.items()
    ]


def _measure(service: Service, postgres: int) -> tuple[float, ...]:
    """Return requests a second, p50, p95, and milliseconds of processor time of one."""
    before = spent([service.pid]), spent([postgres])
    seen = crowd(
        f"bench.visits:{service.visit}",
        service.url,
        service.told,
        clients=CLIENTS,
        seconds=SECONDS,
        cpus=REST,
    )
    own, database = spent([service.pid]) - before[0], spent([postgres]) - before[1]
    taken = seen.timings["all"]
    return taken.rate, taken.p50, taken.p95, own * 1000 / seen.made, database * 1000 / seen.made


def _fill(node: Path | None) -> None:
    people.make_ours(COUNT)
    if not node:
        return
    with psycopg.connect(people.database("oidc_provider")) as connection:
        people.make_oidc_provider(connection.cursor(), COUNT)
    address = people.database("better_auth")
    _better_auth_at(address, node).run("migrate")
    with psycopg.connect(address) as connection:
        people.make_better_auth(connection.cursor(), COUNT)


def _ours(stack: ExitStack) -> Service:
    told = {"path": "/oauth2/userinfo", "tokens": people.make_tokens(TOKENS)}
    url, [pid] = stack.enter_context(ours.serving(worker=False, cpus=FIRST))
    return Service("ours", url, pid, "userinfo", told)


def _oidc_provider(stack: ExitStack, node: Path) -> Service:
    address = people.address("oidc_provider")
    claims = ",".join(people.EVERYTHING)
    server = peer.Peer(node, "oidc.mjs", DATABASE_URL=address, CLAIMS=claims)
    told = {"path": "/me", "tokens": json.loads(server.run("tokens", str(TOKENS)))}
    url, pid = stack.enter_context(server.serving(FIRST))
    return Service("oidc-provider", url, pid, "userinfo", told)


def _better_auth(stack: ExitStack, node: Path) -> Service:
    address = people.address("better_auth")
    with psycopg.connect(address) as connection:
        cookies = people.make_sessions(connection.cursor(), TOKENS)
    url, pid = stack.enter_context(_better_auth_at(address, node).serving(FIRST))
    return Service("Better Auth", url, pid, "session", {"cookies": cookies})


def _better_auth_at(address: str, node: Path) -> peer.Peer:
    own = [name for name in people.EVERYTHING if name != "email"]
    return peer.Peer(node, "better_auth.mjs", DATABASE_URL=address, ATTRIBUTES=",".join(own))
