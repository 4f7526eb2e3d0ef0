"""The tables of hooks: what is configured, what happened, what was delivered, what came of it."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from burnish.hooks import hook as library
from burnish.hooks.context import HookContext
from burnish.hooks.plugin import named
from burnish.hooks.script import Module, Script
from burnish.hooks.webhook import Webhook
from burnish_server.hooks.giving_back import giving_back


class Hook(models.Model):
    """A configured reaction to one blocking event, or to any number of others."""

    class OnError(models.TextChoices):
        DENY = "deny", "Deny: a failing hook stops the operation, so nothing passes unchecked"
        ALLOW = "allow", "Allow: a failing hook is noted in the log and the operation goes on"
        DEFER = "defer", "Defer: a slow or failing hook works on while the operation goes on"

    class Kind(models.TextChoices):
        SCRIPT = "script", "TypeScript"
        WEBHOOK = "webhook", "Webhook"
        PLUGIN = "plugin", "Python plugin"

    class Isolation(models.TextChoices):
        REUSE = "reuse", "Reuse: calls share one warm isolate"
        FRESH = "fresh", "Fresh: each call gets an isolate of its own"

    name = models.SlugField(
        unique=True,
        max_length=60,
        help_text="Short and telling: values it writes are marked with it.",
    )
    events: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60))
    kind = models.CharField("type", max_length=20, choices=Kind.choices, default=Kind.SCRIPT)
    script = models.TextField(blank=True)
    modules: "models.JSONField[list[Any], list[Any]]" = models.JSONField(
        default=list, editable=False
    )
    problems = models.JSONField(default=list, editable=False)
    url = models.CharField("address", max_length=2000, blank=True)
    isolation = models.CharField(max_length=10, choices=Isolation.choices, default=Isolation.REUSE)
    on_error = models.CharField(
        "when it fails", max_length=10, choices=OnError.choices, default=OnError.DENY
    )
    timeout_ms = models.PositiveIntegerField(
        "time limit in ms",
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(60_000)],
    )
    only_clients: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=100), default=list, blank=True
    )
    enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField("order", default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

    def as_target(self) -> library.Target:
        """Return what is called."""
        match self.kind:
            case self.Kind.WEBHOOK:
                return Webhook(self.url)
            case self.Kind.PLUGIN:
                return giving_back(named(self.name))
        modules = tuple(Module(specifier, source) for specifier, source in self.modules)
        fresh = self.isolation == self.Isolation.FRESH
        return Script(f"{self.name}.ts", self.script, "fresh" if fresh else "reuse", modules)

    def as_hook(self, context: HookContext | None = None) -> library.Hook:
        """Return the hook as the library calls it."""
        return library.Hook(
            name=self.name,
            events=tuple(self.events),
            target=self.as_target(),
            on_error=ON_ERROR[self.on_error],
            enabled=self.enabled,
            timeout=self.timeout_ms / 1000 if self.timeout_ms else None,
            only_clients=tuple(self.only_clients),
            context=context or HookContext(),
        )


ON_ERROR: dict[str, library.OnError] = {"deny": "deny", "allow": "allow", "defer": "defer"}


class Version(models.Model):
    """A hook as somebody saved it: its script, and its settings by name."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    script = models.TextField(blank=True)
    settings: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    saved_by = models.CharField(max_length=320)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["hook", "number"], name="hooks_version_number"),
        )

    def __str__(self) -> str:
        return f"{self.hook} {self.number}"


class Secret(models.Model):
    """A value hooks use and nobody reads: sealed, and open to the hooks that are named."""

    name = models.CharField(
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9_]*\Z",
                "Write the name in capitals, digits and underscores, such as VENDOR_KEY.",
            )
        ],
    )
    sealed = models.TextField(editable=False)
    hooks: "models.ManyToManyField[Hook, Any]" = models.ManyToManyField(
        Hook, blank=True, related_name="secrets"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A key webhooks are signed with, sealed. At most two live at a time."""

    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"signing key {self.pk}"


class Cached(models.Model):
    """A value one hook keeps between its calls."""

    pk = models.CompositePrimaryKey("hook_id", "key")
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    value: "models.JSONField[Any, Any]" = models.JSONField()
    user_id = models.UUIDField(null=True, db_index=True)
    """The user of the event in whose call it was kept, if there was one."""
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "hooks_cache"

    def __str__(self) -> str:
        return f"{self.hook_id} {self.key}"


class Forgotten(models.Model):
    """Somebody of whom something is still to be forgotten: see `forget.finish`."""

    user_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.at:%Y-%m-%d %H:%M:%S}"


class Run(models.Model):
    """One call of one hook: what came of it, and what it printed."""

    class Outcome(models.TextChoices):
        ALLOWED = "allowed", "Allowed"
        DENIED = "denied", "Denied"
        FAILED = "failed", "Failed"
        DEFERRED = "deferred", "Deferred"
        DELIVERED = "delivered", "Delivered"

    hook = models.ForeignKey(Hook, null=True, on_delete=models.SET_NULL, related_name="runs")
    hook_name = models.CharField("hook", max_length=60)
    event_type = models.CharField("event", max_length=60)
    event_seq = models.BigIntegerField(db_index=True)
    user_id = models.UUIDField(null=True, db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    error_line = models.PositiveIntegerField(null=True)
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    requests: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    console = models.TextField(blank=True)
    console_truncated = models.BooleanField(default=False)
    dropped: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    duration_ms = models.FloatField()
    started_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = (
            models.Index(fields=["hook", "-started_at"], name="hooks_run_hook"),
            models.Index(fields=["event_type", "-started_at"], name="hooks_run_event"),
        )

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
    deferred_seconds = models.FloatField(
        "seconds to wait for a hook that may answer later",
        default=1,
        validators=[MinValueValidator(0.0), MaxValueValidator(60)],
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
    """An event: written in the transaction that makes it true, or after its hooks were asked.

    The table is partitioned by day.
    """

    seq = models.BigIntegerField(primary_key=True)
    type = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    client_id = models.CharField(max_length=100, blank=True)
    payload: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    context: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "hooks_event"
        ordering = ("-seq",)

    def __str__(self) -> str:
        return f"{self.type} {self.seq:016x}"


class Delivery(models.Model):
    """An event on its way to one hook; attempts go on until it arrives or is given up.

    `due_at` is the next attempt, or the end of the lease of the worker that makes one just now.
    One of a blocking event is a deferred call, whose answer is written into the profile. The
    table is partitioned by day.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event_seq = models.BigIntegerField()
    event_type = models.CharField("event", max_length=60)
    user_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    worker = models.UUIDField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_message = models.TextField(blank=True)
    status = models.PositiveIntegerField(null=True)
    reply = models.TextField(blank=True)
    created_at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hooks_delivery"
        verbose_name_plural = "deliveries"
        ordering = ("-created_at", "-event_seq")

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_seq:016x}"
