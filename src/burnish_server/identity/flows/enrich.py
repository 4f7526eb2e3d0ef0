"""Filling in what is missing of somebody: at sign-up, at login, on a change, or when asked to."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from burnish.enrichment import inputs, plan
from burnish.enrichment.plan import Plan
from burnish_server.consent import store as consent
from burnish_server.enrichment import runs, store
from burnish_server.enrichment.models import Run
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich_rest, filling
from burnish_server.identity.flows.filling import Filling
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

ASKED_FOR = timedelta(seconds=10)
"""How long somebody waits who asks for an enrichment."""


def keep(begun: Filling, user_id: UUID, by: UUID | None = None) -> None:
    """Note a run in the transaction that writes its facts, and see to the rest of it."""
    now = timezone.now()
    runs.note(
        begun.run,
        user_id,
        begun.reason,
        begun.enriched,
        begun.given,
        begun.want,
        begun.at,
        now=now,
        due_at=enrich_rest.promise(begun, user_id, now),
        by=by,
    )


def now(
    user: User,
    reason: str,
    circumstances: Circumstances,
    *,
    want: Iterable[str] | None = None,
    within: timedelta = ASKED_FOR,
    by: UUID | None = None,
    also: Callable[[], None] | None = None,
) -> Filling | None:
    """Fill in what is missing of a user, within a budget; what comes later is written later.

    `also` is called in the transaction that writes. None: nothing is missing, or the user is gone.
    """
    if want is None and not store.setup().waterfalls:
        return None
    schema, profile = profiles.schema(), profiles.of(user.pk)
    given = {**store.known_of(profile, schema), **filling.context_of(circumstances)}
    document, granted = profile.as_document(), consent.granted(user.pk)
    begun = filling.begin(reason, given, document, granted, within, want)
    if begun is None:
        return None
    with transaction.atomic():
        still = User.objects.select_for_update(no_key=True).filter(pk=user.pk, anonymized_at=None)
        if still.first() is None:
            return None
        filling.write(user, begun.facts, schema, circumstances)
        keep(begun, user.pk, by)
        if also:
            also()
    return begun


def explain(user: User, want: Iterable[str] | None = None) -> Plan:
    """Return what `now` would ask for an administrator, who brings nothing along."""
    setup, profile = store.setup(), profiles.of(user.pk)
    document = profile.as_document()
    wanted = setup.waterfalls if want is None else want
    wish = plan.wish(setup, wanted, document, timezone.now())
    known = inputs.read(store.known_of(profile, profiles.schema()))
    return plan.explain(setup, known, wish, document, consent.granted(user.pk))


def later(user: User, reason: str, circumstances: Circumstances) -> None:
    """Have a worker fill in what is missing, from what the transaction around this leaves."""
    setup = store.setup()
    if not setup.waterfalls:
        return
    at = timezone.now()
    run = Run(user=user, reason=reason, state=Run.State.WAITING, due_at=at, started_at=at)
    run.want = list(setup.waterfalls)
    run.sealed = runs.seal(filling.context_of(circumstances))
    run.save(force_insert=True)
    enrich_rest.defer(run.pk, timedelta(0))


def after_change(user: User, changed: Collection[str], circumstances: Circumstances) -> None:
    """Have what follows from changed attributes filled in, where a provider is asked with them."""
    providers = store.setup().providers.values()
    asked_with = {name for one in providers for name in one.needs | one.any_of | one.hints}
    if asked_with & set(changed):
        later(user, Run.Reason.CHANGE, circumstances)
