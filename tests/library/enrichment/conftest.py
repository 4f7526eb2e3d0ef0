"""Enrichers whose vendors are the stand-ins, over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest_asyncio

from burnish import sandbox
from burnish.enrichment import fragment
from burnish.enrichment.enricher import Enricher
from burnish.enrichment.lookup import Lookups
from burnish.file import write
from burnish.outbound import Outbound

Make = Callable[..., Awaitable[Enricher]]


@pytest_asyncio.fixture
async def vendors() -> AsyncIterator[Outbound]:
    """The policy by which vendors' calls go to the stand-ins."""
    async with sandbox.serve() as rewrites:
        yield Outbound(rewrites=rewrites)


@pytest_asyncio.fixture
async def enricher(vendors: Outbound, tmp_path: Path) -> AsyncIterator[Make]:
    """Make enrichers from the text of `enrichment:`, closed at the end."""
    async with AsyncExitStack() as stack:

        async def make(enrichment: dict[str, Any], more: Any = None, **how: Any) -> Enricher:
            path = tmp_path / "burnish.yaml"
            path.write_text(write({"enrichment": enrichment, **(more or {})}), "utf-8")
            lookups = Lookups(how.pop("outbound", vendors), **how)
            setup = fragment.load(path, {"VENDOR_KEY": "k"}.get)
            return await stack.enter_async_context(Enricher(setup, lookups))

        yield make
