from django.db import migrations, models

# Rows go by these two functions alone. What they set lasts until they return, and no longer.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' AND current_setting('burnish.audit_forgets', true) = 'yes' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to';
END $$;

CREATE TRIGGER stays_whole BEFORE TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();

CREATE FUNCTION audit_forget_before(moment timestamptz) RETURNS bigint
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

CREATE FUNCTION audit_forget_user(who uuid) RETURNS bigint
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

BACK = """
DROP FUNCTION audit_forget_user;
DROP FUNCTION audit_forget_before;
DROP TRIGGER stays_whole ON audit_entry;
CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="door",
            field=models.CharField(
                choices=[
                    ("portal", "Portal"),
                    ("cli", "Command line"),
                    ("api", "Admin API"),
                    ("hook", "Hook"),
                    ("user", "Sign-in pages"),
                    ("service", "Service"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["subject_id", "-id"], name="audit_entry_subject"),
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
