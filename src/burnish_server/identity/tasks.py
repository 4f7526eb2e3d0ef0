"""What the worker does for this room."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from burnish_server.identity import limits
from burnish_server.identity.delivery import deliver
from burnish_server.identity.flows import (
    anonymization,
    deletion,
    disabling,
    enrich_rest,
    expiry,
)
from burnish_server.identity.models import Mail
from burnish_server.identity.sms import delivery


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_mail(mail_id: int) -> None:
    """Deliver a mail and forget it; try again when the mail server does not answer."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None:
        return
    deliver(mail)
    mail.delete()


@app.task(retry=RetryStrategy(max_attempts=4, exponential_wait=3))
def send_sms(sms_id: int) -> None:
    """Deliver a text message and forget it; try again when the gateway does not answer."""
    delivery.deliver(sms_id)


@app.task
def resume_enrichment(run: str) -> None:
    """Go on with an enrichment whose time has come."""
    enrich_rest.resume(UUID(run))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="refresh_due", pass_context=False)
def refresh_due(timestamp: int) -> None:
    """Derive anew the profiles in which a fact has expired."""
    while expiry.refresh_due(timezone.now()):
        pass


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="accounts_due", pass_context=False)
def accounts_due(timestamp: int) -> None:
    """Close, open, delete and anonymise the accounts whose time has come."""
    at = timezone.now()
    disabling.keep_time(at)
    while deletion.delete_due(at) + anonymization.anonymize_due(at):
        pass


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="identity.prune_limits", pass_context=False)
def prune_limits(timestamp: int) -> None:
    """Remove counts and codes in which nothing counts any more; once an hour."""
    limits.prune()
