"""Every address there is, as the URL conf has them, with something known in each gap."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

Gaps = Mapping[str, Mapping[str, Sequence[str]]]
"""What fills the gaps of the routes that begin so: by the route's beginning, then by the gap.

The longest beginning wins.
"""

_GAP = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()[\]]|\[[^\]]*\])*\)")


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Yield every route, each once, without the marks of regular expressions."""
    seen: set[str] = set()
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern).removeprefix("^").removesuffix("$")
        inner = [route] if isinstance(one, URLPattern) else routes(one, route)
        for each in inner:
            if each not in seen:
                seen.add(each)
                yield each


def filled(route: str, gaps: Gaps) -> list[str]:
    """Return the addresses of a route; one for each way of filling its gaps.

    A gap nobody knows how to fill, as a new door has, is an error: say what fits there.
    """
    names = [one or other for one, other in _GAP.findall(route)]
    choices = [_choices(route, name, gaps) for name in names]
    return [_address(route, dict(zip(names, chosen, strict=True))) for chosen in product(*choices)]


def every(gaps: Gaps) -> Iterator[str]:
    """Yield the address of every route; each leads somewhere."""
    for route in routes():
        for address in filled(route, gaps):
            try:
                resolve(address)
            except Resolver404:
                raise AssertionError(f"{address} does not fit {route}") from None
            yield address


def oddly_filled(odd: Sequence[str]) -> Iterator[str]:
    """Yield addresses whose gaps are filled with what nobody would write there."""
    for route in routes():
        if names := [one or other for one, other in _GAP.findall(route)]:
            for value in odd:
                yield _address(route, dict.fromkeys(names, value))


def _choices(route: str, name: str, gaps: Gaps) -> Sequence[str]:
    fitting = [start for start in gaps if route.startswith(start) and name in gaps[start]]
    assert fitting, f"{route} has a gap {name!r} that nothing is known for: add it to the test"
    return gaps[max(fitting, key=len)][name]


def _address(route: str, chosen: Mapping[str, Any]) -> str:
    return "/" + _GAP.sub(lambda gap: str(chosen[gap[1] or gap[2]]), route)
