"""A user: one person's account."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from burnish_server.hooks.sealed_fields import SealedJSONField, SealedTextField

USERNAME_LENGTH = 40


class Users(BaseUserManager["User"]):
    """Look users up by the e-mail address they sign in with, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. What is known about its person stands in the profile, not here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail", unique=True, null=True, blank=True)
    phone_number = models.CharField(max_length=16, unique=True, null=True, blank=True)
    """In E.164 form."""
    phone_number_verified = models.BooleanField(default=False, db_default=False)
    username = models.CharField(max_length=USERNAME_LENGTH, unique=True, null=True, blank=True)
    """In small letters: whatever its case, it is the same name."""
    password: "models.TextField[str, str]" = models.TextField("password")
    """A hash of any length: those of other services have up to 300 characters."""
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField("administrator", default=False)
    disable_reason = models.CharField("why not", max_length=300, blank=True)
    temporarily_disabled_from = models.DateTimeField(null=True, blank=True)
    temporarily_disabled_until = models.DateTimeField(null=True, blank=True)
    delete_at = models.DateTimeField(null=True, blank=True, db_index=True)
    delete_reason = models.CharField(max_length=300, blank=True)
    anonymize_at = models.DateTimeField(null=True, blank=True, db_index=True)
    anonymized_at = models.DateTimeField(null=True, blank=True)
    logins = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("updated", auto_now=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[Users] = Users()

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="identity_user_newest"),
            models.Index(
                fields=["-created_at"],
                condition=models.Q(is_active=False),
                name="identity_user_inactive",
            ),
            models.Index(
                fields=["-created_at"],
                condition=models.Q(is_staff=True),
                name="identity_user_staff",
            ),
            models.Index(Upper("email"), name="identity_user_email"),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep nothing, rather than an empty text, of which there can be only one."""
        self.email, self.username = self.email or None, self.username or None
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.email or self.username or self.phone_number or str(self.id)


class Mail(models.Model):
    """A mail on its way out; gone once it is delivered."""

    sender = models.CharField(max_length=320)
    recipients: "models.JSONField[list[str], list[str]]" = models.JSONField()
    subject = models.CharField(max_length=998)
    text = SealedTextField()  # it may hold a code or a link that lets somebody in
    html = SealedTextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Sms(models.Model):
    """A text message on its way out; gone once it is delivered."""

    to = models.CharField(max_length=16)
    text = SealedTextField()
    template = models.CharField(max_length=40)
    variables = SealedJSONField(default=dict)
    language = models.CharField(max_length=16, blank=True)
    is_silent = models.BooleanField(default=False)
    """Whether it only takes as long as one that is sent: nobody is to tell the two apart."""
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"sms {self.pk}"


class Usage(models.Model):
    """How often something was used in a month."""

    name = models.CharField(max_length=40)
    month = models.CharField(max_length=7)
    """Such as 2026-11, in UTC."""
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name", "month"], name="identity_usage_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} in {self.month}"


class Limit(models.Model):
    """How often something was tried lately: see `limits`. The table is unlogged."""

    key = models.CharField(max_length=64, primary_key=True)
    amount = models.IntegerField()
    seconds = models.FloatField()
    hits: "ArrayField[list[float], list[float]]" = ArrayField(models.FloatField())
    """When each that counts was, in seconds of Unix time, by the database's clock."""
    granted = models.BooleanField()
    """Whether the latest was let through."""
    latest = models.FloatField()

    def __str__(self) -> str:
        return f"{len(self.hits)} of {self.amount} in {self.seconds} s"
