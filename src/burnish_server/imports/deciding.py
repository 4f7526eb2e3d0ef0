"""What becomes of each row of a wave: nothing is written here."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from burnish.attributes.standard import IDENTITY_COUPLED
from burnish_server.identity import authority, bulk
from burnish_server.identity.authority import UserIsAdministrator
from burnish_server.identity.bulk import Owned
from burnish_server.imports.entry import ADMINISTRATOR, TAKEN, Entry
from burnish_server.imports.models import Outcome, Run

_NO_EFFECT = ("email_verified", "phone_number_verified", "disabled")


def decide(run: Run, wave: Sequence[Entry]) -> None:
    """Settle of every open row whose it is and whether it is inserted, updated or skipped."""
    still_open = [one for one in wave if not one.outcome]
    owners = bulk.owners(_values(still_open))
    before = _before(run, [one.key for one in still_open])
    beyond = authority.out_of_reach(run.by, owners.values())
    for one in still_open:
        _decide(run, one, owners, before.get(one.key or 0), beyond)


def _decide(
    run: Run,
    one: Entry,
    owners: dict[Owned, UUID],
    before: int | None,
    beyond: Collection[UUID],
) -> None:
    owner = owners.get((run.identifier, one.identifier))
    twice = f"line {before} has the same {run.identifier}" if before is not None else ""
    exists = owner is not None or (run.dry_run and before is not None)
    if exists and not run.upsert:
        one.outcome, one.user_id = Outcome.Kind.SKIPPED, owner
        one.warnings.append("skipping because upsert = false and user exists")
    elif owner in beyond:
        one.fail(ADMINISTRATOR, str(UserIsAdministrator()))
        return
    elif exists:
        one.outcome, one.user_id = Outcome.Kind.UPDATED, owner
    else:
        one.outcome, one.user_id = Outcome.Kind.INSERTED, uuid4()
        for name in _NO_EFFECT:
            if getattr(one.record, name) is False:
                one.warnings.append(f"{name} = false has no effect in insert.")
    if twice:
        one.warnings.append(f"{twice[0].upper()}{twice[1:]}.")
    if one.outcome != Outcome.Kind.SKIPPED:
        _claim(one, owners, run)


def _claim(one: Entry, owners: dict[Owned, UUID], run: Run) -> None:
    """Refuse what somebody else signs in with, also somebody who only now comes in."""
    for name, value in one.owned().items():
        holder = owners.get((name, value))
        if holder is not None and holder != one.user_id:
            one.fail(TAKEN, f"{name}: another user signs in with it")
            one.user_id = None
            return
    if one.user_id is not None:
        owners.update(dict.fromkeys(one.owned().items(), one.user_id))


def _values(entries: Sequence[Entry]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {name: set() for name in IDENTITY_COUPLED}
    for one in entries:
        for name, value in one.owned().items():
            values[name].add(value)
    return values


def _before(run: Run, keys: Sequence[int | None]) -> dict[int, int]:
    """Return the lines of this import that spoke of the same users before, by key."""
    rows = Outcome.objects.filter(run=run, key__in=[key for key in keys if key is not None])
    told = rows.exclude(outcome=Outcome.Kind.FAILED).order_by("-index")
    return {key: line for key, line in told.values_list("key", "line") if key is not None}
