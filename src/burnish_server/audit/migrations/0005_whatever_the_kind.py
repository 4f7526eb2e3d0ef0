from django.db import migrations

# A word such as `fraud` says why; a sentence may say who, so it goes. What was done is of many
# kinds (`password`, `identity`, `roles of user`), and each names the person.
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_forget_user(who uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE done bigint;
BEGIN
    PERFORM set_config('burnish.audit_forgets', 'yes', true);
    UPDATE audit_entry SET subject = subject_id, detail = CASE
        WHEN detail->>'reason' ~ '^[a-z][a-z0-9_]{0,39}$' THEN detail - 'ip_address'
        ELSE detail - 'reason' - 'ip_address' END
    WHERE subject_id = who::text;
    GET DIAGNOSTICS done = ROW_COUNT;
    PERFORM set_config('burnish.audit_forgets', '', true);
    RETURN done;
END $$;
"""


class Migration(migrations.Migration):
    """Forget a person in all entries about them, of whatever kind."""

    dependencies = [("audit", "0004_forget_as_a_plain_role")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
