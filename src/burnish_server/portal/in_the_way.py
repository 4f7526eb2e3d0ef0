"""What administrators read when a hook stood in the way: who it was, and where to see why."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from burnish.hooks.outcome import Denied, Failed
from burnish_server.hooks.models import Run


def in_the_way(outcome: Denied | Failed, what: str) -> SafeString:
    """Return why an operation did not go on; `what` says what did not happen."""
    run = outcome.runs[-1] if outcome.runs else None
    link = _log_of(run.hook, run.started_at) if run else reverse("portal:hooks_run_changelist")
    if isinstance(outcome, Denied):
        return format_html(
            '<strong>{}</strong> {} <a href="{}">See it in the hook log</a>',
            outcome.title or f"{what}: a hook refused it",
            outcome.reason,
            link,
        )
    failed = f"the hook {run.hook}" if run else "asking the hooks"
    return format_html(
        '{}, because {} failed. <a href="{}">See why in the hook log</a>', what, failed, link
    )


def _log_of(hook: str, started_at: datetime) -> str:
    found = Run.objects.filter(hook_name=hook, started_at=started_at).first()
    if found is None:
        return reverse("portal:hooks_run_changelist")
    return reverse("portal:hooks_run_change", args=[found.pk])
