"""The tables of hooks, their runs, and the events that happened."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from burnish.events.catalogue import BLOCKING
from burnish.hooks import hook as library


def blocking_events() -> list[tuple[str, str]]:
    return [(name, name) for name in BLOCKING]


class Hook(models.Model):
    """A configured reaction to one event."""

    class OnError(models.TextChoices):
        DENY = "deny", "Deny: a failing hook stops the operation, so nothing passes unchecked"
        ALLOW = "allow", "Allow: a failing hook is noted in the log and the operation goes on"

    class Kind(models.TextChoices):
        SCRIPT = "script", "TypeScript"

    name = models.SlugField(
        unique=True,
        max_length=60,
        help_text="Short and telling: values it writes are marked with it.",
    )
    event = models.CharField(max_length=60, choices=blocking_events)
    kind = models.CharField("type", max_length=20, choices=Kind.choices, default=Kind.SCRIPT)
    script = models.TextField()
    problems = models.JSONField(default=list, editable=False)
    on_error = models.CharField(
        "when it fails", max_length=10, choices=OnError.choices, default=OnError.DENY
    )
    enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField("order", default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("event", "position", "id")

    def __str__(self) -> str:
        return self.name

    def as_hook(self) -> library.Hook:
        """Return the hook as the library runs it."""
        return library.Hook(
            name=self.name,
            event=self.event,
            script=self.script,
            on_error="allow" if self.on_error == self.OnError.ALLOW else "deny",
            enabled=self.enabled,
        )


class Run(models.Model):
    """One call of one hook: what came of it, and what it printed."""

    class Outcome(models.TextChoices):
        ALLOWED = "allowed", "Allowed"
        DENIED = "denied", "Denied"
        FAILED = "failed", "Failed"

    hook = models.ForeignKey(Hook, null=True, on_delete=models.SET_NULL, related_name="runs")
    hook_name = models.CharField("hook", max_length=60)
    event_type = models.CharField("event", max_length=60)
    event_seq = models.BigIntegerField(db_index=True)
    user_id = models.UUIDField(null=True, db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    error_line = models.PositiveIntegerField(null=True)
    console = models.TextField(blank=True)
    console_truncated = models.BooleanField(default=False)
    dropped: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    duration_ms = models.FloatField()
    started_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-started_at", "-id")

    def __str__(self) -> str:
        return f"{self.hook_name} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class TimeLimits(models.Model):
    """How long hooks may take, in seconds; one row."""

    hook_seconds = models.FloatField(
        "seconds for one hook",
        default=5,
        validators=[MinValueValidator(0.1), MaxValueValidator(60)],
    )
    event_seconds = models.FloatField(
        "seconds for all hooks of an event",
        default=10,
        validators=[MinValueValidator(0.1), MaxValueValidator(120)],
    )

    class Meta:
        verbose_name = "time limits"
        verbose_name_plural = "time limits"

    def __str__(self) -> str:
        return f"{self.hook_seconds:g} s a hook, {self.event_seconds:g} s an event"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "TimeLimits":
        """Return the limits in force: the stored ones, or the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Event(models.Model):
    """That something happened: written in the transaction that made it so."""

    seq = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True, db_index=True)
    triggered_by = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-seq",)

    def __str__(self) -> str:
        return f"{self.type} {self.seq:016x}"
