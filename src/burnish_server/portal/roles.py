"""User management > Roles, and > Groups: what users may be, and who has which."""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from burnish_server.identity.models import User
from burnish_server.portal.pages import Page, actor, user_to_change
from burnish_server.portal.site import site
from burnish_server.roles import edit, listing, store, tie
from burnish_server.roles.models import Group, Role


def _chosen(kind: type[Any], label: str, help_text: str = "") -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        kind._default_manager.all(),
        required=False,
        to_field_name="key",
        label=label,
        help_text=help_text,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


class RoleForm(forms.ModelForm):
    """A role."""

    class Meta:
        model = Role
        fields = ("key", "name", "description")
        widgets: ClassVar[dict[str, Any]] = {
            "key": UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "name": UnfoldAdminTextInputWidget(),
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "key": "By which apps know it, such as store_manager.",
            "name": "By which people know it.",
        }


class GroupForm(RoleForm):
    """A group, and the roles it gives to whoever is in it."""

    roles = _chosen(Role, "Roles", "Everybody in the group has these.")

    class Meta(RoleForm.Meta):
        model = Group  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["roles"] = store.roles_of_groups([self.instance.pk])[self.instance.pk]


class KeyedPage(Page):
    """What the pages of roles and of groups have in common."""

    fields: tuple[str, ...] = ("key", "name", "description")
    search_fields = ("key", "name")
    sortable_by = ()
    logs_itself = True

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count the users, and find what hangs on each row, in the list's own statement."""
        return listing.summed(super().get_queryset(request))

    @admin.display(description="Users")
    def shown_users(self, row: Any) -> int:
        return int(row.user_count)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Write it, with its audit log entry."""
        values = {name: form.cleaned_data[name] for name in ("key", "name", "description")}
        with transaction.atomic():
            if change:
                changed = {name: values[name] for name in values if name in form.changed_data}
                if changed:
                    edit.change(obj, actor(request), **changed)
            else:
                obj.pk = edit.create(type(obj), actor=actor(request), **values).pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Remove it from everybody."""
        edit.delete(obj, actor(request))


@admin.register(Role, site=site)
class RolePage(KeyedPage):
    """Roles by key."""

    form = RoleForm
    list_display = ("key", "name", "shown_users", "shown_groups")

    @admin.display(description="Groups that give it")
    def shown_groups(self, role: Role) -> str:
        return _words(role.other_keys)  # type: ignore[attr-defined]


@admin.register(Group, site=site)
class GroupPage(KeyedPage):
    """Groups by key."""

    form = GroupForm
    fields = ("key", "name", "description", "roles")
    list_display = ("key", "name", "shown_users", "shown_roles")

    @admin.display(description="Roles it gives")
    def shown_roles(self, group: Group) -> str:
        return _words(group.other_keys)  # type: ignore[attr-defined]

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Write the group and what it gives."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if "roles" in form.changed_data:
                keys = [role.key for role in form.cleaned_data["roles"]]
                edit.of_groups([obj], tie.put, keys, actor(request))


class MembershipForm(forms.Form):
    """The roles and the groups of one user."""

    roles = _chosen(Role, "Roles", "Those this user has of their own.")
    groups = _chosen(Group, "Groups", "Whoever is in a group has its roles too.")


def user_view(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Show and set a user's roles and groups."""
    user = user_to_change(request, user_id)
    held = store.of(user.pk)
    before = {"roles": held.roles, "groups": held.groups}
    form = MembershipForm(request.POST or None, initial=before)
    if form.is_valid():
        _set(request, user, form)
        messages.success(request, "Saved.")
        return redirect("portal:identity_user_change", user.pk)
    about = {
        "form": form,
        "effective": store.effective_roles(user.pk),
        "original": user,
        "subtitle": str(user),
        "trail_back": reverse("portal:identity_user_change", args=[user.pk]),
    }
    return site.show(request, "portal/roles_user.html", "Roles and groups", about)


def _set(request: HttpRequest, user: User, form: MembershipForm) -> None:
    with transaction.atomic():
        for name, which in (("roles", tie.ROLES_OF_USERS), ("groups", tie.GROUPS_OF_USERS)):
            if name in form.changed_data:
                keys = [one.key for one in form.cleaned_data[name]]
                edit.of_user(user, which, tie.put, keys, actor(request))


def facts(user: User) -> dict[str, str]:
    """Return a user's roles and groups as the page about the user shows them."""
    held, effective = store.of(user.pk), store.effective_roles(user.pk)
    by_group = [key for key in effective if key not in held.roles]
    return {
        "Roles": _words(held.roles) + (f"; by a group: {', '.join(by_group)}" if by_group else ""),
        "Groups": _words(held.groups),
    }


def _words(keys: Collection[str]) -> str:
    return ", ".join(keys) or "-"


site.add_page("identity/user/<uuid:user_id>/roles/", user_view, "identity_user_roles")
