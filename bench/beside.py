"""How many sign up and log in a second, beside Better Auth, and behind a slow vendor?"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg

from bench import ours, peer, people
from bench.crowd import crowd
from bench.database import database
from bench.endpoint import endpoint
from bench.measure import show
from bench.pinned import spent

POOL = 10
PEOPLE = 1000
ROUNDS, SECONDS = 3, 6.0
METHOD = (
    f"One process each, with a pool of {POOL} connections (pg's own default) to the same "
    "PostgreSQL, and the same hash: Argon2id, 19 MiB, two passes. Better Auth is on Node's server, "
    "with the reference library in C, as Python's argon2-cffi is, or with @node-rs/argon2, which "
    "its documentation shows and which takes a third of the time; that also behind the vendor.\n"
    "Ours is `burnish web`, with `burnish worker` beside it, which sends the mails that only ours "
    "writes; also only ours checks a CSRF token, limits rates, and writes events. One POST is one "
    "sign-up or login; the visitors share the machine's cores with all of it.\n"
    f"Median of {ROUNDS} rounds of {SECONDS:.0f} s, one service after the other, the others at "
    "rest; 8 visitors at once. With a vendor that takes a second: 50, and 128 web threads. Ours "
    "asks it as a blocking webhook; Better Auth before the user is made, as its documentation "
    "shows for amending users (it holds a connection meanwhile), or before its endpoint.\n"
    "CPU ms: processor time of one, hash and worker included, which says more where others use "
    "the machine too. Owed: as many sign-ups and logins; behind the vendor 3 times."
)
HASHING = {"hash in C": {"HASH": "reference"}, "hash in Rust": {"HASH": "rust"}}
ASKING = {
    "asks before the user is made": {"HOOK": "database"},
    "asks before the endpoint": {"HOOK": "endpoint"},
}
COLUMNS = ("", "service", "a second", "p95 ms", "CPU ms + database", "ours is ... of it")


class Service(NamedTuple):
    """A running service: its address, its processes, and who visits it how."""

    name: str
    url: str
    pids: list[int]
    sign_up: str
    login: str


def bench() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, database() as postgres, endpoint() as vendor:
        os.environ |= {
            "BURNISH_DATABASE_POOL_SIZE": str(POOL),
            "BURNISH_OUTBOUND_ALLOW_PRIVATE": urlsplit(vendor).netloc,
        }
        people.make_ours(PEOPLE)
        node = peer.installed(Path(folder))
        address = _better_auth(node) if node else ""
        rows: list[tuple[str, ...]] = []
        with _services(node, address) as services:
            for kind in ("sign_up", "login"):
                rows += _rows(kind.replace("_", "-"), kind, services, postgres, clients=8)
        with _services(node, address, vendor=f"{vendor}/wait/1000") as services:
            rows += _rows("sign-up, vendor takes 1 s", "sign_up", services, postgres, clients=50)
    if not node:
        rows.append(("Better Auth", peer.MISSING, "", "", "", ""))
    show("beside", METHOD, COLUMNS, rows)


def _rows(
    name: str, kind: str, services: list[Service], postgres: int, clients: int
) -> list[tuple[str, ...]]:
    """Measure all services in turn, round by round."""
    seen: dict[str, list[tuple[float, ...]]] = {service.name: [] for service in services}
    for _ in range(ROUNDS):
        for service in services:
            visit = f"bench.visits:{getattr(service, kind)}"
            seen[service.name].append(_measure(service, visit, postgres, clients))
    middle = {
        service: [median(figures) for figures in zip(*rounds, strict=True)]
        for service, rounds in seen.items()
    }
    return [
        (
            name,
            service,
            f"{rate:.1f}",
            f"{p95:,.0f}",
            f"{own:.1f} + {database:.1f}",
            f"{middle['ours'][0] / rate:.2f}",
        )
        for service, (rate, p95, own, database) in middle.items()
    ]


def _measure(service: Service, visit: str, postgres: int, clients: int) -> tuple[float, ...]:
    """Return visits a second, p95, and milliseconds of processor time: its own, PostgreSQL's."""
    told = {"emails": [f"person{number}@people.example" for number in range(PEOPLE)]}
    before = spent(service.pids), spent([postgres])
    seen = crowd(visit, service.url, told, clients=clients, seconds=SECONDS, warm=2.0)
    own, database = spent(service.pids) - before[0], spent([postgres]) - before[1]
    visits = seen.timings["visits"]
    return visits.rate, visits.p95, own * 1000 / seen.made, database * 1000 / seen.made


@contextmanager
def _services(node: Path | None, address: str, vendor: str = "") -> Iterator[list[Service]]:
    from burnish_server.hooks import signing
    from burnish_server.hooks.models import Hook

    threads = {"BURNISH_WEB_THREADS": "128"} if vendor else {}
    if vendor:
        signing.ensure()
        Hook.objects.create(name="vendor", kind="webhook", url=vendor, events=["user.pre_create"])
    with ExitStack() as stack:
        url, pids = stack.enter_context(ours.serving(**threads))
        found = [Service("ours", url, pids, "sign_up", "login")]
        for way, told in (ASKING if vendor else HASHING).items() if node else ():
            told = {"DATABASE_URL": address, "POOL": str(POOL), "VENDOR": vendor, **told}
            server = peer.Peer(node, "better_auth.mjs", **told)
            url, pid = stack.enter_context(server.serving())
            name = f"Better Auth, {way}"
            found.append(Service(name, url, [pid], "better_auth_sign_up", "better_auth_login"))
        yield found


def _better_auth(node: Path) -> str:
    """Make its database, with people who may sign in; return its address."""
    address = people.database("better_auth")
    peer.Peer(node, "better_auth.mjs", DATABASE_URL=address).run("migrate")
    with psycopg.connect(address) as connection:
        people.make_better_auth(connection.cursor(), PEOPLE, attributes=False)
    return address
