import django.contrib.postgres.fields
from django.db import migrations, models

# Nothing here is worth waiting for a disk, or outlives a crash.
UNLOGGED = """
ALTER TABLE identity_limit SET UNLOGGED;
ALTER TABLE identity_limit SET (fillfactor = 50);
CREATE UNLOGGED TABLE identity_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
"""


class Migration(migrations.Migration):
    """Count tries, and keep what is used once, for all processes and machines together."""

    dependencies = [("identity", "0005_ways_in")]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("amount", models.IntegerField()),
                ("seconds", models.FloatField()),
                (
                    "hits",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), size=None
                    ),
                ),
                ("granted", models.BooleanField()),
                ("latest", models.FloatField()),
            ],
        ),
        migrations.RunSQL(UNLOGGED, "DROP TABLE identity_cache"),
    ]
