"""What all pages of the portal have in common."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from unfold.admin import ModelAdmin

from burnish_server.audit.log import Actor, record
from burnish_server.audit.models import Entry
from burnish_server.identity import authority
from burnish_server.identity.authority import (
    UserIsAdministrator,
    UserIsAnonymized,
    UserNotFound,
)
from burnish_server.identity.models import User


def moment(at: datetime | None) -> str:
    """Return a time as people read it, to the second, in UTC; a dash for none."""
    if at is None:
        return "-"
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S} UTC"


def actor(request: HttpRequest) -> Actor:
    """Return who acts in the portal, for the audit log and for what they may change."""
    user = cast(User, request.user)
    return Actor(Entry.Door.PORTAL, str(user), user.pk, user.is_superuser)


def user_to_change(request: HttpRequest, user_id: UUID, *, anonymized: bool = False) -> User:
    """Return the user a page is to change; `anonymized` lets it be somebody who is gone.

    Raises:
        PermissionDenied: Whoever is signed in may not change users, or not this one.
        Http404: There is no such user.
    """
    if not request.user.has_perm("identity.change_user"):
        raise PermissionDenied
    try:
        return authority.user_to_change(actor(request), user_id, anonymized=anonymized)
    except UserIsAdministrator:
        raise PermissionDenied from None
    except (UserNotFound, UserIsAnonymized):
        raise Http404 from None


def duration(ms: float) -> str:
    """Return milliseconds as people read them."""
    return f"{ms / 1000:.1f} s" if ms >= 1000 else f"{ms:.1f} ms"


class Page(ModelAdmin):
    """A list and a form, without the admin's bulk actions."""

    actions = None
    logs_itself = False
    """Whether what saves these writes the audit log already."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_sheet = False
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True

    # Django calls these beside each save and delete; our log stands where its own would.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Write into the audit log that something was added."""
        self._log(request, "added", obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Write into the audit log that something was changed, and which fields."""
        fields = [
            name for part in message or () for name in part.get("changed", {}).get("fields", ())
        ]
        self._log(request, "changed", obj, {"fields": fields})

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        """Write into the audit log that things were removed."""
        for obj in queryset:
            self._log(request, "removed", obj)

    def _log(
        self, request: HttpRequest, action: str, obj: Any, detail: Mapping[str, Any] | None = None
    ) -> None:
        if not self.logs_itself:
            record(actor(request), action, str(self.opts.verbose_name), obj.pk, obj, detail)


class ReadOnlyPage(Page):
    """A list of what happened: nobody adds to it, changes it or takes from it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OneRowPage(Page):
    """A table of one row: one form, no list. Its model has `current()`, stored or not."""

    title: ClassVar[str]
    """What the page is called."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the form."""
        return redirect(f"portal:{self.opts.app_label}_{self.opts.model_name}_change", 1)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return what is in force."""
        return self.model.current() if object_id == "1" else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Call the page by its name."""
        titles = {"title": self.title, "subtitle": None}
        return super().changeform_view(
            request, object_id, form_url, {**titles, **(extra_context or {})}
        )
