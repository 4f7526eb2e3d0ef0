from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep answers sealed, and know whom they are about; those kept so far are neither."""

    dependencies = [("api_keys", "0003_expiry")]

    operations = [
        migrations.RunSQL("DELETE FROM api_keys_answer", migrations.RunSQL.noop),
        migrations.AddField(
            "answer", "withheld", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField("answer", "about", ArrayField(models.UUIDField(), default=list)),
        migrations.AddIndex("answer", GinIndex(fields=["about"], name="api_answer_about")),
    ]
