"""A gateway of one's own: each message is posted to an address, signed as hooks' events are.

The body is `{"app_id", "to", "body", "template_name", "language_tag", "template_variables", "id"}`,
and what is answered has a `code`: `ok`, `invalid_phone_number`, `delivery_rejected`,
`authentication_failed`, `rate_limited`, or any other where it may be tried again.
"""

from burnish.hooks import signature
from burnish.hooks.webhook import Webhook
from burnish_server import engine
from burnish_server.hooks import signing
from burnish_server.identity.sms.message import Message, Undeliverable

FINAL = frozenset({"invalid_phone_number", "delivery_rejected", "authentication_failed"})
"""Answers after which nothing is tried again."""


class NotSent(Exception):
    """The gateway did not take the message; it is tried again."""


class Gateway:
    """Posts messages to one address."""

    def __init__(self, url: str, seconds: float) -> None:
        """Keep the address, and how long one attempt may take."""
        self._url, self._seconds = url, seconds

    def send(self, message: Message) -> None:
        """Post a message. Raises `Undeliverable`, or `NotSent` with what is in the way."""
        webhook = Webhook(self._url, tuple(map(signature.key_of, signing.reveal())))
        body = {
            "id": message.id,
            "app_id": "burnish",
            "to": message.to,
            "body": message.text,
            "template_name": message.template,
            "language_tag": message.language,
            "template_variables": dict(message.variables),
        }
        reply = engine.run(
            lambda running: running.webhooks.post(webhook, body, self._seconds, wants_answer=True),
            timeout=self._seconds + 2,
        )
        answer = reply.body if isinstance(reply.body, dict) else {}
        code = str(answer.get("code", ""))
        if code in FINAL:
            raise Undeliverable(f"The gateway answered {code}.")
        if reply.trouble or code != "ok":
            raise NotSent(reply.trouble.message if reply.trouble else f"it answered {code[:40]!r}")
