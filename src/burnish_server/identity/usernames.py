"""What a username may look like."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from burnish_server.identity.models import USERNAME_LENGTH

VALIDATORS = [
    RegexValidator(
        rf"(?i)^[a-z0-9](?:[a-z0-9._-]{{0,{USERNAME_LENGTH - 2}}}[a-z0-9])?\Z",
        _(
            "Use letters from a to z, digits, dots, hyphens and underscores, with a letter or a "
            "digit at either end."
        ),
        "invalid_username",
    )
]
