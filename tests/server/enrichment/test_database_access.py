"""A `sql` provider asks only what the settings list, and never the service's own database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connection
from tests.server.enrichment.conftest import ACTOR
from tests.wire import Relay

from burnish import config, file
from burnish.enrichment.outcome import Failed
from burnish.errors import InvalidSettings
from burnish_server import engine
from burnish_server.configuration import whole
from burnish_server.enrichment import apply, asking, store
from burnish_server.enrichment.models import Provider
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Secret

pytestmark = pytest.mark.django_db(transaction=True)

QUERY = "select session_key as pw from usersessions_usersession where :email <> ''"
SETTING = "BURNISH_LOOKUPS_SQL_DATABASES"


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A port that leads to the database of this test."""
    about = connection.settings_dict
    with Relay(f"{about['HOST']}/.s.PGSQL.{about['PORT'] or 5432}").running() as relay:
        yield relay


def own_url() -> str:
    """Return the address of the database this test runs in, as an attacker would write it."""
    about = connection.settings_dict
    login = f"{quote(about['USER'])}:{quote(about['PASSWORD'])}"
    return f"postgresql://{login}@/{about['NAME']}?host={quote(about['HOST'], safe='')}"


def entry(url: str) -> dict[str, Any]:
    return {"kind": "sql", "database_url": url, "query": QUERY}


def lists(settings: LazySettings, listed: str) -> None:
    lookups = settings.BURNISH.lookups.model_copy(update={"sql_databases": listed})
    settings.BURNISH = settings.BURNISH.model_copy(update={"lookups": lookups})


def test_what_is_not_listed_is_written_by_nobody() -> None:
    with pytest.raises(InvalidSettings, match="not a socket"):
        apply.put(Provider(name="own"), entry(own_url()), ACTOR)
    with pytest.raises(InvalidSettings, match=SETTING):
        apply.put(Provider(name="own"), entry("postgresql://u@crm.example/crm"), ACTOR)
    with pytest.raises(InvalidSettings, match=SETTING):
        apply.put(Provider(name="own"), entry("sqlite:///etc/hosts"), ACTOR)

    assert not Provider.objects.exists()


def test_a_file_with_it_is_not_applied(tmp_path: Path) -> None:
    path = tmp_path / "burnish.yaml"
    path.write_text(file.write({"enrichment": {"providers": {"own": entry(own_url())}}}), "utf-8")
    parsed = config.read(path)
    assert not isinstance(parsed, list)

    (fault,) = whole.plan(parsed).faults

    assert fault.path == "enrichment.providers.own.database_url"
    assert "not a socket" in fault.message


def test_one_that_was_stored_before_is_not_used() -> None:
    Provider.objects.create(
        name="own",
        kind="sql",
        settings={"query": QUERY},
        sealed={"database_url": sealing.seal(own_url())},
    )

    found = store.in_force()

    assert "own" not in found.setup.providers
    assert "not a socket" in found.problems["own"]


def test_a_reference_is_judged_by_where_it_leads_when_it_is_used() -> None:
    apply.put(Provider(name="own"), entry("${CRM_DATABASE}"), ACTOR)
    Secret.objects.create(name="CRM_DATABASE", sealed=sealing.seal(own_url()))

    assert "not a socket" in store.in_force().problems["own"]


def test_a_listed_address_that_leads_to_the_services_own_database_is_refused(
    settings: LazySettings, relay: Relay
) -> None:
    """Whatever name or tunnel leads there: what is in it says whose it is."""
    about = connection.settings_dict
    place = f"127.0.0.1:{relay.port}/{about['NAME']}"
    lists(settings, place)
    url = f"postgresql://{quote(about['USER'])}:{quote(about['PASSWORD'])}@{place}"
    apply.put(Provider(name="own"), entry(url), ACTOR)

    made = store.setup().providers["own"]
    lookups = asking.lookups()
    found = engine.run(lambda _: lookups.ask(made, {"email": "a@b.example"}), timeout=20)
    engine.close()

    assert isinstance(found.outcome, Failed)
    assert found.outcome.detail.startswith("This is a database of Burnish itself")


def test_a_listed_file_is_asked(settings: LazySettings, tmp_path: Path) -> None:
    lists(settings, str(tmp_path))

    apply.put(Provider(name="crm"), entry(f"sqlite://{tmp_path}/crm.db"), ACTOR)

    assert store.setup().providers["crm"].gives == {"pw"}
