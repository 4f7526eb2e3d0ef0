"""A vendor's rate is kept to by what really goes, however late this process is."""

import asyncio
import time

import pytest

from burnish.enrichment.pace import Pacer
from burnish.enrichment.settings import Pace


@pytest.mark.parametrize("count", [5, 60])
async def test_never_more_go_within_a_window_than_the_vendor_counts(count: int) -> None:
    pacer, gone = Pacer(), []
    rate = Pace(count, 0.2)

    async def one(number: int) -> None:
        await pacer.go("vendor", rate)
        gone.append(time.monotonic())
        if number == count // 2:
            time.sleep(0.1)  # the process is held up

    await asyncio.gather(*(one(number) for number in range(count * 3)))

    windows = [sum(start <= at < start + 0.2 for at in gone) for start in gone]
    assert max(windows) <= count


async def test_vendors_do_not_wait_for_each_other() -> None:
    pacer = Pacer()
    began = time.monotonic()

    for vendor in ("one", "two", "three"):
        await pacer.go(vendor, Pace(1, 60))

    assert time.monotonic() - began < 1
