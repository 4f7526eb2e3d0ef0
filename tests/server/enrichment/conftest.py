"""Providers as configured, whose vendors are the stand-ins, over real HTTP."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from burnish import sandbox
from burnish.attributes.custom import CustomAttribute as Definition
from burnish_server import engine
from burnish_server.audit.log import Actor
from burnish_server.enrichment import apply
from burnish_server.enrichment.models import Provider
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute

ACTOR = Actor("cli", "tests")


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[dict[str, str]]:
    """The stand-ins, for the whole session: origin to origin."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served = sandbox.serve()
    yield asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result(20)
    asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def rewritten(
    stand_ins: dict[str, str], monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Iterator[None]:
    """Send this process's calls of vendors to the stand-ins."""
    engine.close()
    pairs = ",".join(f"{origin}={here}" for origin, here in stand_ins.items())
    outbound = settings.BURNISH.outbound.model_copy(update={"rewrites": pairs})
    changed = settings.BURNISH.model_copy(update={"outbound": outbound})
    monkeypatch.setattr(settings, "BURNISH", changed)
    yield
    engine.close()


@pytest.fixture
def provider(rewritten: None) -> Callable[..., Provider]:
    """Configure a provider: `provider("ipgeolocation", api_key="k")`."""

    def configure(name: str, **entry: Any) -> Provider:
        row = Provider.objects.filter(name=name).first() or Provider(name=name)
        apply.put(row, entry, ACTOR)
        return row

    return configure


@pytest.fixture
def waterfall(
    attribute: Callable[..., CustomAttribute],
) -> Callable[..., Definition]:
    """Define an attribute and who is asked for it: `waterfall("city", "ipgeolocation")`."""

    def pour(name: str, *steps: Any, **options: Any) -> Definition:
        if store.schema().find(name) is None:
            attribute(name, **options)
        schema = store.schema()
        made = [apply.Step.model_validate(step) for step in steps]
        apply.pour(schema, name, made, ACTOR)
        return schema.by_name[name]

    return pour
