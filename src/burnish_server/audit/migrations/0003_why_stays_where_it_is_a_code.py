from django.db import migrations

# A word such as `fraud` says why; a sentence may say who, so it goes.
FUNCTION = """
CREATE OR REPLACE FUNCTION audit_forget_user(who uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE done bigint;
BEGIN
    PERFORM set_config('burnish.audit_forgets', 'yes', true);
    UPDATE audit_entry SET subject = subject_id, detail = CASE
        WHEN detail->>'reason' ~ '^[a-z][a-z0-9_]{0,39}$' THEN detail - 'ip_address'
        ELSE detail - 'reason' - 'ip_address' END
    WHERE subject_kind IN ('user', 'profile') AND subject_id = who::text;
    GET DIAGNOSTICS done = ROW_COUNT;
    PERFORM set_config('burnish.audit_forgets', '', true);
    RETURN done;
END $$;
"""

BACK = """
CREATE OR REPLACE FUNCTION audit_forget_user(who uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE done bigint;
BEGIN
    PERFORM set_config('burnish.audit_forgets', 'yes', true);
    UPDATE audit_entry SET subject = subject_id, detail = detail - 'reason' - 'ip_address'
    WHERE subject_kind IN ('user', 'profile') AND subject_id = who::text;
    GET DIAGNOSTICS done = ROW_COUNT;
    PERFORM set_config('burnish.audit_forgets', '', true);
    RETURN done;
END $$;
"""


class Migration(migrations.Migration):
    """Keep why somebody was deleted, where that is a code and no sentence."""

    dependencies = [("audit", "0002_only_forget_takes_away")]

    operations = [migrations.RunSQL(FUNCTION, BACK)]
