"""The tables of exports: a run, and what it has written so far."""

import uuid

from django.db import models
from django.utils import timezone

from burnish_server.audit.models import Entry


class Run(models.Model):
    """One export. `request` is what was asked for; users up to `cursor` are written."""

    class State(models.TextChoices):
        PENDING = "pending", "under way"
        COMPLETED = "completed", "completed"

    class Format(models.TextChoices):
        NDJSON = "ndjson", "NDJSON"
        CSV = "csv", "CSV"

    class Secrets(models.TextChoices):
        """Whose secrets of authenticator apps are in the file."""

        NONE = "none", "nobody's"
        PEOPLE = "people", "of users who are no administrators"
        ALL = "all", "everybody's"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    format = models.CharField(max_length=10, choices=Format.choices)
    request = models.JSONField(default=dict)
    columns: "models.JSONField[list[list[str]], list[list[str]]]" = models.JSONField(default=list)
    secrets = models.CharField(max_length=10, choices=Secrets.choices, default=Secrets.NONE)
    cursor = models.UUIDField(null=True)
    chunks = models.PositiveIntegerField(default=0)
    users = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    door = models.CharField(max_length=10, choices=Entry.Door.choices)
    actor = models.CharField("by", max_length=320)
    created_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "export"

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def per_cent(self) -> int:
        """How far it is, as far as one can tell: users come and go meanwhile."""
        if self.state == self.State.COMPLETED:
            return 100
        return min(self.users * 100 // self.total, 99) if self.total else 0


class Chunk(models.Model):
    """A piece of the file, compressed and sealed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["run", "number"], name="exports_chunk_once"),
        )

    def __str__(self) -> str:
        return f"piece {self.number} of {self.run_id}"
