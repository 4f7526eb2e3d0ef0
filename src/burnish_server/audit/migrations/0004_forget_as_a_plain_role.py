from django.db import migrations

# A function that brings a setting of its own (`SET burnish.audit_forgets`) can be made by a
# superuser alone, and so be restored by nobody else. These set it, and set it back, themselves.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION audit_forget_before(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE gone bigint;
BEGIN
    PERFORM set_config('burnish.audit_forgets', 'yes', true);
    DELETE FROM audit_entry WHERE at < moment;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('burnish.audit_forgets', '', true);
    IF gone > 0 THEN
        INSERT INTO audit_entry (at, door, actor, action, subject_kind, subject_id, subject, detail)
        VALUES (now(), 'service', 'retention', 'removed', 'audit log', '', 'older entries',
            jsonb_build_object('entries', gone, 'before', moment));
    END IF;
    RETURN gone;
END $$;

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


class Migration(migrations.Migration):
    """Let a plain role that owns the database migrate, dump and restore it."""

    dependencies = [("audit", "0003_why_stays_where_it_is_a_code")]

    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
