from typing import Any

from django.db import migrations

from burnish_server.hooks import sealed_fields
from burnish_server.identity import factor_secrets

# Sessions go on: the key a browser holds hashes to what is stored now. A grant was stored with
# 64 digits of the same hash.
HASHED = """
UPDATE django_session SET session_key =
    left(encode(sha256(convert_to('session/' || session_key, 'UTF8')), 'hex'), 40);
UPDATE usersessions_usersession SET session_key =
    left(encode(sha256(convert_to('session/' || session_key, 'UTF8')), 'hex'), 40);
UPDATE oidc_grant SET session = left(session, 40) WHERE session <> '';
"""


def seal(apps: Any, schema_editor: Any) -> None:
    """Seal the secrets of authenticator apps and recovery codes."""
    factor_secrets.reseal(apps.get_model("mfa", "Authenticator").objects)


class Migration(migrations.Migration):
    """Store keys of sessions as hashes; seal factors, mails and text messages."""

    dependencies = [
        ("identity", "0006_limits"),
        ("oidc", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(HASHED, migrations.RunSQL.noop),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.AlterField("mail", "text", sealed_fields.SealedTextField()),
        migrations.AlterField("mail", "html", sealed_fields.SealedTextField(blank=True)),
        migrations.AlterField("sms", "text", sealed_fields.SealedTextField()),
        migrations.AlterField("sms", "variables", sealed_fields.SealedJSONField(default=dict)),
    ]
