"""The providers scripts may ask: the room of enrichment knows them, and lies above this one."""

from burnish.hooks.context import Enrich, NoProviders

_port: Enrich = NoProviders()


def ask_through(port: Enrich) -> None:
    """Say who asks providers; the room of enrichment does."""
    global _port
    _port = port


def port() -> Enrich:
    """Return who asks providers."""
    return _port
