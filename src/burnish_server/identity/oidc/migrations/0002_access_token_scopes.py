from django.db import migrations, models


class Migration(migrations.Migration):
    """Let an access token have fewer scopes than its grant."""

    dependencies = [("oidc", "0001_initial")]

    operations = [migrations.AddField("accesstoken", "scopes", models.JSONField(null=True))]
