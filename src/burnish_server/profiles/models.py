"""The tables of attributes and profiles."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from burnish.attributes import custom
from burnish.attributes.access import DEFAULT_CUSTOM, Access
from burnish.attributes.faults import Fault
from burnish.attributes.merge import BY_STANDING, Merge
from burnish.attributes.standard import DEFAULTS
from burnish.attributes.standard import StandardAttribute as Settled
from burnish.profiles.document import Document


def new_attribute_id() -> str:
    """Return an id under which an attribute's values are stored, whatever it is called later."""
    return uuid.uuid4().hex[:16]


def default_access() -> dict[str, str]:
    return DEFAULT_CUSTOM.model_dump()


def default_merge() -> str | dict[str, Any]:
    return BY_STANDING.as_entry()


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
    label = models.CharField(max_length=200, blank=True)
    help_text = models.CharField(max_length=1000, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    indexed = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
    merge = models.JSONField(default=default_merge)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "created_at")

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The attribute's name as hooks and clients see it, such as `city`."""
        return self.pointer.removeprefix("/")

    @property
    def title(self) -> str:
        """The attribute's name as people see it, such as `City`."""
        return self.label or custom.default_label(self.pointer)

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
                entry[bound] = int(value) if value == int(value) else float(value)
        entry |= {"access_control": self.access, "merge": self.merge, "enum": self.enum or None}
        for name in ("label", "help_text", "purpose", "indexed", "sensitive", "retired"):
            entry[name] = getattr(self, name)
        return entry

    def as_definition(self) -> custom.CustomAttribute:
        """Return the attribute as the library knows it."""
        return custom.CustomAttribute.model_validate(self.as_entry())


def _by_field(faults: list[Fault]) -> dict[str, list[str]]:
    fields = {field.name for field in CustomAttribute._meta.get_fields()}
    found: dict[str, list[str]] = {}
    for fault in faults:
        head = fault.path.split(".")[0]
        head = "access" if head == "access_control" else head
        found.setdefault(head if head in fields else "__all__", []).append(fault.message)
    return found


class StandardAttribute(models.Model):
    """What this project settled about a standard attribute; without a row, the default holds."""

    name = models.CharField(primary_key=True, max_length=40, editable=False)
    access = models.JSONField()
    merge = models.JSONField(default=default_merge)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return custom.default_label(self.name)

    def as_definition(self) -> Settled:
        """Return the attribute as the library knows it."""
        access, merge = Access.model_validate(self.access), Merge.model_validate(self.merge)
        return Settled(self.name, access, merge)

    @staticmethod
    def complete() -> None:
        """Make the rows that are missing, each with its default."""
        StandardAttribute.objects.bulk_create(
            (
                StandardAttribute(
                    name=name, access=default.access_control.model_dump(), position=position
                )
                for position, (name, default) in enumerate(DEFAULTS.items())
            ),
            ignore_conflicts=True,
        )


class Population(models.Model):
    """Whether a social identity fills standard attributes in at sign-up; one row."""

    class Strategy(models.TextChoices):
        ON_SIGNUP = "on_signup", "At sign-up, take over what the social provider says"
        NONE = "none", "Take nothing over"

    strategy = models.CharField(
        "from social identities",
        max_length=10,
        choices=Strategy.choices,
        default=Strategy.ON_SIGNUP,
    )

    def __str__(self) -> str:
        return self.strategy

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Population":
        """Return what is in force, stored or not."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Profile(models.Model):
    """All attributes of one user: the effective values, and the facts they come from.

    `standard` is keyed by attribute name, `custom` by attribute id; `facts` is
    `{"standard": {name: {source: fact}}, "custom": {id: {source: fact}}}`. `due_at` is when a
    live fact expires next, and the values have to be derived anew.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    standard = models.JSONField(default=dict)
    custom = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index("due_at", name="profiles_due", condition=models.Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"profile of {self.user_id}"

    def as_document(self) -> Document:
        """Return the profile as the library knows it."""
        return Document(self.standard, self.custom, self.facts, self.due_at)


class History(models.Model):
    """What a source said of an attribute, or that it was taken back: an append-only log.

    The table is partitioned by month and goes with its profile; `by` is the administrator who
    acted, if one did.
    """

    pk = models.CompositePrimaryKey("user_id", "at", "group", "key", "source")
    user_id = models.UUIDField()
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=10)
    group = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    source = models.CharField(max_length=100)
    fact = models.JSONField()
    by = models.UUIDField(null=True)

    class Meta:
        ordering = ("-at", "-version")

    def __str__(self) -> str:
        return f"{self.source} {self.act} {self.key}"
