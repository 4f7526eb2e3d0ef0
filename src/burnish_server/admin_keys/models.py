"""The table of admin keys."""

import uuid

from django.db import models
from django.utils import timezone


class AdminKey(models.Model):
    """The public half of a key pair. The private half is with the program, and only there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, help_text="What it is for, such as sync.")
    key_id = models.CharField(max_length=200, unique=True, editable=False)
    """The `kid` in the header of its tokens."""
    public_key = models.TextField(editable=False)
    """As PEM."""
    audience = models.CharField(max_length=200)
    """What its tokens name as `aud`."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.name
