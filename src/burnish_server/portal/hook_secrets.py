"""Advanced > Secrets: what hooks use and nobody reads, and the keys webhooks are signed with."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from burnish.errors import BurnishError
from burnish.hooks.signature import as_standard
from burnish_server.audit.log import record
from burnish_server.hooks import sealing, secrets, signing
from burnish_server.hooks.models import Hook, Secret, SigningKey
from burnish_server.portal.pages import Page, actor, moment
from burnish_server.portal.site import site


class SecretForm(forms.ModelForm):
    """A secret: its value goes in and does not come out."""

    value = forms.CharField(
        required=False,
        strip=False,
        max_length=secrets.LONGEST,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Nobody can read it again.",
    )

    class Meta:
        model = Secret
        fields = ("name", "hooks")
        widgets = {"hooks": UnfoldAdminCheckboxSelectMultipleWidget()}  # noqa: RUF012 - Django's shape

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hooks = cast(forms.ModelMultipleChoiceField, self.fields["hooks"])
        hooks.label = "Hooks that may use it"
        hooks.queryset = Hook.objects.exclude(kind=Hook.Kind.WEBHOOK)
        # A hook is added on its own page, not in passing.
        hooks.widget = getattr(hooks.widget, "widget", hooks.widget)
        self.fields["name"].help_text = "Hooks use it as ctx.secrets.NAME; such as VENDOR_KEY."
        if self.instance.pk:
            self.fields["name"].disabled = True
            self.fields["value"].help_text = "Leave it empty to keep the one there is."

    def clean(self) -> dict[str, Any]:
        """Ask for a value where there is none yet."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk and not cleaned.get("value") and "value" not in self.errors:
            self.add_error("value", "Give the secret a value.")
        return cleaned


@admin.register(Secret, site=site)
class SecretPage(Page):
    """Secrets by name; hooks use them as `ctx.secrets.NAME`."""

    form = SecretForm
    change_list_template = "portal/secrets.html"
    list_display = ("name", "shown_hooks", "shown_at")
    fields = ("name", "value", "hooks")

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the signing keys."""
        view = self.admin_site.admin_view(self.signing_view)
        return [path("signing/", view, name="hooks_secret_signing"), *super().get_urls()]

    @admin.display(description="Hooks that may use it")
    def shown_hooks(self, secret: Secret) -> str:
        return ", ".join(hook.name for hook in secret.hooks.all()) or "none"

    @admin.display(description="Value set", ordering="updated_at")
    def shown_at(self, secret: Secret) -> str:
        return moment(secret.updated_at)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> Any:
        """Leave the value to the form: it is no field of the model."""
        return super().get_form(request, obj, change, **{**kw, "fields": SecretForm.Meta.fields})

    def save_model(self, request: HttpRequest, obj: Secret, form: SecretForm, change: bool) -> None:
        """Seal the value, if one was given."""
        if value := form.cleaned_data["value"]:
            obj.sealed = sealing.seal(value)
        super().save_model(request, obj, form, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say which scripts would miss it."""
        secret = self.get_object(request, object_id)
        users = secrets.users_of(secret.name) if secret else []
        if users and request.method != "POST":
            messages.warning(request, f"It is named by the scripts of: {', '.join(users)}.")
        return super().delete_view(request, object_id, extra_context)

    def signing_view(self, request: HttpRequest) -> HttpResponse:
        """Show the keys webhooks are signed with, add one, retire the older one."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        shown: list[str] = []
        if request.method == "POST":
            act = request.POST.get("act", "")
            try:
                with transaction.atomic():
                    shown = _act(act)
                    record(actor(request), act, "signing key", "", "webhooks")
            except BurnishError as error:
                messages.error(request, str(error))
            if not shown:
                return redirect("portal:hooks_secret_signing")
        context = {
            **self.admin_site.each_context(request),
            "title": "Signing keys",
            "subtitle": None,
            "opts": self.opts,
            "keys": [moment(key.created_at) for key in SigningKey.objects.all()],
            "shown": [(secret, as_standard(secret)) for secret in shown],
            "most": signing.MOST,
        }
        return render(request, "portal/signing.html", context)


def _act(act: str) -> list[str]:
    match act:
        case "revealed":
            return signing.reveal()
        case "added":
            return [signing.add()]
        case "retired":
            signing.retire()
        case _:
            raise BadRequest("Choose what is to become of the keys.")
    return []
