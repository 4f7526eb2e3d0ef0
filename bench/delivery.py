"""How many events does one worker deliver a second?"""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from bench.database import database
from bench.endpoint import endpoint
from bench.measure import show

EVENTS = 5000
METHOD = (
    f"{EVENTS:,} events in the outbox, one webhook that hears them all, one `burnish worker`; from "
    "the first post that arrives at the endpoint,\na process of its own, to the last, and every "
    "delivery found written as made. The slow one hears them too. Owed: 300 a second."
)


def bench() -> None:
    """Print the table."""
    rows = []
    with endpoint() as fast, endpoint() as slow, database():
        from burnish_server.hooks import signing
        from burnish_server.hooks.models import Hook

        signing.ensure()
        Hook.objects.create(name="fast", kind="webhook", url=f"{fast}/wait/0", events=["*"])
        rows.append(("a fast endpoint", f"{_rate(fast, slow):,.0f}"))
        Hook.objects.create(name="slow", kind="webhook", url=f"{slow}/wait/5000", events=["*"])
        rows.append(("the same, beside one that takes 5 s", f"{_rate(fast, slow):,.0f}"))
    show("delivery", METHOD, ("to", "deliveries/s"), rows)


def _rate(fast: str, slow: str) -> float:
    """Have all events delivered by a worker, and return how many the fast one got a second."""
    from burnish_server.hooks.models import Delivery

    _happen()
    _forget(fast)
    private = ",".join(urlsplit(one).netloc for one in (fast, slow))
    worker = subprocess.Popen(
        [sys.executable, "-m", "burnish", "worker"],
        env=os.environ | {"BURNISH_OUTBOUND_ALLOW_PRIVATE": private},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while Delivery.objects.filter(hook__name="fast", state="pending").exists():
            assert worker.poll() is None, "the worker ended"
            time.sleep(0.2)
        count, seconds = _arrived(fast)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
    assert count == EVENTS
    return (count - 1) / seconds


def _happen() -> None:
    """Write the events into the outbox."""
    from django.utils import timezone

    from burnish.events.context import Context
    from burnish.events.entities import User
    from burnish.events.user import UserReenabled
    from burnish_server.hooks import store

    at = timezone.now()
    for _ in range(EVENTS):
        user = User(str(uuid4()), at, at, {"email": "ada@nordlake.example"}, {})
        store.happened(UserReenabled(user), Context(int(at.timestamp()), "system", user.id), at)


def _arrived(url: str) -> tuple[int, float]:
    """Return how many posts came, and the seconds from the first to the last."""
    count, seconds = httpx.get(f"{url}/arrived").json()
    return int(count), float(seconds)


def _forget(url: str) -> None:
    httpx.delete(f"{url}/arrived").raise_for_status()
