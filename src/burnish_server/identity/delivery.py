"""The last step of a mail: to the mail server, or without one into the data folder."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from burnish_server.identity.models import Mail


def deliver(mail: Mail) -> None:
    """Hand a mail to the mail server, or without one to the data folder."""
    message = EmailMultiAlternatives(
        mail.subject, mail.text, mail.sender, mail.recipients, connection=_transport()
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()


def _transport() -> Any:
    if settings.BURNISH.mail.url is None:
        folder = settings.BURNISH.data_dir / "mail"
        return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    parts = urlsplit(settings.BURNISH.mail.url.get_secret_value())
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or 25,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp" and bool(parts.username),
        use_ssl=parts.scheme == "smtps",
        timeout=20,
    )
