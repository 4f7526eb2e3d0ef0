"""The tables of API keys, and of answers that may be asked for again."""

import uuid
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone


class ApiKey(models.Model):
    """A program's key. Of the key itself only a hash is stored; `prefix` tells it from others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, help_text="What it is for, such as crm-sync.")
    prefix = models.CharField(max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    """From when on it is no good; None for a key that stays good until it is revoked."""
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("created_at",)
        verbose_name = "API key"
        indexes = (models.Index(fields=["created_at", "id"], name="api_key_by_age"),)
        constraints = (
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(revoked_at=None),
                name="api_key_name_in_use_once",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_good(self, now: datetime) -> bool:
        """Return whether a program may still come in with it."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Answer(models.Model):
    """The answer to a request that named itself with an Idempotency-Key.

    It has no status while the request is worked on.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    began_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    """Sealed by who keeps it."""
    withheld = models.BooleanField(default=False, db_default=False)
    """Whether it held what nobody may see again, so that its body is not here."""
    about: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list)
    """Whatever has these ids may be whose values it holds."""

    class Meta:
        indexes = (GinIndex(fields=["about"], name="api_answer_about"),)
        constraints = (
            models.UniqueConstraint(fields=["api_key", "name"], name="api_answer_named_once"),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"
