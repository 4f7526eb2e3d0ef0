"""Mails leave through the worker, so that no visitor waits for a mail server."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from burnish_server.identity import tasks
from burnish_server.identity.models import Mail


class DeferredBackend(BaseEmailBackend):
    """Keep each mail and tell the worker; in an open transaction, both only if it commits."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            html = next(
                (
                    str(part.content)
                    for part in getattr(message, "alternatives", [])
                    if part.mimetype == "text/html"
                ),
                "",
            )
            mail = Mail.objects.create(
                sender=message.from_email,
                recipients=message.to,
                subject=str(message.subject),
                text=str(message.body),
                html=html,
            )
            tasks.send_mail.defer(mail_id=mail.pk)
        return len(email_messages)
