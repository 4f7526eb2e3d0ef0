"""The tables of roles and groups, and of who has which."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from burnish.roles import key as keys


def fit_key(key: str) -> None:
    """Refuse what cannot be a key."""
    if refusal := keys.refuse(key):
        raise ValidationError(refusal)


class Keyed(models.Model):
    """What a role and a group have in common. Apps know them by the key, people by the name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=keys.LONGEST, unique=True, validators=[fit_key])
    name = models.CharField(max_length=200, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Role(Keyed):
    """What users may be: an app reads it and decides what they may do."""


class Group(Keyed):
    """Users who belong together. Whoever is in a group has its roles too."""


class UserRole(models.Model):
    """A user has a role of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "role"], name="user_has_a_role_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"


class UserGroup(models.Model):
    """A user is in a group."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "group"], name="user_is_in_a_group_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.group_id}"


class GroupRole(models.Model):
    """Everybody in a group has a role."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="ties")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group", "role"], name="group_has_a_role_once"),
        )

    def __str__(self) -> str:
        return f"{self.group_id} {self.role_id}"
