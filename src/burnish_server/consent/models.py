"""The tables of consent."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from burnish.consent import purpose

BASES = [
    ("consent", "Consent: only for people who granted it"),
    ("contract", "Contract: needed to give them what they asked for"),
    ("legal_obligation", "Legal obligation"),
    ("vital_interests", "Vital interests"),
    ("public_task", "Public task"),
    ("legitimate_interest", "Legitimate interest: yours, weighed against theirs"),
]


class Purpose(models.Model):
    """What data is used for, and on which ground."""

    name = models.CharField(
        primary_key=True,
        max_length=60,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*\Z",
                "Write the name in small letters, digits and underscores, such as personalization.",
            )
        ],
    )
    basis = models.CharField(max_length=30, choices=BASES, default="consent")
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.title or self.name

    def as_purpose(self) -> purpose.Purpose:
        """Return the purpose as the library knows it."""
        return purpose.Purpose.model_validate({"basis": self.basis, "title": self.title})


class Grant(models.Model):
    """One person's consent to one purpose."""

    pk = models.CompositePrimaryKey("user", "purpose")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    purpose = models.CharField(max_length=60)
    granted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"
