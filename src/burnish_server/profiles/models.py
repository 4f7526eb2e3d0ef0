"""The tables of attributes and profiles."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from burnish.attributes import custom
from burnish.attributes.access import DEFAULT_CUSTOM
from burnish.attributes.faults import Fault


def new_attribute_id() -> str:
    """Return an id under which an attribute's values are stored, whatever it is called later."""
    return uuid.uuid4().hex[:16]


def default_access() -> dict[str, str]:
    return DEFAULT_CUSTOM.model_dump()


def types() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in custom.TYPES]


class CustomAttribute(models.Model):
    """A typed attribute this project defined. Its rules are `burnish.attributes.custom`'s."""

    id = models.CharField(primary_key=True, max_length=64, default=new_attribute_id, editable=False)
    pointer = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=20, choices=types)
    minimum = models.DecimalField(null=True, blank=True, max_digits=30, decimal_places=10)
    maximum = models.DecimalField(null=True, blank=True, max_digits=30, decimal_places=10)
    enum = models.JSONField(default=list, blank=True)
    access = models.JSONField(default=default_access)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "created_at")

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """The attribute's name as hooks and clients see it, such as `city`."""
        return self.pointer.removeprefix("/")

    @property
    def label(self) -> str:
        """The attribute's name as people see it, such as `City`."""
        return custom.label(self.pointer)

    def clean(self) -> None:
        """Refuse what the attribute rules refuse, with their sentence beside the field."""
        parsed = custom.parse(self.as_entry())
        if isinstance(parsed, list):
            raise ValidationError(_by_field(parsed))

    def as_entry(self) -> dict[str, object]:
        """Return the attribute as one entry of `user_profile.custom_attributes.attributes`."""
        entry: dict[str, object] = {"id": self.id, "pointer": self.pointer, "type": self.type}
        for bound in ("minimum", "maximum"):
            if (value := getattr(self, bound)) is not None:
                number = float(value)
                entry[bound] = int(number) if number.is_integer() else number
        if self.enum:
            entry["enum"] = self.enum
        return entry | {"access_control": self.access}


def _by_field(faults: list[Fault]) -> dict[str, list[str]]:
    fields = {field.name for field in CustomAttribute._meta.get_fields()}
    found: dict[str, list[str]] = {}
    for fault in faults:
        head = fault.path.split(".")[0]
        head = "access" if head == "access_control" else head
        found.setdefault(head if head in fields else "__all__", []).append(fault.message)
    return found


class Profile(models.Model):
    """All attributes of one user: the effective values, and the facts they come from.

    `standard` is keyed by attribute name, `custom` by attribute id; `facts` is
    `{"standard": {name: {source: fact}}, "custom": {id: {source: fact}}}`.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    standard = models.JSONField(default=dict)
    custom = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"profile of {self.user_id}"
