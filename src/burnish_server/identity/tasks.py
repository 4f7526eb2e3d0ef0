"""What the worker does for this room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from burnish_server.identity.delivery import deliver
from burnish_server.identity.models import Mail


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_mail(mail_id: int) -> None:
    """Deliver a mail and forget it; try again when the mail server does not answer."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None:
        return
    deliver(mail)
    mail.delete()
