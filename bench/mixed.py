"""How many requests a second does a processor serve of people and apps who do all they do?"""

import os

from bench import ours, people
from bench.crowd import Seen, crowd
from bench.database import database
from bench.measure import show
from bench.pinned import spent

PEOPLE = 20_000
CLIENTS, SECONDS = 16, 20.0
METHOD = (
    "{clients} visitors on {people:,} people with 30 attributes each: one after the other, each "
    "logs in from an app (six requests: authorize, the page, the form, authorize, token for a "
    "code with PKCE, and later userinfo), has the app refresh its tokens, has it ask userinfo, and "
    "sends somebody new from the app to sign up (three: authorize, the page, the form). A quarter "
    "of the visits each, so two passwords are hashed (Argon2id, 19 MiB) in eleven requests. "
    "Authgear's page on throughput names sign-up, login and refresh, counts HTTP requests, and "
    "says no shares; its sizes come to 5 to 6.3 requests/s per vCPU, database included.\n"
    "{cores} web processes, a worker, PostgreSQL and the visitors share the machine's {cores} "
    "processors: requests/s are divided by these. By CPU: by the processor time that web, worker "
    "and PostgreSQL took, as if the visitors came from elsewhere. Owed: 60."
)
KINDS = ("authorize", "page", "login", "code", "refresh", "userinfo", "sign-up")


def bench() -> None:
    """Print the table."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert cores
    with database() as postgres:
        people.make_ours(PEOPLE)
        people.make_app()
        told = {
            "path": "/oauth2/userinfo",
            "emails": [f"person{number}@people.example" for number in range(PEOPLE)],
        }
        with ours.serving(processes=cores) as (url, pids):
            everything = [*pids, postgres]
            # What processes load when they are first asked is no part of what a request costs.
            crowd("bench.visits:mixed", url, told, clients=CLIENTS, seconds=SECONDS / 4)
            before = spent(everything)
            seen = crowd("bench.visits:mixed", url, told, clients=CLIENTS, seconds=SECONDS)
            cpu = spent(everything) - before
    rows = [(kind, *_figures(seen, kind), "", "") for kind in KINDS]
    rate = seen.timings["all"].rate
    requests = seen.made * rate / seen.timings["visits"].rate
    per_core, by_cpu = f"{rate / cores:.0f}", f"{requests / cpu:.0f}"
    rows.append(("all", *_figures(seen, "all"), per_core, by_cpu))
    columns = ("request", "a second", "p50 ms", "p95 ms", "per vCPU", "by CPU")
    show("mixed", METHOD.format(clients=CLIENTS, people=PEOPLE, cores=cores), columns, rows)


def _figures(seen: Seen, kind: str) -> tuple[str, str, str]:
    taken = seen.timings[kind]
    return f"{taken.rate:.1f}", f"{taken.p50:.0f}", f"{taken.p95:.0f}"
