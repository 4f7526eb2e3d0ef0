from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Let users be listed and found among a million."""

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["-created_at", "-id"], name="identity_user_newest"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["-created_at"],
                condition=models.Q(is_active=False),
                name="identity_user_inactive",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                fields=["-created_at"],
                condition=models.Q(is_staff=True),
                name="identity_user_staff",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(Upper("email"), name="identity_user_email"),
        ),
        migrations.RunSQL(
            "CREATE INDEX identity_user_mailbox ON identity_user (lower(email) text_pattern_ops)",
            "DROP INDEX identity_user_mailbox",
        ),
        migrations.RunSQL(
            "CREATE INDEX identity_user_domain ON identity_user"
            " (lower(split_part(email, '@', 2)) text_pattern_ops)",
            "DROP INDEX identity_user_domain",
        ),
    ]
