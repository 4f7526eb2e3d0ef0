"""A vendor that gives no answer costs no rows: it is waited for, or the run stops and goes on."""

import asyncio
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.library.cli.conftest import Inside, refusal
from tests.library.cli.standin import StandIn
from tests.library.cli.test_enrich_vendor import COMMAND, cities, people

from burnish import sandbox
from burnish.enrichment import meter
from burnish.enrichment.files.journal import Journal
from burnish.enrichment.files.purse import REST, Purse
from burnish.enrichment.meter import FAILURES, Gauge, LocalMeter, Permit, Wait
from burnish.enrichment.outcome import Failed, Found, Skipped
from burnish.enrichment.settings import Limits

IPS = [f"203.0.{n // 250}.{n % 250 + 1}" for n in range(1000)]
ALL = [f"City {ip.rpartition('.')[2]}" for ip in IPS]


@pytest.mark.parametrize("good_for", [0, 300])
@pytest.mark.parametrize("status", [503, 500])
def test_a_short_outage_is_waited_for(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn, status: int, good_for: int
) -> None:
    people(tmp_path, IPS)
    standin.lasting, standin.away_for, standin.good_for = status, 1.5, good_for

    result = inside(*COMMAND)

    assert result.exit_code == 0, result.output
    assert cities(tmp_path) == ALL
    assert set(standin.answered.values()) == {1}
    assert "10.00 spent" in result.stderr
    if not good_for:
        waiting = "Waiting for ipgeolocation: it failed too often, and is left alone ("
        assert waiting in result.stderr
        assert "ipgeolocation answers again; going on." in result.stderr
    assert not (tmp_path / "out.csv.burnish").exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "ipgeolocation does not accept the key; correct it (it answered 401)."),
        (402, "ipgeolocation says that the credits are used up; buy more (it answered 402)."),
    ],
)
@pytest.mark.parametrize("good_for", [0, 300])
def test_a_refused_key_or_used_up_credits_stop_the_run_and_the_same_command_goes_on(
    tmp_path: Path,
    inside: Inside,
    config: Path,
    standin: StandIn,
    status: int,
    words: str,
    good_for: int,
) -> None:
    people(tmp_path, IPS)
    standin.lasting, standin.good_for = status, good_for

    stopped = inside(*COMMAND)

    assert refusal(stopped).startswith(words)
    assert "the same command goes on from there" in refusal(stopped)
    assert not (tmp_path / "out.csv").exists()
    standin.lasting = 0

    done = inside(*COMMAND)

    assert done.exit_code == 0, done.output
    assert cities(tmp_path) == ALL
    assert set(standin.answered.values()) == {1}
    assert not (tmp_path / "out.csv.burnish").exists()


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Send vendors' calls to the sandbox."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served = sandbox.serve()
    origins = asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result(20)
    pairs = ",".join(f"{origin}={here}" for origin, here in origins.items())
    monkeypatch.setenv("BURNISH_OUTBOUND_REWRITES", pairs)
    yield
    asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.mark.parametrize(
    ("key", "words"), [("invalid", "does not accept the key"), ("credits", "credits are used up")]
)
def test_the_sandbox_s_keys_that_are_refused(
    tmp_path: Path, inside: Inside, vendors: None, key: str, words: str
) -> None:
    config = tmp_path / "burnish.yaml"
    providers = f"ipgeolocation: {{api_key: {key}}}"
    config.write_text(
        f"enrichment: {{providers: {{{providers}}}, attributes: {{city: [ipgeolocation]}}}}"
    )
    people(tmp_path, IPS[:20])

    assert words in refusal(inside(*COMMAND))

    assert not (tmp_path / "out.csv").exists()
    assert (tmp_path / "out.csv.burnish").is_dir()


def test_with_another_key_in_the_configuration_force_pays_for_nothing_again(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    people(tmp_path, IPS)
    standin.lasting, standin.good_for = 401, 300
    inside(*COMMAND)
    standin.lasting = 0
    config.write_text(config.read_text().replace("api_key: k", "api_key: another"))

    assert "the configuration changed" in refusal(inside(*COMMAND))
    assert inside(*COMMAND, "--force").exit_code == 0

    assert cities(tmp_path) == ALL
    assert set(standin.answered.values()) == {1}


def test_what_had_no_answer_is_asked_for_again_by_the_same_command_alone(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    people(tmp_path, IPS[:50])
    standin.ill = {IPS[7]}

    first = inside(*COMMAND)

    assert first.exit_code == 1
    assert first.stderr.splitlines()[-1].startswith("1 lookups had no answer; the same command")
    assert cities(tmp_path) == [*ALL[:7], "", *ALL[8:50]]
    assert standin.asked[IPS[7]] == 4
    standin.ill = set()

    second = inside(*COMMAND)

    assert second.exit_code == 0, second.output
    assert cities(tmp_path) == ALL[:50]
    assert set(standin.answered.values()) == {1}
    assert not (tmp_path / "out.csv.burnish").exists()
    assert "out.csv exists already" in refusal(inside(*COMMAND))


def test_an_outage_that_lasts_stops_the_run(tmp_path: Path) -> None:
    async def run() -> Purse:
        purse = Purse(LocalMeter(), Journal(tmp_path / "journal"), None, outage=0.0)
        for _ in range(FAILURES):
            leave = await purse.admit("acme", Limits(), Decimal(0), 1.0)
            assert isinstance(leave, Permit)
            await purse.settle("acme", leave, Failed("unavailable", "it answered 503"), Decimal(0))
        await purse.admit("acme", Limits(), Decimal(0), 1.0)
        assert isinstance(await purse.admit("acme", Limits(), Decimal(0), 1.0), Skipped)
        return purse

    purse = asyncio.run(run())

    assert purse.halted
    assert "acme gives no answer, for 0 minutes and more (it answered 503)." in str(purse.halted)


@pytest.mark.parametrize(("pause", "stops"), [(900.0, False), (901.0, True)])
def test_a_pause_a_vendor_wants_is_waited_for_unless_it_is_long(
    tmp_path: Path, pause: float, stops: bool
) -> None:
    async def run() -> Purse:
        purse = Purse(LocalMeter(), Journal(tmp_path / "journal"), None)
        leave = await purse.admit("acme", Limits(), Decimal(0), 1.0)
        assert isinstance(leave, Permit)
        await purse.settle("acme", leave, Failed("throttled", "", pause), Decimal(0))
        leave = await purse.admit("acme", Limits(), Decimal(0), 1.0)
        assert isinstance(leave, Skipped if stops else Wait)
        return purse

    assert bool(asyncio.run(run()).halted) == stops


def test_a_run_looks_again_every_quarter_of_a_minute_however_long_an_outage_lasts() -> None:
    gauge, failed, at = Gauge(), Failed("unavailable"), 100.0
    for _ in range(FAILURES + 10):
        permit = meter.admit(gauge, Limits(), Decimal(0), 1.0, at)
        assert isinstance(permit, Permit)
        meter.settle(gauge, permit, failed, Decimal(0), at, REST)
        rest, at = gauge.resting_until - at, max(at, gauge.resting_until)

    assert rest == REST.longest == 15.0


def test_what_was_under_way_when_a_rest_began_does_not_make_it_longer() -> None:
    gauge, failed = Gauge(), Failed("unavailable")
    permits = [meter.admit(gauge, Limits(), Decimal(0), 1.0, 100.0) for _ in range(100)]

    for permit in permits:
        assert isinstance(permit, Permit)
        meter.settle(gauge, permit, failed, Decimal(0), 100.5, REST)

    assert gauge.resting_until == 100.5 + REST.first
    probe = meter.admit(gauge, Limits(), Decimal(0), 1.0, gauge.resting_until)
    assert isinstance(probe, Permit)
    meter.settle(gauge, probe, failed, Decimal(0), 102.0, REST)
    assert gauge.resting_until == 102.0 + 2 * REST.first
    good = meter.admit(gauge, Limits(), Decimal(0), 1.0, gauge.resting_until)
    assert isinstance(good, Permit)
    meter.settle(gauge, good, Found({}), Decimal(0), 105.0)
    assert not gauge.resting_until
