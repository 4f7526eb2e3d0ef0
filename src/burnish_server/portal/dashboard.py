"""The portal's first page: how much there is, and what to do first."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from burnish_server.hooks.models import Hook, Run
from burnish_server.identity.models import User
from burnish_server.portal.paging import roughly
from burnish_server.profiles.models import CustomAttribute


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and the page that lists what it counts."""

    label: str
    number: int
    url: str
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something a new project needs."""

    title: str
    why: str
    url: str
    done: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What the first page shows."""

    counts: tuple[Count, ...]
    steps: tuple[Step, ...]


def summary() -> Summary:
    """Count things, with one query each."""
    users = roughly(User)
    people = User.objects.filter(is_staff=False).exists()
    attributes = CustomAttribute.objects.count()
    hooks = Hook.objects.count()
    yesterday = timezone.now() - timedelta(hours=24)
    failed = Run.objects.filter(outcome=Run.Outcome.FAILED, started_at__gte=yesterday).count()
    log = reverse("portal:hooks_run_changelist")
    return Summary(
        counts=(
            Count("Users", users, reverse("portal:identity_user_changelist")),
            Count(
                "Custom attributes",
                attributes,
                reverse("portal:profiles_customattribute_changelist"),
            ),
            Count("Hooks", hooks, reverse("portal:hooks_hook_changelist")),
            Count(
                "Failed hook runs, last 24 hours",
                failed,
                f"{log}?outcome__exact=failed",
                alarming=failed > 0,
            ),
        ),
        steps=(
            Step(
                "Define custom attributes",
                "Say what a profile may hold besides the standard attributes.",
                reverse("portal:profiles_customattribute_add"),
                attributes > 0,
            ),
            Step(
                "Add a hook",
                "A script that looks at each new user and fills the profile in.",
                reverse("portal:hooks_hook_add"),
                hooks > 0,
            ),
            Step(
                "Add a user",
                "Watch the hook at work: the user's page shows each value and its source.",
                reverse("portal:identity_user_add"),
                people,
            ),
        ),
    )
