"""The last step of a text message: to whoever delivers it, with nothing held meanwhile."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from burnish_server.identity import usage
from burnish_server.identity.models import Sms
from burnish_server.identity.sms import senders
from burnish_server.identity.sms.message import Message, Undeliverable

log = structlog.get_logger("burnish.sms")

HOLDS = timedelta(minutes=15)
"""How long a message is of use: a code is good for no longer."""


def deliver(sms_id: int) -> None:
    """Send a message and forget it. Raises what the sender raises where it may be tried again."""
    sms = Sms.objects.filter(pk=sms_id).first()
    if sms is None:
        return
    if not sms.is_silent and _is_worth_sending(sms):
        connection.close()
        try:
            senders.sender().send(_message(sms))
        except Undeliverable as error:
            log.warning("text message not delivered", sms_id=sms.pk, why=str(error))
        else:
            usage.count("sms", settings.BURNISH.sms.quota, settings.BURNISH.sms.stops_at_quota)
    sms.delete()


def _is_worth_sending(sms: Sms) -> bool:
    if sms.created_at < timezone.now() - HOLDS:
        log.warning("text message too old to be sent", sms_id=sms.pk)
        return False
    options = settings.BURNISH.sms
    if options.stops_at_quota and usage.is_used_up("sms", options.quota):
        log.warning("text message not sent: this month's quota is used up", sms_id=sms.pk)
        return False
    return True


def _message(sms: Sms) -> Message:
    return Message(str(sms.pk), sms.to, sms.text, sms.template, sms.variables, sms.language)
