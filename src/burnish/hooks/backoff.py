"""How long a delivery waits for its next attempt."""

FIRST_SECONDS = 5.0
MOST_SECONDS = 6 * 3600.0


def wait(attempt: int, retry_after: float | None, chance: float) -> float:
    """Return the seconds until the next attempt, after `attempt` of them (1: the first failed).

    They double each time, up to six hours, less up to a half by `chance` (0 to 1), so that
    deliveries that failed together do not come back together. Never less than `retry_after`.
    """
    longest = min(FIRST_SECONDS * 2.0 ** min(attempt - 1, 20), MOST_SECONDS)
    return max(longest * (1 - chance / 2), retry_after or 0.0)
