"""What came of an enrichment, or would come of it, for programs."""

from typing import Any

from burnish.attributes.schema import Schema
from burnish.enrichment.plan import Plan
from burnish_server.identity.flows.filling import Filling
from burnish_server.identity.models import User
from burnish_server.profiles import store, view


def done(user: User, begun: Filling | None, plan: Plan, schema: Schema) -> dict[str, Any]:
    """Return the account, what was filled, and the profile as it is now.

    `plan` is what it was begun with; without `begun` nothing was missing. Values stand in the two
    members `standard_attributes` and `custom_attributes` only.
    """
    rows = view.rows(store.of(user.pk), schema, "admin_api")
    names = {("custom", one.id): one.name for one in schema.custom}
    return {
        "user_id": str(user.pk),
        "run": str(begun.run) if begun else None,
        "complete": begun is None or begun.enriched.complete,
        "lookups": begun.enriched.account.as_json() if begun else [],
        "facts": [
            {
                "attribute": names.get(fact.attribute, fact.key),
                "source": fact.source,
                "confidence": fact.confidence,
                "observed_at": fact.observed_at.isoformat(),
                "expires_at": fact.expires_at and fact.expires_at.isoformat(),
            }
            for fact in (begun.facts if begun else ())
        ],
        "settled": dict(plan.settled),
        "standard_attributes": {row.name: row.value for row in rows if row.group == "standard"},
        "custom_attributes": {row.name: row.value for row in rows if row.group == "custom"},
    }


def planned(user: User, plan: Plan) -> dict[str, Any]:
    """Return who would be asked, in which order, and at what cost at most."""
    return {
        "user_id": str(user.pk),
        "first": plan.first,
        "steps": [
            {
                "attribute": step.attribute,
                "provider": step.provider,
                "turn": step.turn,
                "price": f"{step.price:f}",
                "detail": step.detail,
            }
            for step in plan.steps
        ],
        "most": f"{plan.most:f}",
        "settled": dict(plan.settled),
    }
