"""The providers that come with Burnish, one file each.

One from elsewhere is found by the entry point group `burnish.providers`, and is made in the same
way: nothing here uses more than `burnish.enrichment.provider` offers everybody.
"""

from functools import cache
from importlib.metadata import entry_points

from burnish.enrichment.provider import Provider
from burnish.enrichment.providers.ipgeolocation import IpGeolocation

BUILT_IN: tuple[type[Provider], ...] = (IpGeolocation,)


@cache
def kinds() -> dict[str, type[Provider]]:
    """Return every kind of provider there is, by key."""
    found = {kind.key: kind for kind in BUILT_IN}
    for entry in entry_points(group="burnish.providers"):
        kind = entry.load()
        found.setdefault(kind.key, kind)
    return found
