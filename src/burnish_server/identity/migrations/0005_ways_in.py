import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let people sign in with a phone number or a username, and text messages leave."""

    dependencies = [("identity", "0004_user_logins")]

    operations = [
        migrations.CreateModel(
            name="Sms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("template", models.CharField(max_length=40)),
                ("variables", models.JSONField(default=dict)),
                ("language", models.CharField(blank=True, max_length=16)),
                ("is_silent", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("month", models.CharField(max_length=7)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "month"), name="identity_usage_once")
                ]
            },
        ),
        migrations.AddField(
            model_name="user",
            name="phone_number",
            field=models.CharField(blank=True, max_length=16, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="user",
            name="phone_number_verified",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="username",
            field=models.CharField(blank=True, max_length=40, null=True, unique=True),
        ),
    ]
