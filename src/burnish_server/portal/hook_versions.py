"""Advanced > Hooks > Versions: what a hook was, what changed, and the way back."""

import difflib
import json
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from burnish_server.audit.log import record
from burnish_server.hooks import versions
from burnish_server.hooks.models import Hook, Version
from burnish_server.portal.pages import Page, actor, moment

SHOWN = 50

_KINDS = {"+": "added", "-": "removed", "@": "place"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: added, removed, a place, or the same."""

    kind: str
    text: str


def page(admin: Page, request: HttpRequest, hook: Hook) -> HttpResponse:
    """Show the versions of a hook and one of them compared, or bring one back."""
    if request.method == "POST":
        return _restore(request, hook)
    kept = list(hook.versions.all()[:SHOWN])
    number = request.GET.get("version", "")
    chosen = next((one for one in kept if str(one.number) == number), kept[0] if kept else None)
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Versions of {hook.name}",
        "subtitle": None,
        "opts": admin.opts,
        "original": hook,
        "hook": hook,
        "chosen": chosen,
        "with_present": "present" in request.GET,
        "lines": _compared(kept, chosen, hook, "present" in request.GET) if chosen else [],
        "rows": [
            {
                "number": one.number,
                "at": moment(one.saved_at),
                "by": one.saved_by,
                "what": _what(one, earlier),
                "present": place == 0,
            }
            for place, (one, earlier) in enumerate(zip(kept, [*kept[1:], None], strict=True))
        ],
    }
    return render(request, "portal/hook_versions.html", context)


def _restore(request: HttpRequest, hook: Hook) -> HttpResponse:
    number = request.POST.get("version", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    version = get_object_or_404(Version, hook=hook, number=wanted)
    with transaction.atomic():
        versions.restore(version, str(request.user))
        record(actor(request), "restored", "hook", hook.pk, hook, {"version": version.number})
    messages.success(request, f"{hook.name} is again what it was in version {version.number}.")
    return redirect("portal:hooks_hook_versions", hook.pk)


def _compared(kept: list[Version], chosen: Version, hook: Hook, with_present: bool) -> list[Line]:
    if with_present:
        before, after = _text(chosen), _text(_as_version(hook))
    else:
        earlier = next((one for one in kept if one.number < chosen.number), None)
        before, after = (_text(earlier) if earlier else []), _text(chosen)
    found = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    return [Line(_KINDS.get(text[:1], "same"), text) for text in found]


def _text(version: Version) -> list[str]:
    settings = [
        f"{name}: {json.dumps(version.settings.get(name), ensure_ascii=False)}"
        for name in versions.SETTINGS
        if name != "modules"
    ]
    imports = [f"imports: {specifier}" for specifier, _ in version.settings.get("modules", ())]
    return [*settings, *imports, "", *version.script.split("\n")]


def _as_version(hook: Hook) -> Version:
    return Version(script=hook.script, settings=versions.settings_of(hook))


def _what(version: Version, earlier: Version | None) -> str:
    if earlier is None:
        return "first version kept"
    changed = [
        name.replace("_", " ")
        for name in versions.SETTINGS
        if name != "modules" and version.settings.get(name) != earlier.settings.get(name)
    ]
    if version.script != earlier.script:
        changed.insert(0, "script")
    return ", ".join(changed) or "imports"
