"""What does enrichment add to a sign-up, whatever its vendor does, and when is the value there?"""

import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import yaml

from bench.measure import show, timing
from bench.signup import environment, free_port, service, visitor

BUDGET = 300
SIGN_UPS = 100
METHOD = (
    "POST of the sign-up form to `burnish serve --sandbox` over HTTP, one visitor after the other, "
    "100 each, each from an address of their own\n(cached: each address for the second time). The "
    "waterfall of city has one vendor, the stand-in of ipgeolocation.io; the budget is 300 ms.\n"
    "There after: the median time from the end of the sign-up until the value is in the database.\n"
    "Owed: p95 at most 30 ms above the budget and what a sign-up costs anyway; the value within "
    "the vendor's time plus 2 s; a cached answer at most 2 ms."
)
VENDORS = (
    ("nothing wanted", None),
    ("cached", "cached"),
    ("0 ms", "k"),
    ("100 ms", "slow-100"),
    ("1,000 ms", "slow-1000"),
    ("10,000 ms", "slow-10000"),
    ("answers 503", "error-503"),
    ("refuses the connection", "dead"),
)


def bench() -> None:
    """Print the table."""
    rows = []
    base = None
    for name, key in VENDORS:
        # A service of its own each: no breaker is open, no answer is kept from before.
        more = {}
        if key == "dead":
            here = f"http://127.0.0.1:{free_port()}"
            more["BURNISH_OUTBOUND_REWRITES"] = f"https://api.ipgeolocation.io={here}"
        with (
            tempfile.TemporaryDirectory() as folder,
            service(Path(folder), **more) as url,
        ):
            settle(Path(folder), key)
            cached = key == "cached"
            sign_up = visitor(url, addresses=SIGN_UPS if cached else 0)
            for _ in range(SIGN_UPS if cached else 10):
                sign_up()
            began = time.time()
            one = timing(sign_up, SIGN_UPS)
            base = base or one
            there = until_there(Path(folder), began, key)
        added = f"{one.p50 - base.p50:+.1f}"
        over = f"{one.p95 - base.p95 - BUDGET:+.0f}"
        rows.append((name, f"{one.p50:.1f}", added, f"{one.p95:.1f}", over, there))
    columns = ("vendor", "p50 ms", "to nothing", "p95 ms", "p95 to budget", "there after")
    show("enrichment at sign-up", METHOD, columns, rows)


def settle(folder: Path, key: str | None) -> None:
    """Define the attribute, the provider and who is asked for what."""
    attribute = {"id": "0001", "pointer": "/city", "type": "string"}
    config = {"user_profile": {"custom_attributes": {"attributes": [attribute]}}}
    if key:
        entry = {"api_key": "k" if key in ("cached", "dead") else key, "timeout": "20 s"}
        config["enrichment"] = {
            "budget": {"sign_up": f"{BUDGET} ms", "login": f"{BUDGET} ms"},
            "providers": {"ipgeolocation": entry},
            "attributes": {"city": ["ipgeolocation"]},
        }
    (folder / "burnish.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "burnish", "config", "apply", str(folder / "burnish.yaml")]
    subprocess.run(
        [*command, "--data-dir", str(folder / "var")],
        check=True,
        env=environment(),
        stdout=subprocess.DEVNULL,
    )


def until_there(folder: Path, began: float, key: str | None) -> str:
    """Return the median time from a sign-up's end to its value, and how many have it."""
    if key in (None, "error-503", "dead"):
        return "-"
    database = json.loads((folder / "var/serve.json").read_text())["database_url"]
    with psycopg.connect(database) as db:
        for _ in itertools.repeat(None, 300):
            rows = db.execute(
                "SELECT extract(epoch FROM profile.updated_at - account.created_at)"
                " FROM profiles_profile AS profile JOIN identity_user AS account"
                " ON account.id = profile.user_id"
                " WHERE profile.custom ? '0001' AND account.created_at > to_timestamp(%s)",
                [began],
            ).fetchall()
            if len(rows) >= SIGN_UPS:
                break
            time.sleep(0.1)
    waits = sorted(float(seconds) for (seconds,) in rows)
    median = waits[len(waits) // 2] if waits else float("nan")
    return f"{median:.2f} s ({len(rows)} of {SIGN_UPS})"
