"""How many rows a second does `burnish enrich` fill from what is on the machine, and in how much
memory?"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from disposable_email_domains import blocklist

from bench import people_file
from bench.loop_enrich import COLUMNS
from bench.measure import show
from burnish.enrichment.providers.email_address import FREE
from burnish.file import write

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
PEERS = Path(__file__).parent / "peers/enrich"
WAYS = {
    "city": ("city", "country", "timezone"),
    "network": ("asn",),
    "user_agent": ("device_brand", "os", "browser"),
    "phone": ("phone_country_code", "phone_region", "phone_carrier"),
    "email_address": ("email_domain", "email_is_free", "email_is_disposable"),
}
METHOD = (
    "{rows:,} rows of a made-up log of sign-ins, CSV to CSV: {people:,} people, each with one "
    "e-mail address and phone number; 150,000 addresses and 20,000 browsers by Zipf's law. Found "
    "for each: city, country, time zone and network (databases in MaxMind's format); maker, system "
    "and browser; country, place and carrier of the number; domain, free or thrown away.\n"
    "Ours: the command as one runs it, from its start to its end, on {cores} cores. The loop: one "
    "process over the same Python libraries, as one would write it, with ua-parser's own cache. "
    "Node: one process over maxmind, ua-parser-js and libphonenumber-js, which know no place and "
    "no carrier of a number.\n"
    "Where the time goes: the loop works out every row anew: {loop}. So does Node: {node}. Ours "
    "works out each of {asked:,} distinct questions once, most of them in a second process, while "
    "the first reads, remembers and writes.\n"
    "CPU s: processor time of all processes, which says more where others use the machine too.\n"
    "MB: memory of all processes together, what they share counted once, at its most in the first "
    "quarter, in the first half, and in all.\n"
    "Owed: 3 times the loop, and less than 500 MB."
)


@dataclass(frozen=True)
class Watched:
    """How long a command took, and the most memory it had: in a quarter, half, and all of that."""

    seconds: float
    cpu: float
    megabytes: tuple[float, float, float]
    said: str


def bench() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people_file.write(folder, ROWS)
        ours = _ours(folder)
        loop = _parts([sys.executable, "-m", "bench.loop_enrich", name])
        node = _node(folder)
    cores = os.cpu_count() or 1
    took = loop["seconds"]
    rows = [_row("ours", ours.seconds, ours.cpu, took, ours.megabytes)]
    rows.append(_row("the loop", took, loop["cpu"], took, None))
    if node:
        rows.append(_row("Node", node["seconds"], node["cpu"], took, None))
    else:
        rows.append(
            ("Node (not installed: needs Node 20 with npm, and the network once)", *"-----")
        )
    method = METHOD.format(
        rows=ROWS,
        people=int(ROWS * people_file.PEOPLE_A_ROW),
        cores=cores,
        loop=_by_part(loop),
        node=_by_part(node) if node else "not measured",
        asked=_asked(ours.said),
    )
    columns = ("path", "seconds", "rows/s", "to the loop", "CPU s", "rows/CPU s", "MB, by quarters")
    show("enrich_file", method, columns, rows)


def _row(
    name: str,
    seconds: float,
    cpu: float,
    loop: float,
    megabytes: tuple[float, float, float] | None,
) -> tuple[str, ...]:
    memory = ", ".join(f"{one:.0f}" for one in megabytes) if megabytes else "-"
    rate, ratio = f"{ROWS / seconds:,.0f}", f"{loop / seconds:.2f}x"
    return name, f"{seconds:.1f}", rate, ratio, f"{cpu:.1f}", f"{ROWS / cpu:,.0f}", memory


def _by_part(taken: dict[str, float]) -> str:
    """Return the microseconds a row takes, part by part."""
    return ", ".join(
        f"{name} {seconds / ROWS * 1e6:.1f} us"
        for name, seconds in taken.items()
        if name not in ("seconds", "cpu")
    )


def _asked(said: str) -> int:
    """Return how many questions were worked out, by what the command said at its end."""
    counts = re.findall(r"^  \w+: ([\d,]+) found", said, re.MULTILINE)
    return sum(int(count.replace(",", "")) for count in counts)


def _ours(folder: Path) -> Watched:
    providers = {
        "city": {"kind": "maxmind_db", "path": str(folder / "city.mmdb")},
        "network": {"kind": "maxmind_db", "path": str(folder / "asn.mmdb")},
        **{name: {} for name in ("user_agent", "phone", "email_address")},
    }
    attributes = {name: [way] for way, names in WAYS.items() for name in names}
    section = {"enrichment": {"providers": providers, "attributes": attributes}}
    (folder / "burnish.yaml").write_text(write(section))
    want = ",".join(COLUMNS)
    watched = _watched(
        [
            *(sys.executable, "-m", "burnish", "enrich", str(folder / "people.csv")),
            *("-o", str(folder / "ours.csv"), "--want", want),
            *("--config", str(folder / "burnish.yaml")),
        ]
    )
    with (folder / "ours.csv").open() as written:
        assert sum(1 for _ in written) == ROWS + 1
    return watched


def _watched(command: list[str]) -> Watched:
    """Run a command, and look at the memory of its processes ten times a second."""
    began, cpu = time.monotonic(), _cpu()
    seen: list[tuple[float, float]] = []
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stderr=said) as process,
    ):
        tree = psutil.Process(process.pid)
        while process.poll() is None:
            seen.append((time.monotonic() - began, _megabytes(tree)))
            time.sleep(0.1)
        said.seek(0)
        words = said.read()
    assert process.returncode == 0, process.returncode
    seconds = time.monotonic() - began
    parts = [[most for at, most in seen if at <= seconds * share] for share in (0.25, 0.5, 1.0)]
    quarter, half, whole = (max(part, default=0.0) for part in parts)
    return Watched(seconds, _cpu() - cpu, (quarter, half, whole), words)


def _megabytes(tree: psutil.Process) -> float:
    try:
        processes = [tree, *tree.children(recursive=True)]
    except psutil.Error:
        return 0.0
    total = 0
    for process in processes:
        try:
            memory = process.memory_full_info()
        except psutil.Error:
            continue
        total += getattr(memory, "pss", memory.rss)
    return total / 1e6


def _node(folder: Path) -> dict[str, float] | None:
    """Return the seconds of Node's parts; None where it cannot be installed."""
    peers = folder / "peers"
    shutil.copytree(PEERS, peers)
    lists = {"free": sorted(FREE), "disposable": sorted(blocklist)}
    (folder / "domains.json").write_text(json.dumps(lists))
    install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(install, cwd=peers, check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError):
        return None
    return _parts(["node", str(peers / "enrich.mjs"), str(folder)])


def _parts(command: list[str]) -> dict[str, float]:
    cpu = _cpu()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), "cpu": _cpu() - cpu}


def _cpu() -> float:
    """Return the seconds of processor time that processes took which have ended by now."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
