"""The tables of enrichment: what is configured, what is kept, what was asked and what it gave."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone


class Provider(models.Model):
    """A provider as configured. Its settings are those of its kind, without what is secret.

    `sealed` holds what is secret, by the setting's name, each sealed.
    """

    name = models.CharField(
        primary_key=True,
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*\Z",
                "Write the name in small letters, digits and underscores, such as crm.",
            )
        ],
        help_text="Values it gives are marked provider:NAME.",
    )
    kind = models.CharField(max_length=60)
    settings = models.JSONField(default=dict)
    sealed = models.JSONField(default=dict, editable=False)
    position = models.PositiveIntegerField("order", default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Waterfall(models.Model):
    """Who is asked for an attribute, in which order.

    `group` and `key` say where the attribute's values are stored; `steps` are those of
    `burnish.enrichment.fragment`.
    """

    pk = models.CompositePrimaryKey("group", "key")
    group = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    steps = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.group} {self.key}"


class TimeBudget(models.Model):
    """How long events wait for providers; one row."""

    sign_up_ms = models.PositiveIntegerField(
        "milliseconds at sign-up", default=300, validators=[MaxValueValidator(10_000)]
    )
    login_ms = models.PositiveIntegerField(
        "milliseconds at login", default=300, validators=[MaxValueValidator(10_000)]
    )

    class Meta:
        verbose_name = "time budget"

    def __str__(self) -> str:
        return f"{self.sign_up_ms} ms at sign-up, {self.login_ms} ms at login"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "TimeBudget":
        """Return what is in force, stored or not."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Kept(models.Model):
    """A kept answer: sealed, under a hashed key. Without `sealed` somebody is only asking."""

    key = models.CharField(primary_key=True, max_length=64)
    provider = models.CharField(max_length=40, db_index=True)
    sealed = models.TextField(default="")
    kept_until = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.provider} {self.key[:8]}"


class Gauge(models.Model):
    """What all processes remember of a provider: places taken, money spent, failures in a row."""

    provider = models.CharField(primary_key=True, max_length=40)
    state = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.provider


class Run(models.Model):
    """One go at filling one profile. `sealed` holds what it was asked with besides the profile.

    A run that is not done is gone on with at `due_at`; `waiting_for` are the keys of answers that
    vendors send later by themselves.
    """

    class Reason(models.TextChoices):
        SIGN_UP = "sign_up", "Sign-up"
        LOGIN = "login", "Login"
        CHANGE = "change", "Profile change"
        REQUEST = "request", "Asked for"
        CLI = "cli", "Command line"

    class State(models.TextChoices):
        WAITING = "waiting", "Under way"
        DONE = "done", "Done"
        GIVEN_UP = "given_up", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrichment_runs"
    )
    reason = models.CharField(max_length=10, choices=Reason.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    want: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=100), default=list
    )
    sealed = models.TextField(default="", editable=False)
    waiting_for: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=64), default=list
    )
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    by = models.UUIDField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=["user", "-started_at"], name="enrichment_run_user"),
            models.Index("due_at", name="enrichment_run_due", condition=models.Q(state="waiting")),
        )

    def __str__(self) -> str:
        return f"{self.reason} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class Lookup(models.Model):
    """One question to one provider, or why it was not asked. Holds no value of any attribute."""

    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="lookups")
    user_id = models.UUIDField(null=True)
    provider = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    gave: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=100), default=list
    )
    refused = models.JSONField(default=dict)
    asked = models.BooleanField(default=False)
    kept = models.CharField(max_length=5, blank=True)
    ms = models.FloatField(default=0.0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=["-at"], name="enrichment_lookup_at"),
            models.Index(fields=["provider", "-at"], name="enrichment_lookup_provider"),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.outcome}"


class Fill(models.Model):
    """On one day: how many profiles had a value of an attribute, and how many from a provider."""

    pk = models.CompositePrimaryKey("day", "group", "key")
    day = models.DateField()
    group = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    users = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    enriched = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.key}"
