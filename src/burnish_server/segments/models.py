"""The table of segments."""

from django.core.validators import RegexValidator
from django.db import models


class Segment(models.Model):
    """Users by what is known of them: whoever the rule's predicates all hold for."""

    name = models.CharField(
        primary_key=True,
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*\Z",
                "Write the name in small letters, digits and underscores, such as big_teams.",
            )
        ],
    )
    rule = models.JSONField(default=list)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
