"""User management > Users."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from burnish_server.identity import circumstances, owned, user_sessions
from burnish_server.identity.authority import may_change
from burnish_server.identity.flows import administrator, deletion, disabling
from burnish_server.identity.models import User
from burnish_server.portal import (
    account,
    enrichment_user,
    timeline,
    user_facts,
    user_form,
    ways_in,
)
from burnish_server.portal.add_user import AddUserForm, sign_up
from burnish_server.portal.edit_profile import ProfileForm, after_conflict, save
from burnish_server.portal.pages import actor, user_to_change
from burnish_server.portal.site import site
from burnish_server.portal.user_form import UserForm
from burnish_server.portal.user_list import ListedUsers
from burnish_server.profiles import store
from burnish_server.profiles.store import Conflict


@admin.register(User, site=site)
class UserPage(ListedUsers):
    """People: found by e-mail or id; each with their profile."""

    form = UserForm
    add_form_template = "portal/add_user.html"
    change_form_template = "portal/user.html"
    fields = ("is_active", "administrator")

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a profile is edited."""
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:user_id>/profile/", wrap(self.profile_view), name="identity_user_profile"),
            path("<uuid:user_id>/account/", wrap(self.account_view), name="identity_user_account"),
            path("<uuid:user_id>/ways-in/", wrap(self.ways_in_view), name="identity_user_ways_in"),
            path("<uuid:user_id>/enrich/", wrap(self.enrich_view), name="identity_user_enrich"),
            *super().get_urls(),
        ]

    def profile_view(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        """Edit what is said of a user."""
        user = user_to_change(request, user_id, anonymized=True)
        schema = store.schema()
        data = request.POST if request.method == "POST" else None
        form = ProfileForm(data, store.of(user.pk), schema, owned.of(user))
        if form.is_valid():
            try:
                saved = save(request, user, form, schema)
            except Conflict:
                form = after_conflict(user, form, schema)
            else:
                if saved is not None:
                    messages.success(request, "Saved." if saved else "Nothing was changed.")
                    return redirect("portal:identity_user_change", user.pk)
        about = {"form": form, "failed": data is not None}
        return self._show(request, "portal/edit_profile.html", user, "Edit profile", about)

    def account_view(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        """Close, open, delete or anonymise an account."""
        user = user_to_change(request, user_id, anonymized=True)
        if user.pk == request.user.pk:
            raise PermissionDenied
        form = account.AccountForm(request.POST or None, user)
        if form.is_valid() and (sentence := account.apply(request, user, form)):
            messages.success(request, sentence)
            return redirect("portal:identity_user_change", user.pk)
        about = {"form": form, "state": user_facts.state(user)}
        return self._show(request, "portal/account.html", user, "Account", about)

    def ways_in_view(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        """Show how a user comes in, change it, and sign them out."""
        user = user_to_change(request, user_id)
        data = request.POST if request.POST.get("act") == "change" else None
        form = ways_in.LoginIdsForm(data, user)
        if request.POST.get("act") == "sign_out":
            count = ways_in.sign_out(request, user, request.POST.get("end", "")[:18])
            messages.success(request, "Signed out." if count else "There was nothing to end.")
            return redirect("portal:identity_user_ways_in", user.pk)
        if form.is_valid() and form.save(request):
            messages.success(request, "Saved.")
            return redirect("portal:identity_user_ways_in", user.pk)
        about = {
            "form": form,
            "tables": [
                ("What they sign in with", ways_in.identities(user)),
                ("What they prove it with", ways_in.means(user)),
            ],
            "sessions": user_sessions.of(user),
        }
        return self._show(request, "portal/ways_in.html", user, "Ways in", about)

    def enrich_view(self, request: HttpRequest, user_id: UUID) -> HttpResponse:
        """Show what would be asked about a user, and ask it."""
        user = user_to_change(request, user_id)
        if request.method == "POST":
            return redirect(enrichment_user.ask(request, user))
        about = {"plan": enrichment_user.plan_of(user), "runs": enrichment_user.runs_of(user)}
        return self._show(request, "portal/enrich_user.html", user, "Enrich", about)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return the accounts alone: all that belongs to them goes along."""
        return [str(one) for one in objs], {"users": len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete an account at once, and say so."""
        deletion.delete(obj, circumstances.of(request, triggered_by="portal"))

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        """Save the account, and say when it was closed or opened."""
        around = circumstances.of(request, triggered_by="portal")
        super().save_model(request, obj, form, change)
        if "administrator" in form.changed_data and obj.is_staff:
            administrator.secure(obj, around)
            messages.warning(request, f"{obj} {user_form.BEGINS_ANEW}")
        if "is_active" in form.changed_data:
            if obj.is_active:
                disabling.enable(obj, around)
            else:
                disabling.disable(obj, around, reason=obj.disable_reason)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what was said of a user, the latest first."""
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        page = request.GET.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        about = {"timeline": timeline.of(user, store.schema(), number)}
        return self._show(request, "portal/timeline.html", user, "History", about)

    def _show(
        self,
        request: HttpRequest,
        template: str,
        user: User,
        title: str,
        about: dict[str, Any],
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(user),
            "opts": self.opts,
            "original": user,
            "user_id": user.pk,
            "trail_back": reverse("portal:identity_user_change", args=[user.pk]),
            **about,
        }
        return render(request, template, context)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Make a user by the sign-up flow: hooks are asked, so no transaction is open here."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddUserForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and (user := sign_up(request, form)):
            self.log_addition(request, user, None)
            messages.success(request, f"{user} was added.")
            return redirect("portal:identity_user_change", user.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Add user",
            "opts": self.opts,
            "form": form,
        }
        return render(request, self.add_form_template, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the account, the profile and what hooks did, above the form."""
        user = self.get_object(request, object_id)
        about = {"show_save_and_add_another": False} | (
            {} if user is None else user_facts.about(user)
        )
        return super().change_view(request, object_id, form_url, {**about, **(extra_context or {})})

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Tell the form who is editing."""
        form = super().get_form(request, obj, change, **kwargs)
        form.editor = request.user
        return form

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let only administrators with all permissions change administrators."""
        if obj is not None and not may_change(actor(request), obj):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody delete themselves, nor administrators who may do more than they may."""
        user = cast(User, request.user)
        if obj is not None and (obj.pk == user.pk or not may_change(actor(request), obj)):
            return False
        return super().has_delete_permission(request, obj)
