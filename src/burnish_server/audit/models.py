"""The table of the audit log."""

from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """That somebody did something to something. The database refuses changes to it.

    `detail` names what changed, never a profile's values. `audit.forget` alone takes away: entries
    that are old enough, and the name of a person who is forgotten.
    """

    class Door(models.TextChoices):
        PORTAL = "portal", "Portal"
        CLI = "cli", "Command line"
        API = "api", "Admin API"
        HOOK = "hook", "Hook"
        USER = "user", "Sign-in pages"
        SERVICE = "service", "Service"

    at = models.DateTimeField("time", default=timezone.now, db_index=True)
    door = models.CharField(max_length=10, choices=Door.choices)
    actor = models.CharField("who", max_length=320)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField("what", max_length=60)
    subject_id = models.CharField(max_length=80)
    subject = models.CharField(max_length=320)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "audit log entry"
        verbose_name_plural = "audit log"
        indexes = (models.Index(fields=["subject_id", "-id"], name="audit_entry_subject"),)

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject_kind} {self.subject}"
