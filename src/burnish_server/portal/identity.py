"""User management > Users."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.widgets import UnfoldBooleanSwitchWidget

from burnish_server.hooks.models import Run
from burnish_server.identity.models import User
from burnish_server.portal.add_user import AddUserForm, sign_up
from burnish_server.portal.pages import Page, moment, note_added
from burnish_server.portal.profile import profile_of
from burnish_server.portal.site import site


class UserForm(forms.ModelForm):
    """What an administrator may change of an account."""

    editor: User

    is_active = forms.BooleanField(
        label="Active",
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text="People whose account is not active cannot sign in.",
    )
    administrator = forms.BooleanField(
        label="Administrator",
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text="Administrators may use this portal, all of it.",
    )

    class Meta:
        model = User
        fields = ("is_active",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["administrator"] = self.instance.is_staff
        self.fields["administrator"].disabled = not self.editor.is_superuser

    def clean(self) -> dict[str, Any]:
        """Keep administrators from locking themselves out."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk == self.editor.pk:
            for name, value in (("is_active", "active"), ("administrator", "an administrator")):
                if not cleaned.get(name):
                    self.add_error(name, f"You must stay {value}, or you lock yourself out.")
        if self.editor.is_superuser and "administrator" in cleaned:
            self.instance.is_staff = self.instance.is_superuser = cleaned["administrator"]
        return cleaned


@admin.register(User, site=site)
class UserPage(Page):
    """People: found by e-mail or id; each with their profile."""

    form = UserForm
    add_form_template = "portal/add_user.html"
    change_form_template = "portal/user.html"
    list_display = (
        "shown_email",
        "shown_created",
        "shown_login",
        "is_active",
        "shown_administrator",
    )
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    search_help_text = "Search by e-mail, or by a whole id"
    fields = ("is_active", "administrator")

    @admin.display(description="E-mail", ordering="email")
    def shown_email(self, user: User) -> str:
        return str(user)

    @admin.display(description="Created", ordering="created_at")
    def shown_created(self, user: User) -> str:
        return moment(user.created_at)

    @admin.display(description="Last login", ordering="last_login")
    def shown_login(self, user: User) -> str:
        return moment(user.last_login)

    @admin.display(description="Administrator", ordering="is_staff")
    def shown_administrator(self, user: User) -> str:
        return "Yes" if user.is_staff else "-"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Take an id for an id, and anything else for a part of an e-mail address."""
        try:
            return queryset.filter(pk=UUID(search_term.strip())), False
        except ValueError:
            return super().get_search_results(request, queryset, search_term)

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
            note_added(request, self, user)
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
        about = {"show_save_and_add_another": False} | ({} if user is None else _about(user))
        return super().change_view(request, object_id, form_url, {**about, **(extra_context or {})})

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Tell the form who is editing."""
        form = super().get_form(request, obj, change, **kwargs)
        form.editor = request.user
        return form

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let nobody delete themselves."""
        if obj is not None and obj.pk == request.user.pk:
            return False
        return super().has_delete_permission(request, obj)


def _about(user: User) -> dict[str, Any]:
    address = EmailAddress.objects.filter(user=user, primary=True).first()
    return {
        "facts": {
            "Id": user.pk,
            "E-mail": user.email or "-",
            "E-mail verified": "Yes" if address and address.verified else "No",
            "Password": "Set" if user.has_usable_password() else "Not set yet",
            "Created": moment(user.created_at),
            "Last login": moment(user.last_login),
        },
        "profile": profile_of(user),
        "runs": Run.objects.filter(user_id=user.pk)[:10],
    }
