"""What the server's tests share: hooks, attributes, and an engine that ends with the session."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from burnish_server import engine
from burnish_server.hooks.models import Hook
from burnish_server.profiles.models import CustomAttribute

GEO = """
export default async function (e: EventUserPreCreate): Promise<EventUserPreCreateHookResponse> {
  console.log("asked for", e.context.ip_address);
  return {
    is_allowed: true,
    mutations: { user: { custom_attributes: { city: "Lyon", country: "France" } } },
  };
}
"""


@pytest.fixture(scope="session", autouse=True)
def _engine() -> Iterator[None]:
    yield
    engine.close()


@pytest.fixture
def attribute(transactional_db: None) -> Callable[..., CustomAttribute]:
    """Define custom attributes: `attribute("city")`."""

    def define(name: str, type: str = "string", **options: object) -> CustomAttribute:
        return CustomAttribute.objects.create(pointer=f"/{name}", type=type, **options)

    return define


@pytest.fixture
def hook(transactional_db: None) -> Callable[..., Hook]:
    """Configure hooks of `user.pre_create`: `hook("geo", GEO)`."""

    def configure(name: str, script: str = "", **options: Any) -> Hook:
        options = {"events": ["user.pre_create"], **options}
        return Hook.objects.create(name=name, script=script, **options)

    return configure
