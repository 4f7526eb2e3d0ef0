"""Posting events to webhooks, over pooled connections."""

from collections.abc import Mapping
from typing import Any

from burnish.hooks.reply import Reply
from burnish.hooks.webhook import Webhook
from burnish.outbound import Outbound


class Webhooks:
    """Posts events; one pool of connections for all."""

    def __init__(self, outbound: Outbound) -> None:
        """Keep the policy; connections are made when first needed."""
        self._outbound = outbound

    async def post(
        self,
        webhook: Webhook,
        envelope: Mapping[str, Any],
        seconds: float,
        *,
        wants_answer: bool,
    ) -> Reply:
        """Post an event and return what came of it, within `seconds`.

        Without `wants_answer` any answer from 200 to 299 will do. Raises nothing for a fault of
        the other side.
        """
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections."""
