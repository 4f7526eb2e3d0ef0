"""Facts that hold no longer: the profiles change, and say so."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from burnish.events.profile import ProfileFactExpired
from burnish.profiles.document import Change
from burnish.profiles.fact import Fact
from burnish_server.hooks import store as hooks
from burnish_server.identity import entities
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows.changes import changes_of
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import Profile

BATCH = 200


def refresh_due(at: datetime) -> int:
    """Derive anew profiles in which a fact has expired, and say which; return how many."""
    schema = store.schema()
    with transaction.atomic():
        due = list(
            Profile.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=at)
            .order_by("due_at")[:BATCH]
        )
        expired = {profile.pk: _expired(profile, at) for profile in due}
        changes = store.refresh(list(expired), at, schema)
        for user in User.objects.filter(pk__in=[pk for pk, changed in changes.items() if changed]):
            _tell(user, changes[user.pk], expired[user.pk], at)
    return len(due)


def _tell(user: User, changes: tuple[Change, ...], expired: list[Fact], at: datetime) -> None:
    schema, about = store.schema(), {change.attribute: change for change in changes}
    names = {("custom", one.id): one.name for one in schema.custom}
    now = entities.present(user)
    context = Circumstances("system").context(str(user.pk), at)
    for fact in expired:
        change = about.get(fact.attribute)
        if change is None or fact.expires_at is None:
            continue
        name = names.get(fact.attribute, fact.key)
        told = changes_of([change], schema)
        event = ProfileFactExpired(now, name, fact.source, fact.expires_at, told)
        hooks.happened(event, context, timezone.now())


def _expired(profile: Profile, at: datetime) -> list[Fact]:
    """Return the facts that have expired since the profile was last derived."""
    facts = [
        Fact.from_json(group, key, source, stored)
        for group, keys in profile.facts.items()
        for key, slots in keys.items()
        for source, stored in slots.items()
    ]
    since = profile.due_at or at
    return [fact for fact in facts if fact.expires_at and since <= fact.expires_at <= at]
