"""How long do the list of users and a search take when there are a million?"""

from bench.database import database
from bench.measure import show, timing

METHOD = (
    "1,000,000 users with a profile each; pages of the portal by Django's test client, its session "
    "and template included, 20 times\neach. The plans' indexes are named by EXPLAIN. Owed: 100 ms "
    "at the median."
)
USERS = """
INSERT INTO identity_user
    (id, email, password, is_active, is_staff, is_superuser, disable_reason, delete_reason,
        created_at, updated_at)
SELECT gen_random_uuid(), 'user' || n || '@people' || n % 5000 || '.example', '!', true, false,
    false, '', '', now() - n * interval '10 seconds', now()
FROM generate_series(1, 1000000) AS n
"""
PROFILES = """
INSERT INTO profiles_profile (user_id, standard, custom, facts, version, updated_at)
SELECT id,
    jsonb_build_object('email', email, 'given_name', 'Given' || substr(id::text, 1, 4)),
    jsonb_build_object('0000', 'City ' || substr(id::text, 1, 4)),
    '{"standard": {}, "custom": {}}', 1, now()
FROM identity_user
"""
PAGES = {
    "first page": "",
    "e-mail begins with user4242": "q=user4242",
    "whole domain": "q=@people77.example",
    "given name": "q=given00a",
    "an indexed attribute": "q=city:city 00a",
}


def bench() -> None:
    """Print the table."""
    with database():
        from django.db import connection
        from django.test import Client

        from burnish_server.identity.models import User
        from burnish_server.profiles import indexes
        from burnish_server.profiles.models import CustomAttribute

        CustomAttribute.objects.create(id="0000", pointer="/city", type="string", indexed=True)
        with connection.cursor() as cursor:
            cursor.execute(USERS)
            cursor.execute(PROFILES)
            indexes.sync()
            cursor.execute("ANALYZE")
        admin = User.objects.create(email="admin@burnish.example", is_staff=True, is_superuser=True)
        client = Client(HTTP_HOST="localhost")
        client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
        rows = []
        for name, query in PAGES.items():
            address = f"/portal/identity/user/?{query}"

            def load(address: str = address) -> None:
                assert client.get(address).status_code == 200

            load()
            taken = timing(load, 20)
            rows.append((name, f"{taken.p50:.0f}", f"{taken.p95:.0f}"))
        show("a million users", METHOD, ("", "p50 ms", "p95 ms"), rows)
        _plan()


def _plan() -> None:
    """Print the plan by which the attribute is searched."""
    from django.db import connection

    from burnish_server.profiles import indexes

    query = f"EXPLAIN SELECT user_id FROM profiles_profile WHERE {indexes.term('0000')} LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(query, ["city 00a%"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert indexes.name("0000") in plan
    print(plan)
