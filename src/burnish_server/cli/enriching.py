"""Filling in a profile at the command line. Imported once Django is set up."""

from collections.abc import Iterable
from typing import Any

from burnish_server.audit.log import Actor, record
from burnish_server.enrichment.models import Run
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich as flow
from burnish_server.identity.flows import enrich_report
from burnish_server.identity.models import User
from burnish_server.profiles import store


def unknown(want: Iterable[str]) -> list[str]:
    """Return the attributes nobody defined."""
    schema = store.schema()
    return [name for name in want if schema.find(name) is None]


def plan(user: User, want: list[str] | None) -> dict[str, Any]:
    """Return whom enriching would ask."""
    return enrich_report.planned(user, flow.explain(user, want))


def enrich(user: User, want: list[str] | None) -> dict[str, Any]:
    """Fill in what is missing, and return what came of it."""
    planned = flow.explain(user, want)

    def note() -> None:
        detail = {"attributes": want or "all"}
        record(Actor.at_command_line(), "enriched", "profile", user.pk, user, detail)

    begun = flow.now(user, Run.Reason.CLI, Circumstances("system"), want=want, also=note)
    return enrich_report.done(user, begun, planned, store.schema())
