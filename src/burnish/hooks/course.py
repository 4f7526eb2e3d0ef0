"""How an event stands in the course of its chain: what hooks have made of it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.attributes.standard import IDENTITY_COUPLED
from burnish.events.event import Event
from burnish.events.oidc import TokenPreCreate
from burnish.hooks import claims, mutation
from burnish.hooks.membership import Known
from burnish.hooks.mutation import Draft
from burnish.hooks.outcome import Requirements, invalid_values
from burnish.hooks.trouble import Trouble
from burnish.hooks.verdict import Allow

_UNOWNED = "belongs to none of the user's identities"


@dataclass(frozen=True, slots=True)
class Course:
    """What hooks have made of an event's user, its token, and the demands on who comes in."""

    draft: Draft | None = None
    claims: Mapping[str, Any] | None = None
    requirements: Requirements = field(default_factory=Requirements)
    altered_by: Mapping[str, Trouble] = field(default_factory=dict)
    """Hooks that changed or removed claims, each with why that cannot be."""

    def payload(self, event: Event, original: Mapping[str, Any]) -> dict[str, Any]:
        """Return the event's payload as the next hook sees it."""
        payload = dict(original)
        if self.draft is not None:
            payload["user"] = self.draft.as_payload(original["user"])
        if self.claims is not None and isinstance(event, TokenPreCreate):
            payload[event.member] = {"payload": dict(self.claims)}
        return payload

    def after(self, event: Event, hook: str, allow: Allow, schema: Schema) -> "Course":
        """Return the course after a hook's answer."""
        course = replace(self, requirements=self.requirements | _requirements(allow))
        if self.draft is not None:
            return replace(course, draft=mutation.apply(self.draft, hook, allow.user, schema))
        if self.claims is None or not isinstance(event, TokenPreCreate):
            return course
        mutated = allow.mutation(event.member).get("payload", self.claims)
        if trouble := claims.refusal(self.claims, mutated):
            return replace(course, altered_by={**self.altered_by, hook: trouble})
        return replace(course, claims=mutated)

    def refused(self, schema: Schema, known: Known) -> dict[str, Trouble]:
        """Return, by hook, why what it wrote cannot stand."""
        found = dict(self.altered_by)
        if self.draft is not None:
            faults = _refused_values(self.draft, schema)
            found |= {hook: _refusal(told) for hook, told in faults.items()}
            for member, hook in self.draft.set_by.items():
                trouble = known.refuse({member: self.draft.memberships[member]})
                found |= {hook: trouble} if trouble else {}
        return found


def begin(event: Event, payload: Mapping[str, Any]) -> Course:
    """Return the course of an event no hook was asked about yet."""
    if isinstance(event, TokenPreCreate):
        return Course(claims=event.claims)
    return Course(draft=mutation.begin(payload["user"])) if "user" in payload else Course()


def _requirements(allow: Allow) -> Requirements:
    members = allow.members
    amr = members.get("constraints", {}).get("amr")
    limits = members.get("rate_limits")
    weights = None if limits is None else {k: v.get("weight", 0) for k, v in limits.items()}
    mode = members.get("bot_protection", {}).get("mode")
    return Requirements(None if amr is None else tuple(amr), mode, weights)


def _refused_values(draft: Draft, schema: Schema) -> dict[str, list[Fault]]:
    faults: dict[str, list[Fault]] = {}
    for (group, name), hook in draft.written_by.items():
        values = draft.standard if group == "standard" else draft.custom
        if name not in values:
            continue
        only = {name: values[name]}
        found = schema.validate(*((only, {}) if group == "standard" else ({}, only)))
        if group == "standard" and name in IDENTITY_COUPLED and not found:
            found = [Fault(f"/{name}", _UNOWNED)]
            found = [] if draft.owned.get(name) == values[name] else found
        if found:
            faults.setdefault(hook, []).extend(found)
    return faults


def _refusal(faults: list[Fault]) -> Trouble:
    unowned = [fault for fault in faults if fault.message == _UNOWNED]
    if unowned:
        name = unowned[0].path.removeprefix("/")
        message = f"unowned {name}: a hook may not give a user somebody else's"
        return Trouble("InternalError", "UnexpectedError", 500, message)
    return invalid_values(faults)
