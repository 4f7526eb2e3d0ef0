"""How often something may be tried, counted in PostgreSQL: once for all processes and machines.

allauth counts in Django's cache, four round trips a limit. `install` has it ask here instead: one
statement for all limits of an action, which counts and decides at once, by the database's clock.
The table is unlogged, so nothing waits for a disk; after a crash of the database counts begin anew.
No address or name is stored, only what the service's own key makes of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import RateLimited
from allauth.core.internal import ratelimit
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from burnish_server import prepared

# Rows are locked in one order everywhere, so that nobody waits in a circle.
_TAKE = """
WITH taken AS (
    INSERT INTO identity_limit AS kept (key, amount, seconds, hits, granted, latest)
    SELECT key, amount, seconds, ARRAY[moment], amount > 0, moment
    FROM unnest(%s::text[], %s::int[], %s::float8[]) AS asked (key, amount, seconds),
        cast(extract(epoch FROM clock_timestamp()) AS float8) AS moment
    ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET (hits, granted, latest) = (
        SELECT CASE WHEN count(*) < excluded.amount
                THEN coalesce(array_agg(hit), '{}') || excluded.latest
                ELSE array_agg(hit) END,
            count(*) < excluded.amount,
            excluded.latest
        FROM unnest(kept.hits) AS hit WHERE hit > excluded.latest - excluded.seconds
    )
    RETURNING key, granted, latest
)
SELECT bool_and(granted), array_agg(key) FILTER (WHERE granted), max(latest) FROM taken
"""

_LOOK = """
SELECT bool_and(amount > (
    SELECT count(*) FROM unnest(hits) AS hit
    WHERE hit > extract(epoch FROM clock_timestamp()) - seconds
)) FROM identity_limit WHERE key = ANY(%s)
"""

_LOCKED = """
WITH mine AS (
    SELECT key FROM identity_limit WHERE key = ANY(%s) ORDER BY key COLLATE "C" FOR UPDATE
)
"""

_GIVE_BACK = f"""
{_LOCKED} UPDATE identity_limit AS kept SET hits = array_remove(hits, %s::float8)
FROM mine WHERE kept.key = mine.key
"""  # noqa: S608 - our own words

_CLEAR = f"{_LOCKED} DELETE FROM identity_limit AS kept USING mine WHERE kept.key = mine.key"  # noqa: S608 - our own words

_PRUNE = """
DELETE FROM identity_limit WHERE latest + seconds < extract(epoch FROM clock_timestamp());
DELETE FROM identity_cache WHERE expires < now()
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was counted, and can be given back: nothing where no limit applies."""

    keys: tuple[str, ...] = ()
    moment: float = 0

    def rollback(self) -> None:
        """Count it no more: it was none of what is limited after all."""
        if self.keys:
            _do(_GIVE_BACK, list(self.keys), self.moment)


def consume(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: Mapping[str, str] | None = None,
    key: str | None = None,
    user: Any = None,
    dry_run: bool = False,
    limit_get: bool = False,
    raise_exception: bool = False,
) -> Taken | None:
    """Count one try of an action, and return what was counted; None where it is one too many.

    What is refused is counted nowhere. The arguments are those of allauth's own function.
    """
    rates = ratelimit.get_rates(app=app, action=action, config=config)
    if not rates or (request.method == "GET" and not limit_get):
        return Taken()
    about = {"app": app, "action": action, "key": key, "user": user}
    limits = [(_key(request, rate, about), rate.amount, float(rate.duration)) for rate in rates]
    taken = _look(limits) if dry_run else _take(limits)
    if taken is None and raise_exception:
        raise RateLimited
    return taken


def clear(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: Mapping[str, str] | None = None,
    key: str | None = None,
    user: Any = None,
) -> None:
    """Forget all tries of an action. The arguments are those of allauth's own function."""
    rates = ratelimit.get_rates(app=app, action=action, config=config)
    about = {"app": app, "action": action, "key": key, "user": user}
    if rates:
        _do(_CLEAR, [_key(request, rate, about) for rate in rates])


def prune() -> None:
    """Remove counts of which nothing counts any more, and what was kept for a time that is over."""
    _do(_PRUNE)


def install() -> None:
    """Have allauth count here; it has no setting for that."""
    ratelimit.consume, ratelimit.clear = consume, clear


def _key(request: HttpRequest, rate: Any, about: Mapping[str, Any]) -> str:
    name = ratelimit.get_cache_key(request, rate=rate, **about)
    return salted_hmac("burnish_server.identity.limits", name, algorithm="sha256").hexdigest()


def _take(limits: Iterable[tuple[str, int, float]]) -> Taken | None:
    found = prepared.row(_TAKE, [list(column) for column in zip(*limits, strict=True)])
    assert found is not None  # noqa: S101 - an aggregate always has a row
    allowed, keys, moment = found
    taken = Taken(tuple(keys or ()), moment)
    if allowed:
        return taken
    taken.rollback()
    return None


def _look(limits: Iterable[tuple[str, int, float]]) -> Taken | None:
    found = prepared.row(_LOOK, [[key for key, _, _ in limits]])
    return None if found and found[0] is False else Taken()


def _do(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
