"""Hooks of every kind, their versions and secrets; events and deliveries, partitioned by day."""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

OUTBOX = """
DROP TABLE hooks_event;

CREATE TABLE hooks_event (
    seq bigint NOT NULL,
    type varchar(60) NOT NULL,
    user_id uuid,
    client_id varchar(100) NOT NULL,
    payload jsonb NOT NULL,
    context jsonb NOT NULL,
    created_at timestamptz NOT NULL
) PARTITION BY RANGE (created_at);
CREATE INDEX hooks_event_seq_of ON hooks_event (seq);
CREATE INDEX hooks_event_user ON hooks_event (user_id, created_at);
CREATE INDEX hooks_event_type ON hooks_event (type, created_at);
CREATE TABLE hooks_event_default PARTITION OF hooks_event DEFAULT;

CREATE TABLE hooks_delivery (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    hook_id bigint NOT NULL REFERENCES hooks_hook (id) ON DELETE CASCADE,
    event_seq bigint NOT NULL,
    event_type varchar(60) NOT NULL,
    user_id uuid,
    state varchar(10) NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    worker uuid,
    error_code varchar(60) NOT NULL DEFAULT '',
    error_message text NOT NULL DEFAULT '',
    status integer,
    reply text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    replayed_at timestamptz,
    finished_at timestamptz
) PARTITION BY RANGE (created_at);
CREATE INDEX hooks_delivery_id ON hooks_delivery (id);
CREATE INDEX hooks_delivery_due ON hooks_delivery (hook_id, due_at) WHERE state = 'pending';
CREATE INDEX hooks_delivery_hook ON hooks_delivery (hook_id, created_at);
CREATE INDEX hooks_delivery_dead ON hooks_delivery (created_at) WHERE state = 'dead';
CREATE INDEX hooks_delivery_event ON hooks_delivery (event_seq);
CREATE TABLE hooks_delivery_default PARTITION OF hooks_delivery DEFAULT;

CREATE FUNCTION hooks_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first timestamptz := timezone('UTC', day::timestamp);
    after timestamptz := timezone('UTC', day::timestamp + interval '1 day');
    kept text;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('hooks_day'));
    FOREACH kept IN ARRAY ARRAY['hooks_event', 'hooks_delivery'] LOOP
        name := kept || '_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', name, kept);
        EXECUTE format(
            'WITH moved AS (DELETE FROM %I WHERE created_at >= %L AND created_at < %L RETURNING *)'
            ' INSERT INTO %I SELECT * FROM moved', kept || '_default', first, after, name);
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            kept, name, first, after);
    END LOOP;
END $$;
SELECT hooks_day((now() AT TIME ZONE 'UTC' + ahead * interval '1 day')::date)
FROM generate_series(0, 3) AS ahead;
"""

DROP_OUTBOX = """
DROP TABLE hooks_delivery;
DROP TABLE hooks_event;
DROP FUNCTION hooks_day;
CREATE TABLE hooks_event (
    seq bigint PRIMARY KEY,
    type varchar(60) NOT NULL,
    user_id uuid,
    triggered_by varchar(20) NOT NULL,
    created_at timestamptz NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("hooks", "0001_initial")]

    operations = [
        migrations.AddField(
            "hook",
            "events",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE hooks_hook SET events = ARRAY[event]",
            "UPDATE hooks_hook SET event = events[1]",
        ),
        migrations.AlterModelOptions("hook", {"ordering": ("position", "id")}),
        migrations.RemoveField("hook", "event"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OUTBOX, DROP_OUTBOX)],
            state_operations=[
                migrations.DeleteModel("Event"),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False),
                        ),
                        (
                            "hook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="hooks.hook",
                            ),
                        ),
                        ("event_seq", models.BigIntegerField()),
                        ("event_type", models.CharField(max_length=60, verbose_name="event")),
                        ("user_id", models.UUIDField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("delivered", "Delivered"),
                                    ("dead", "Given up"),
                                ],
                                default="pending",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("worker", models.UUIDField(null=True)),
                        ("error_code", models.CharField(blank=True, max_length=60)),
                        ("error_message", models.TextField(blank=True)),
                        ("status", models.PositiveIntegerField(null=True)),
                        ("reply", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("replayed_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name_plural": "deliveries",
                        "db_table": "hooks_delivery",
                        "ordering": ("-created_at", "-event_seq"),
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("type", models.CharField(max_length=60)),
                        ("user_id", models.UUIDField(null=True)),
                        ("client_id", models.CharField(blank=True, max_length=100)),
                        ("payload", models.JSONField()),
                        ("context", models.JSONField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "hooks_event",
                        "ordering": ("-seq",),
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cached",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hook_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "hook",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hooks.hook"),
                ),
                ("key", models.CharField(max_length=200)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "hooks_cache",
            },
        ),
        migrations.CreateModel(
            name="Secret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][A-Z0-9_]*\\Z",
                                "Write the name in capitals, digits and underscores, such as VENDOR_KEY.",
                            )
                        ],
                    ),
                ),
                ("sealed", models.TextField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField(editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("script", models.TextField(blank=True)),
                ("settings", models.JSONField()),
                ("saved_by", models.CharField(max_length=320)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.AddField(
            model_name="hook",
            name="isolation",
            field=models.CharField(
                choices=[
                    ("reuse", "Reuse: calls share one warm isolate"),
                    ("fresh", "Fresh: each call gets an isolate of its own"),
                ],
                default="reuse",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="hook",
            name="modules",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="hook",
            name="only_clients",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="hook",
            name="timeout_ms",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(10),
                    django.core.validators.MaxValueValidator(60000),
                ],
                verbose_name="time limit in ms",
            ),
        ),
        migrations.AddField(
            model_name="hook",
            name="url",
            field=models.CharField(blank=True, max_length=2000, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="run",
            name="answer",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="requests",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="timelimits",
            name="deferred_seconds",
            field=models.FloatField(
                default=1,
                validators=[
                    django.core.validators.MinValueValidator(0.0),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="seconds to wait for a hook that may answer later",
            ),
        ),
        migrations.AlterField(
            model_name="hook",
            name="kind",
            field=models.CharField(
                choices=[
                    ("script", "TypeScript"),
                    ("webhook", "Webhook"),
                    ("plugin", "Python plugin"),
                ],
                default="script",
                max_length=20,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="hook",
            name="on_error",
            field=models.CharField(
                choices=[
                    (
                        "deny",
                        "Deny: a failing hook stops the operation, so nothing passes unchecked",
                    ),
                    (
                        "allow",
                        "Allow: a failing hook is noted in the log and the operation goes on",
                    ),
                    ("defer", "Defer: a slow or failing hook works on while the operation goes on"),
                ],
                default="deny",
                max_length=10,
                verbose_name="when it fails",
            ),
        ),
        migrations.AlterField(
            model_name="hook",
            name="script",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="run",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("allowed", "Allowed"),
                    ("denied", "Denied"),
                    ("failed", "Failed"),
                    ("deferred", "Deferred"),
                    ("delivered", "Delivered"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["hook", "-started_at"], name="hooks_run_hook"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["event_type", "-started_at"], name="hooks_run_event"),
        ),
        migrations.AddField(
            model_name="secret",
            name="hooks",
            field=models.ManyToManyField(blank=True, related_name="secrets", to="hooks.hook"),
        ),
        migrations.AddField(
            model_name="version",
            name="hook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="hooks.hook",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("hook", "number"), name="hooks_version_number"
            ),
        ),
    ]
