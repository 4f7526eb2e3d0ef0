"""What hooks keep between their calls, in the database all processes share."""

import asyncio
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from burnish.attributes import storable
from burnish.attributes.faults import InvalidValues
from burnish.hooks.context import user_of_call
from burnish_server.hooks.models import Cached


class StoredCache:
    """The values of one hook."""

    def __init__(self, hook_id: int) -> None:
        """Keep whose values these are."""
        self._hook_id = hook_id

    async def get(self, key: str) -> Any:
        """Return the value, or None where there is none or it has expired."""
        return await asyncio.to_thread(self._get, key)

    async def set(self, key: str, value: Any, ttl: float) -> None:
        """Keep a JSON value for `ttl` seconds. Raises `InvalidValues` where it cannot be kept."""
        if fault := storable.fault({key: value}):
            raise InvalidValues([fault])
        await asyncio.to_thread(self._set, key, value, ttl)

    def _get(self, key: str) -> Any:
        try:
            found = Cached.objects.filter(
                hook_id=self._hook_id, key=key, expires_at__gt=timezone.now()
            )
            return found.values_list("value", flat=True).first()
        finally:
            connection.close()

    def _set(self, key: str, value: Any, ttl: float) -> None:
        expires_at = timezone.now() + timedelta(seconds=ttl)
        row = Cached(
            hook_id=self._hook_id,
            key=key,
            value=value,
            user_id=user_of_call.get(),
            expires_at=expires_at,
        )
        try:
            Cached.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["hook_id", "key"],
                update_fields=["value", "user_id", "expires_at"],
            )
        finally:
            connection.close()
