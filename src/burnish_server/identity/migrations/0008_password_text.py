from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep password hashes of any length: those of other services have up to 300 characters."""

    dependencies = [("identity", "0007_stored_secrets")]

    operations = [
        migrations.AlterField("user", "password", models.TextField("password")),
    ]
