"""A key may expire."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api_keys", "0002_answers")]

    operations = [
        migrations.AddField(
            "apikey", "expires_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddIndex(
            "apikey", models.Index(fields=["created_at", "id"], name="api_key_by_age")
        ),
    ]
