"""Text messages leave through the worker: nobody waits for a gateway, nor learns who has one."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from burnish_server.identity import languages, tasks
from burnish_server.identity.models import Sms


def write(to: str, template: str, **variables: str) -> None:
    """Write a message; the worker sends it. In an open transaction, only if that commits."""
    _keep(to, template, variables, is_silent=False)


def pretend(to: str) -> None:
    """Do what writing a message takes, and send nothing."""
    _keep(to, "verification_code", {"code": "000000"}, is_silent=True)


def _keep(to: str, template: str, variables: dict[str, str], *, is_silent: bool) -> None:
    language = languages.of_number(to) or get_language() or settings.LANGUAGE_CODE
    with override(language):
        text = render_to_string(f"sms/{template}.txt", {**variables, "host": _host()}).strip()
    with transaction.atomic():
        sms = Sms.objects.create(
            to=to,
            text=text,
            template=template,
            variables=variables,
            language=language,
            is_silent=is_silent,
        )
        tasks.send_sms.defer(sms_id=sms.pk)


def _host() -> str:
    origin = settings.BURNISH.web.origin or "http://localhost"
    return str(origin.partition("://")[2].partition(":")[0])
