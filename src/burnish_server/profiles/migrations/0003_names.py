from django.db import migrations

NAMES = ("name", "given_name", "family_name")


def term(name: str) -> str:
    return f"lower(left(standard ->> '{name}', 200))"


class Migration(migrations.Migration):
    """Let people be found by how their names begin, among a million."""

    dependencies = [("profiles", "0002_facts")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX profiles_{name} ON profiles_profile ({term(name)} text_pattern_ops, user_id)"
            f" WHERE {term(name)} IS NOT NULL",
            f"DROP INDEX profiles_{name}",
        )
        for name in NAMES
    ]
