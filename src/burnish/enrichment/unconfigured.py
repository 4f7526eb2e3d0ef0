"""What there is without a configuration: providers that need no settings and no network."""

import os
from pathlib import Path

from burnish.enrichment import fragment
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.setup import Setup


def setup_of(config: Path | None) -> Setup:
    """Return the setup of a file, or that without one. Raises `InvalidSettings`."""
    if config is not None:
        return fragment.load(config, os.environ.get)
    return Setup({one.name: one for kind in kinds().values() if (one := _made(kind))})


def _made(kind: type[Provider]) -> Provider | None:
    made = fragment.make(kind.key, {}, None) if kind.local else None
    return made if isinstance(made, Provider) else None
