"""Social providers as the portal keeps them."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table."""

    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="SocialProvider",
            fields=[
                (
                    "alias",
                    models.CharField(
                        max_length=41,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_-]{0,40}$",
                                "Write it in small letters, digits, - and _.",
                            )
                        ],
                        verbose_name="short name",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=40, verbose_name="name on the button")),
                ("client_id", models.CharField(max_length=191)),
                ("sealed", models.TextField(editable=False)),
                ("extras", models.JSONField(default=dict)),
                ("enabled", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "social provider",
                "ordering": ("created_at", "alias"),
            },
        ),
    )
