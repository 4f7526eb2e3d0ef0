"""What is secret of a provider is sealed, also where it is several secrets by name."""

import pytest

from burnish_server.audit.log import Actor
from burnish_server.enrichment import apply, store
from burnish_server.enrichment.models import Provider
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Secret

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = Actor("cli", "tests")
CRM = {
    "kind": "http",
    "url": "https://crm.nordlake.example/{email}",
    "outputs": {"company_name": "$.name"},
}


def put(**entry: object) -> Provider:
    row = Provider.objects.filter(name="crm").first() or Provider(name="crm")
    apply.put(row, {**CRM, **entry}, ACTOR)
    return row


def test_headers_are_sealed_together_and_opened_as_they_were() -> None:
    headers = {"Authorization": "Bearer k3y", "X-Team": "growth"}

    row = put(headers=headers)

    assert "k3y" not in str(row.settings) + str(row.sealed)
    made = store.setup().providers["crm"]
    opened = {name: text.get_secret_value() for name, text in made.settings.headers.items()}
    assert opened == headers


def test_a_file_applied_again_finds_nothing_to_change() -> None:
    headers = {"X-Team": "growth", "Authorization": "Bearer k3y"}
    row = put(headers=headers)

    assert apply._changed(row, {**CRM, "headers": dict(reversed(headers.items()))}) == []
    assert apply._changed(row, {**CRM, "headers": {"Authorization": "Bearer other"}}) == ["headers"]


def test_a_secret_beside_a_reference_is_sealed_and_the_reference_still_leads_somewhere() -> None:
    Secret.objects.create(name="TOKEN", sealed=sealing.seal("t0ken"))

    mixed = put(headers={"Authorization": "Bearer ${TOKEN}", "X-Key": "k3y"})
    assert mixed.settings.get("headers") is None
    opened = store.setup().providers["crm"].settings.headers
    assert opened["Authorization"].get_secret_value() == "Bearer t0ken"

    referring = put(headers={"Authorization": "Bearer ${TOKEN}"})
    assert referring.settings["headers"] == {"Authorization": "Bearer ${TOKEN}"}
    assert referring.sealed == {}
