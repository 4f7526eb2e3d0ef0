"""May data be used for these purposes?"""

from collections.abc import Collection, Iterable, Mapping

from burnish.consent.purpose import DEFAULTS, Purpose


def lacking(
    wanted: Iterable[str],
    granted: Collection[str],
    purposes: Mapping[str, Purpose] = DEFAULTS,
) -> str | None:
    """Return the first purpose that may not be served, or None when all may.

    A purpose is served when its basis is not consent, or when the person granted it.
    """
    for name in wanted:
        purpose = purposes.get(name) or DEFAULTS.get(name) or Purpose()
        if purpose.basis == "consent" and name not in granted:
            return name
    return None
