"""Clients from a configuration file into the database, and back."""

from typing import Any

from burnish.config import Plan
from burnish.oauth.client import Client as Entry
from burnish.oauth.fragment import OAuth
from burnish_server.audit.log import Actor
from burnish_server.identity.oidc import clients
from burnish_server.identity.oidc.models import Client


def plan(section: OAuth) -> Plan:
    """Return what the section would change. Writes nothing."""
    stored = _stored()
    lines = []
    for entry in section.clients:
        before = stored.get(entry.client_id)
        if before is None:
            lines.append(f"+ client {entry.client_id} ({entry.application_type}){_secret(entry)}")
        elif names := _changed(before, entry):
            lines.append(f"~ client {entry.client_id}: {', '.join(names)}")
    given = {entry.client_id for entry in section.clients}
    kept = tuple(f"client {client_id}" for client_id in stored if client_id not in given)
    return Plan(tuple(lines), kept=kept)


def apply(section: OAuth, actor: Actor) -> None:
    """Write the clients, matched by id. Call it in a transaction; others stay."""
    stored = _stored()
    for entry in section.clients:
        before = stored.get(entry.client_id)
        if before is None or _changed(before, entry):
            clients.put(entry, actor)


def export() -> dict[str, Any]:
    """Return the section `oauth`; secrets stand in no file."""
    return {"clients": [entry.as_entry() for entry in _stored().values()]}


def _stored() -> dict[str, Entry]:
    return {client.pk: client.as_entry() for client in Client.objects.all()}


def _changed(before: Entry, after: Entry) -> list[str]:
    """Return the names, as the file has them, of what it changes."""
    old, new = (entry.model_dump(by_alias=True) for entry in (before, after))
    return [name for name in new if old[name] != new[name]]


def _secret(entry: Entry) -> str:
    if entry.application_type.public:
        return ""
    return f": it gets its secret by `burnish clients rotate-secret {entry.client_id}`"
