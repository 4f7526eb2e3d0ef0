"""Social providers as the portal keeps them."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from burnish_server.hooks import sealing
from burnish_server.social.kinds import ALIAS, KINDS, Client, Kind, client


class SocialProvider(models.Model):
    """A client of a social provider; its secret is sealed."""

    alias = models.CharField(
        "short name",
        primary_key=True,
        max_length=41,
        validators=[RegexValidator(ALIAS, "Write it in small letters, digits, - and _.")],
    )
    kind = models.CharField(max_length=20)
    name = models.CharField("name on the button", max_length=40)
    client_id = models.CharField(max_length=191)
    sealed = models.TextField(editable=False)
    extras: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("created_at", "alias")
        verbose_name = "social provider"

    def __str__(self) -> str:
        return self.name

    @property
    def described(self) -> Kind:
        """What is known of its kind."""
        return KINDS[self.kind]

    def as_client(self) -> Client:
        """Return it with its secret. Raises `InvalidSettings` where that cannot be read."""
        secret = sealing.unseal(self.sealed)
        return client(self.described, self.alias, self.name, self.client_id, secret, self.extras)
