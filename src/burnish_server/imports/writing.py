"""Writing a wave: users, profiles and outcomes, all in one transaction or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from psycopg.types.json import Jsonb
from pydantic_core import to_json

from burnish.attributes.schema import Schema
from burnish.events.user import UserCreated
from burnish.profiles import edits
from burnish.profiles.coupled import recouple
from burnish.profiles.fact import NOTHING, Fact
from burnish_server.hooks import store as hooks
from burnish_server.identity import bulk, entities, owned
from burnish_server.identity.authority import UserIsAdministrator, may_change
from burnish_server.identity.bulk import Changed, Newcomer
from burnish_server.identity.flows import first_proof
from burnish_server.identity.models import User
from burnish_server.imports import asking, enriching
from burnish_server.imports.asking import Asked
from burnish_server.imports.entry import Entry
from burnish_server.imports.models import Outcome, Run
from burnish_server.profiles import late, newcomers
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import Profile
from burnish_server.roles import tie as tie_of

CLAIMED = timedelta(seconds=12)
"""How long an import is its worker's; a worker that lives renews that every few seconds."""

_OUTCOMES = """
COPY imports_outcome (run_id, index, line, outcome, user_id, key, warnings, errors, record)
FROM STDIN
"""


_WRITTEN = (Outcome.Kind.INSERTED, Outcome.Kind.UPDATED)


class Lost(Exception):
    """The import was cancelled, or another worker has it."""


def facts_of(run: Run, one: Entry, at: datetime) -> list[Fact]:
    """Return what a row says, as an administrator's word: that is who imports."""
    source = f"import:{run.pk}"
    return [Fact(*place, value, source, at, author="admin") for place, value in one.values.items()]


def write(
    run: Run, worker: UUID, wave: Sequence[Entry], at: datetime, schema: Schema, asked: Asked
) -> None:
    """Write a wave that is decided.

    Raises `Lost`, `IntegrityError` where somebody came first, or `UserIsAdministrator` where a user
    became one meanwhile.

    A trial run writes outcomes alone: the rest is tried, so that what the database refuses is told,
    and undone.
    """
    with transaction.atomic():
        _hold(run, worker, wave)
        with transaction.atomic():
            _insert(run, _of(wave, Outcome.Kind.INSERTED), at, schema, asked)
            _update(run, _of(wave, Outcome.Kind.UPDATED), at, schema)
            _tie(wave)
            transaction.set_rollback(run.dry_run)
        _note(run, wave)


def _of(wave: Sequence[Entry], kind: str) -> list[tuple[UUID, Entry]]:
    return [(one.user_id, one) for one in wave if one.outcome == kind and one.user_id]


def _hold(run: Run, worker: UUID, wave: Sequence[Entry]) -> None:
    """Count the wave, on condition that the import is still ours."""
    counts = {
        kind.value: F(kind.value) + sum(one.outcome == kind for one in wave)
        for kind in Outcome.Kind
    }
    ours = Run.objects.filter(pk=run.pk, claimed_by=worker, state=Run.State.PENDING)
    if not ours.update(claimed_until=timezone.now() + CLAIMED, **counts):
        raise Lost


def _insert(
    run: Run,
    wave: Sequence[tuple[UUID, Entry]],
    at: datetime,
    schema: Schema,
    asked: Asked,
) -> None:
    if not wave:
        return
    bulk.insert([_newcomer(pk, one, at) for pk, one in wave])
    said = {
        pk: [fact for fact in facts_of(run, one, at) if fact.value is not NOTHING]
        for pk, one in wave
    }
    for pk, (_, passed) in asked.passed.items():
        if passed.draft and pk in said:
            asked_at = {call.hook: call.started_at for call in passed.runs}
            said[pk] += edits.of(passed.draft, schema, asked_at, "admin")
    newcomers.create_many(said, at, schema)
    _tell(asked, at, schema)
    if run.enrich:
        enriching.later(list(said))


def _newcomer(pk: UUID, one: Entry, at: datetime) -> Newcomer:
    record = one.record
    return Newcomer(
        id=pk,
        at=at,
        email=record.email,
        email_verified=bool(record.email_verified),
        phone_number=record.phone_number,
        phone_number_verified=bool(record.phone_number_verified),
        username=record.preferred_username,
        password=one.password,
        totp=record.mfa.totp.secret if record.mfa.totp else None,
        disabled=bool(record.disabled),
        closed=one.closed,
    )


def _tell(asked: Asked, at: datetime, schema: Schema) -> None:
    """Say that users came into being, where hooks are told at all."""
    users = User.objects.in_bulk(list(asked.passed))
    for pk, (who, passed) in asked.passed.items():
        if user := users.get(pk):
            late.keep(passed, pk, at)
            present = entities.user(user, profiles.of(pk), schema)
            event = UserCreated(present, who.as_identities())
            hooks.happened(event, asking.AROUND.context(str(pk), at), at)


def _update(run: Run, wave: Sequence[tuple[UUID, Entry]], at: datetime, schema: Schema) -> None:
    if not wave:
        return
    users = bulk.held(pk for pk, _ in wave)
    if not all(may_change(run.by, user) for user in users.values()):
        raise UserIsAdministrator
    for pk, one in wave:
        if pk in users:
            _vouch(users[pk], one)
    changed = [_changed(users[pk], one) for pk, one in wave if pk in users]
    moved = [one.user for one in changed if one.moves]
    if changed := [one for one in changed if one.says_something]:
        bulk.change(changed)
    said = {pk: facts_of(run, one, at) for pk, one in wave}
    profiles.write_many(said, at, schema)
    for user in moved:
        _recouple(user, at, schema)
    rows = Profile.objects.filter(pk__in=said).values_list("pk", "standard", "custom")
    held = {pk: {"standard": standard, "custom": custom} for pk, standard, custom in rows}
    for pk, one in wave:
        _warn(one, held.get(pk, {}), schema)
    if run.enrich:
        enriching.later(list(said))


def _vouch(user: User, one: Entry) -> None:
    """Take away what a stranger chose at a sign-up with an address that a row calls verified."""
    record = one.record
    if record.email_verified and user.email:
        first_proof.vouched(user, asking.AROUND, email=user.email)
    if record.phone_number_verified and user.phone_number:
        first_proof.vouched(user, asking.AROUND, phone=user.phone_number)


def _recouple(user: User, at: datetime, schema: Schema) -> None:
    """Withdraw what no identity of the user has any more, whoever said it."""
    values = owned.of(user)
    profiles.write(user.pk, lambda document: recouple(document, values, at), at, schema)


def _tie(wave: Sequence[Entry]) -> None:
    """Give users exactly the roles and groups their rows name, alike rows at once."""
    for tie, name in ((tie_of.ROLES_OF_USERS, "roles"), (tie_of.GROUPS_OF_USERS, "groups")):
        alike: dict[frozenset[str], list[UUID]] = {}
        for one in wave:
            keys = getattr(one.record, name)
            if keys is not None and one.outcome in _WRITTEN and one.user_id:
                alike.setdefault(frozenset(keys), []).append(one.user_id)
        for keys, users in alike.items():
            tie_of.put(tie, users, keys)


def _changed(user: User, one: Entry) -> Changed:
    record = one.record
    return Changed(
        user,
        email=(record.email or "") if record.says("email") else None,
        email_verified=record.email_verified,
        phone_number=(record.phone_number or "") if record.says("phone_number") else None,
        phone_number_verified=record.phone_number_verified,
        username=(record.preferred_username or "") if record.says("preferred_username") else None,
        disabled=record.disabled,
        closed=one.closed,
    )


def _warn(one: Entry, held: Mapping[str, Mapping[str, object]], schema: Schema) -> None:
    """Say of which attributes somebody else's word holds: the merge policy decides."""
    for (group, key), value in one.values.items():
        if held.get(group, {}).get(key, NOTHING) != value:
            name = schema.by_id[key].name if group == "custom" else key
            one.warnings.append(f"{name}: was taken down, but a weightier word holds.")


def _note(run: Run, wave: Sequence[Entry]) -> None:
    keeps_all = run.format == Run.Format.RECORDS
    with connection.cursor() as cursor, cursor.copy(_OUTCOMES) as copy:
        for one in wave:
            shown = keeps_all or one.outcome == Outcome.Kind.FAILED
            lists = (Jsonb(one.warnings, to_json), Jsonb(one.errors, to_json))
            record = Jsonb(one.shown, to_json) if shown else None
            copy.write_row(
                (run.pk, one.index, one.line, one.outcome, one.user_id, one.key, *lists, record)
            )
