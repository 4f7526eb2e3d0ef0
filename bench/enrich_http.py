"""How fast are rows enriched from a vendor over HTTP, and is its limit kept to?"""

import asyncio
import json
import os
import tempfile
import time
import urllib.request
from pathlib import Path

import aiohttp

from bench.measure import show
from bench.vendor import vendor
from burnish.enrichment.files import job
from burnish.enrichment.files.order import Order, prepare
from burnish.file import write

ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
METHOD = (
    "A CSV file of {rows:,} rows, each with an address of its own, to a CSV file, by one process: "
    "what `burnish enrich` does, with its journal, cache, limits and account. The vendor answers "
    "in a process of its own; both share the machine's cores. Ideal: as many rows a second as the "
    "vendor's time and the concurrency allow. Bare: aiohttp alone, asking the same vendor with as "
    "many tasks, reading JSON.\n"
    "Owed: 95% of the ideal at 100 ms and 100; half of bare aiohttp's rate at 50 ms and 200; with "
    "a limit of 100/s between 95 and 100/s, and not one refusal."
)


def bench() -> None:
    """Print the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, vendor() as address:
        os.environ["BURNISH_OUTBOUND_REWRITES"] = f"https://api.ipgeolocation.io={address}"
        for ms, concurrency in ((100, 100), (50, 200)):
            ideal = 1000 / ms * concurrency
            ours, refused = _ours(Path(folder), address, f"wait-{ms}-0", ROWS, concurrency)
            bare = asyncio.run(_bare(address, f"wait-{ms}-0", ROWS, concurrency))
            name = f"{ms} ms, {concurrency} at once"
            rows.append(_row(f"ours, {name}", ours, ideal, bare, refused))
            rows.append(_row(f"bare aiohttp, {name}", bare, ideal, bare, 0))
        few = max(ROWS // 10, 300)
        ours, refused = _ours(Path(folder), address, "wait-20-100", few, 100, rate="100/s")
        rows.append(_row(f"ours, limit of 100/s, {few:,} rows", ours, 100, None, refused))
    columns = ("path", "rows/s", "of the ideal", "of bare aiohttp", "refused")
    show("enrich_http", METHOD.format(rows=ROWS), columns, rows)


def _row(name: str, rate: float, ideal: float, bare: float | None, refused: int) -> tuple[str, ...]:
    beside = f"{rate / bare:.0%}" if bare else "-"
    return name, f"{rate:,.1f}", f"{rate / ideal:.1%}", beside, str(refused)


def _ours(
    folder: Path, address: str, key: str, rows: int, concurrency: int, rate: str | None = None
) -> tuple[float, int]:
    """Return the rows a second, and how many were refused."""
    source, config = folder / "people.csv", folder / "burnish.yaml"
    lines = (f"9.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}\n" for n in range(rows))
    source.write_text("ip\n" + "".join(lines))
    limits = {"limits": {"rate": rate}} if rate else {}
    section = {"providers": {"ipgeolocation": {"api_key": key, **limits}}}
    config.write_text(write({"enrichment": section}))
    want = ("city", "country", "timezone")
    order = Order(
        source, folder / "out.csv", want, config=config, concurrency=concurrency, force=True
    )
    with prepare(order) as ready:
        began = time.perf_counter()
        report = job.run(ready)
        seconds = time.perf_counter() - began
    with urllib.request.urlopen(f"{address}/counts") as answer:
        counts = json.load(answer)
    found = report.tally.count("found")
    assert found == counts["answered"] == rows - counts["refused"], (report.tally, counts)
    return rows / seconds, counts["refused"]


async def _bare(address: str, key: str, rows: int, concurrency: int) -> float:
    """Return the rows a second of aiohttp alone."""
    numbers = iter(range(rows))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask() -> None:
            for number in numbers:
                query = {"apiKey": key, "ip": f"9.9.{number >> 8 & 255}.{number & 255}"}
                async with session.get(f"{address}/v3/ipgeo", params=query) as answer:
                    assert (await answer.json())["location"]

        began = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(concurrency)))
        seconds = time.perf_counter() - began
        await session.get(f"{address}/counts")
    return rows / seconds
