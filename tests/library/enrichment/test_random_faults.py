"""Ten thousand lookups of vendors that fail at random: every account adds up, and every bill."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from burnish.enrichment import fragment
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.files import job
from burnish.enrichment.files.order import Order, prepare
from burnish.enrichment.lookup import Lookups
from burnish.file import write
from burnish.outbound import Outbound

PRICES = {"alpha": Decimal("0.01"), "beta": Decimal("0.03"), "gamma": Decimal("0.2")}
FAULTS = ("error", "throttled", "garbage", "html", "half", "cut", "late", "drift")
SHARE = 0.3
PROFILES, IPS = 10_000, 4_000


@dataclass
class Vendors:
    """What came to vendors, and what they charged: for answers that were whole and had values.

    `answered` holds the questions that got a whole answer; `again` those that came after that.
    """

    origin: str = ""
    draw: random.Random = field(default_factory=lambda: random.Random(7))
    asked: Counter[str] = field(default_factory=Counter)
    charged: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    answered: set[tuple[str, str]] = field(default_factory=set)
    again: list[tuple[str, str]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def bill(self) -> Decimal:
        """What all of them charged."""
        return sum(self.charged.values(), Decimal(0))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer well, or not."""
        vendor, ip = request.match_info["vendor"], request.query["ip"]
        self.asked[vendor] += 1
        if (vendor, ip) in self.answered:
            self.again.append((vendor, ip))
        if self.draw.random() < SHARE:
            fault = self.draw.choice(FAULTS)
            self.faults[fault] += 1
            return await self.fail(request, fault)
        self.answered.add((vendor, ip))
        if int(ip.rpartition(".")[2]) % 4 == 0:
            return web.json_response({}, status=404)
        self.charged[vendor] += PRICES[vendor]
        return web.json_response({"city": f"{vendor} {ip}", "number": 7})

    async def fail(self, request: web.Request, fault: str) -> web.StreamResponse:
        """Answer badly, or not at all."""
        match fault:
            case "error":
                return web.Response(status=self.draw.choice((500, 502, 503)))
            case "throttled":
                return web.Response(status=429, headers={"Retry-After": "0"})
            case "garbage":
                return web.Response(body=b"\xff\xfe{", content_type="application/json")
            case "html":
                return web.Response(text="<html>Welcome</html>", content_type="text/html")
            case "drift":
                return web.json_response({"city": {"name": "x"}, "number": "many"})
            case "late":
                await asyncio.sleep(6)
                return web.json_response({"city": "late", "number": 7})
        if fault == "half":
            response = web.StreamResponse(headers={"Content-Length": "100"})
            await response.prepare(request)
            await response.write(json.dumps({"city": "half"}).encode())
        assert request.transport is not None
        request.transport.close()
        return web.Response()


@pytest_asyncio.fixture
async def vendors() -> AsyncIterator[Vendors]:
    vendors = Vendors()
    app = web.Application()
    app.add_routes([web.get("/{vendor}", vendors.answer)])
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=512).start()
    vendors.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield vendors
    await runner.cleanup()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    providers = {
        name: {
            "kind": "http",
            "url": f"https://vendor.example/{name}?ip={{ip}}",
            "price": str(price),
            "timeout": "4s",
            "cache": {"error": "0s"},
            "outputs": {
                "city": {"path": "$.city", "type": "text"},
                "company_employees": {"path": "$.number", "type": "integer"},
            },
        }
        for name, price in PRICES.items()
    }
    attributes = {"city": list(PRICES), "company_employees": list(PRICES)}
    path = tmp_path / "burnish.yaml"
    path.write_text(write({"enrichment": {"providers": providers, "attributes": attributes}}))
    return path


def address(number: int) -> str:
    return f"9.1.{number // 250}.{number % 250 + 1}"


async def test_accounts_and_bills_add_up_and_no_answer_is_paid_for_twice(
    vendors: Vendors, config: Path
) -> None:
    setup = fragment.load(config, {}.get)
    outbound = Outbound(rewrites={"https://vendor.example": vendors.origin})
    places = asyncio.Semaphore(100)
    draw = random.Random(8)

    async with Enricher(setup, Lookups(outbound)) as enricher:

        async def enrich(ip: str) -> Counter[str]:
            async with places:
                profile = await enricher.enrich({"ip": ip})
            account = profile.account
            lines = account.as_json()
            assert account.asked == account.found + account.missed + account.failed
            assert account.cost == sum(PRICES[one.provider] for one in account.lookups if one.cost)
            if city := profile.values.get("city"):
                assert city.endswith(f" {ip}")
                assert profile.values["company_employees"] == 7
            return Counter(
                f"{line['provider']} {line['outcome']}" for line in lines if line["asked"]
            ) + Counter({"asked": account.asked, "cost": int(account.cost * 100)})

        ips = [address(draw.randrange(IPS)) for _ in range(PROFILES)]
        total = sum(await asyncio.gather(*map(enrich, ips)), Counter[str]())

    assert vendors.again == []
    assert total["asked"] == vendors.asked.total()
    assert Decimal(total["cost"]) / 100 == vendors.bill
    assert set(vendors.faults) == set(FAULTS)
    assert vendors.faults.total() == sum(total[f"{name} failed"] for name in PRICES)
    assert total["asked"] > IPS // 2


async def test_so_they_do_for_a_file(
    vendors: Vendors, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(9)
    ips = [address(draw.randrange(800)) for _ in range(2000)]
    (tmp_path / "people.csv").write_text("ip\n" + "".join(f"{ip}\n" for ip in ips))
    monkeypatch.setenv("BURNISH_OUTBOUND_REWRITES", f"https://vendor.example={vendors.origin}")
    # Nobody rests here, for that takes longer than a test may.
    monkeypatch.setattr("burnish.enrichment.meter.FAILURES", 10_000)

    def fill() -> job.Report:
        order = Order(tmp_path / "people.csv", tmp_path / "out.csv", config=config)
        with prepare(order) as ready:
            return job.run(ready)

    report = await asyncio.to_thread(fill)

    assert vendors.again == []
    assert report.spent == report.tally.cost == vendors.bill
    words = ("found", "miss", "failed")
    assert report.tally.count(*words) == vendors.asked.total()
    assert report.tally.count("failed") == vendors.faults.total()
    rows = (tmp_path / "out.csv").read_text().splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == ips
    assert report.side is not None
