"""What the pages of API keys and of admin keys have in common: programs' keys, and their end."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from burnish_server.audit.log import Actor
from burnish_server.portal.pages import Page, actor
from burnish_server.portal.site import site

MOST_ENDED = 50
"""How many keys that are no good any more are listed: the latest."""


class KeysPage(Page):
    """A list of keys, and a page that asks before one is revoked. No key is ever changed."""

    title: ClassVar[str]
    list_template: ClassVar[str]
    logs_itself = True
    revoke: ClassVar[Callable[[UUID, Actor], Model | None]]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def split(self) -> tuple[list[Any], list[Any]]:
        """Return the keys that are good, and the latest of those that are not any more."""
        rows = self.model._default_manager
        good = rows.filter(revoked_at=None).order_by("created_at")
        ended = rows.exclude(revoked_at=None).order_by("-revoked_at")
        return list(good), list(ended[:MOST_ENDED])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List what there is and what there was."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        good, ended = self.split()
        about = {"good": good, "ended": ended, "listing": True}
        return site.show(request, self.list_template, self.title, about)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the list: a key has no page of its own."""
        return redirect(self.address("changelist"))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, and revoke the key: its row stays, so that the audit log can be read."""
        key = get_object_or_404(self.model, pk=_id(object_id), revoked_at=None)
        if not self.has_delete_permission(request, key):
            raise PermissionDenied
        back = reverse(self.address("changelist"))
        if request.method == "POST":
            if type(self).revoke(key.pk, actor(request)) is not None:
                messages.success(request, f"{key} is revoked.")
            return redirect(back)
        about = {"key": key, "back": back}
        return site.show(request, "portal/key_revoke.html", f"Revoke {key}?", about)

    def address(self, page: str) -> str:
        """Return the name of one of these pages, such as `changelist`."""
        return f"portal:{self.opts.app_label}_{self.opts.model_name}_{page}"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
