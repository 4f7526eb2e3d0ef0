"""The tables of imports: a run, the batches that wait, and what became of each row."""

import uuid

from django.db import models
from django.utils import timezone

from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry


class Run(models.Model):
    """One import. Its counts are those of the rows that are done."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "being received"
        PENDING = "pending", "under way"
        COMPLETED = "completed", "completed"
        CANCELLED = "cancelled", "cancelled"

    class Format(models.TextChoices):
        RECORDS = "records", "records of one request"
        NDJSON = "ndjson", "NDJSON"
        CSV = "csv", "CSV"

    class Identifier(models.TextChoices):
        EMAIL = "email", "e-mail address"
        PHONE_NUMBER = "phone_number", "phone number"
        USERNAME = "preferred_username", "username"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    format = models.CharField(max_length=10, choices=Format.choices)
    identifier = models.CharField(max_length=20, choices=Identifier.choices)
    upsert = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    hooks = models.BooleanField(default=False)
    enrich = models.BooleanField(default=False)
    columns: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    inserted = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    door = models.CharField(max_length=10, choices=Entry.Door.choices)
    actor = models.CharField("by", max_length=320)
    created_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = "import"

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def by(self) -> Actor:
        """Who imports. Of the portal's people only the name is kept, and so no permission."""
        return Actor(self.door, self.actor)

    @property
    def done(self) -> int:
        """Rows that are done."""
        return self.inserted + self.updated + self.skipped + self.failed

    @property
    def per_cent(self) -> int:
        """How far it is."""
        return 100 if not self.rows else self.done * 100 // self.rows


class Batch(models.Model):
    """Rows that wait, sealed, for they hold password hashes; gone when they are done."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["run", "number"], name="imports_batch_once"),
        )

    def __str__(self) -> str:
        return f"batch {self.number} of {self.run_id}"


class Outcome(models.Model):
    """What became of one row, or would have. `index` counts from 0, `line` is of the file.

    `key` stands for the row's identifier, as a number: by it a second row of the same user is
    found. `record` is the row without its secrets, where it is kept.
    """

    class Kind(models.TextChoices):
        INSERTED = "inserted", "inserted"
        UPDATED = "updated", "updated"
        SKIPPED = "skipped", "skipped"
        FAILED = "failed", "failed"

    pk = models.CompositePrimaryKey("run", "index")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes", db_index=False)
    index = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Kind.choices)
    user_id = models.UUIDField(null=True)
    key = models.BigIntegerField(null=True)
    warnings: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    errors: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(
        default=list
    )
    record = models.JSONField(null=True)

    class Meta:
        ordering = ("index",)
        indexes = (
            models.Index(fields=["run", "key"], name="imports_outcome_key"),
            models.Index(
                fields=["user_id"],
                name="imports_outcome_user",
                condition=models.Q(user_id__isnull=False),
            ),
            models.Index(
                fields=["run", "index"],
                name="imports_outcome_failed",
                condition=models.Q(outcome="failed"),
            ),
        )

    def __str__(self) -> str:
        return f"line {self.line}: {self.outcome}"
