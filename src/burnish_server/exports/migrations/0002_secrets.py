from django.db import migrations, models


class Migration(migrations.Migration):
    """Say whose secrets of authenticator apps are in an export.

    Files from before hold everybody's; the portal and keys without the scope hand them out no more.
    """

    dependencies = [("exports", "0001_tables")]

    operations = [
        migrations.AddField(
            "run",
            "secrets",
            models.CharField(
                choices=[
                    ("none", "nobody's"),
                    ("people", "of users who are no administrators"),
                    ("all", "everybody's"),
                ],
                default="all",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "run",
            "secrets",
            models.CharField(
                choices=[
                    ("none", "nobody's"),
                    ("people", "of users who are no administrators"),
                    ("all", "everybody's"),
                ],
                default="none",
                max_length=10,
            ),
        ),
    ]
