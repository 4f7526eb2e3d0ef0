"""A text message, and what somebody writes who wants to deliver them in a way of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from burnish.errors import BurnishError


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent."""

    id: str
    """The same at every attempt, so that a sender can tell a repetition."""
    to: str
    """Number in E.164 form."""
    text: str
    template: str
    """What kind of message it is: `verification_code` or `account_exists`."""
    variables: Mapping[str, str]
    """What the text was made of, such as its `code`."""
    language: str
    """Language of the text, as in `en`."""


class Sender(Protocol):
    """Delivers text messages.

    Name its class in `BURNISH_SMS_SENDER` as `package.module:Class`, or by the name of its entry
    point in the group `burnish.sms`. It is made without arguments, once for each process.
    """

    def send(self, message: Message) -> None:
        """Hand a message over.

        Raises `Undeliverable` where trying again is of no use; after any other exception it is
        tried again. It runs in the worker, while no transaction is open.
        """


class Undeliverable(BurnishError):
    """The message cannot be delivered, and trying again is of no use."""

    code = "sms_undeliverable"
