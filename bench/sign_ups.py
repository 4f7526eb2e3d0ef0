"""How long do 200 people wait who sign up at once, each with a webhook that takes a second?"""

import queue
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from bench.endpoint import endpoint
from bench.measure import Timing, show, timing
from bench.signup import apply, service, visitor

PEOPLE = 200
METHOD = (
    "POST of the sign-up form to `burnish serve` with BURNISH_WEB_THREADS=256; a blocking webhook "
    "on user.pre_create, whose endpoint\nis a process of its own and waits 1,000 ms. The password "
    "hash's cost is taken out (MD5). First 200 sign-ups all at once, then 600 by the\nsame 200 "
    "people one after the other. The people are threads of one Python process on the same machine. "
    "Owed: p95 1,800 ms."
)


def bench() -> None:
    """Print the table."""
    rows = []
    with endpoint() as url:
        settings = {
            "BURNISH_WEB_THREADS": "256",
            "BURNISH_OUTBOUND_ALLOW_PRIVATE": urlsplit(url).netloc,
            "DJANGO_SETTINGS_MODULE": "bench.cheap_hash",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        for workers in ("1", "2"):
            settings["BURNISH_WEB_WORKERS"] = workers
            with tempfile.TemporaryDirectory() as folder, service(Path(folder), **settings) as at:
                apply(Path(folder), f"{url}/wait/1000")
                for name, taken in _people(at):
                    figures = f"{taken.p50:,.0f}", f"{taken.p95:,.0f}", f"{taken.rate:.0f}"
                    rows.append((f"{workers} web process, {name}", *figures))
    show("sign_ups", METHOD, ("sign-ups", "p50 ms", "p95 ms", "sign-ups/s"), rows)


def _people(url: str) -> list[tuple[str, Timing]]:
    """Sign people up and return how long it took them."""
    waiting: queue.SimpleQueue[object] = queue.SimpleQueue()
    for _ in range(PEOPLE):
        waiting.put(visitor(url))

    def sign_up() -> None:
        person = waiting.get()
        person()  # type: ignore[operator]
        waiting.put(person)

    timing(sign_up, 8, threads=8)
    return [
        ("all at once", timing(sign_up, PEOPLE, threads=PEOPLE)),
        ("three each", timing(sign_up, 3 * PEOPLE, threads=PEOPLE)),
    ]
