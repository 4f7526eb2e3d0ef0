"""The tables of API keys, and of answers that may be asked for again."""

import uuid

from django.contrib.postgres.fields import ArrayField
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
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("created_at",)
        verbose_name = "API key"
        constraints = (
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(revoked_at=None),
                name="api_key_name_in_use_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


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

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["api_key", "name"], name="api_answer_named_once"),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"
