"""Applications: the apps people sign in to, and their secrets, each shown once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminTextareaWidget

from burnish_server.identity.oidc import addresses, clients
from burnish_server.identity.oidc.clients import UnfitClient
from burnish_server.identity.oidc.models import Client
from burnish_server.portal.pages import Page, actor, moment
from burnish_server.portal.site import site


class Lines(forms.Field):
    """A list of words, one a line."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> list[str]:
        """Return the words."""
        return str(value or "").split()

    def prepare_value(self, value: Any) -> Any:
        """Write the words into the field."""
        return "\n".join(value) if isinstance(value, list) else value


class ClientForm(forms.ModelForm):
    """An app. What its kind of app may have is judged by the model."""

    redirect_uris = Lines(
        label="Redirect URIs",
        help_text="Where people come back to, exactly, one a line: https://app.example/callback",
    )
    post_logout_redirect_uris = Lines(
        label="Redirect URIs after sign-out", help_text="Where people may go then, one a line."
    )
    allowed_origins = Lines(
        label="Further origins",
        help_text="Whose pages may ask from the browser, beside those of the redirect URIs.",
    )
    scopes = Lines(
        label="Scopes of its own",
        help_text="What a program may ask for itself, such as orders:read, one a line.",
    )

    class Meta:
        model = Client
        fields = (
            *("client_id", "name", "application_type"),
            *("redirect_uris", "post_logout_redirect_uris", "allowed_origins", "scopes"),
            *("issue_jwt_access_token", "access_token_lifetime_seconds"),
            *("refresh_token_lifetime_seconds", "asks_questions"),
        )
        labels = {  # noqa: RUF012 - Django's shape
            "client_id": "Client id",
            "access_token_lifetime_seconds": "Access tokens live, in seconds",
            "refresh_token_lifetime_seconds": "Refresh tokens live, in seconds",
            "asks_questions": "Ask questions at its logins",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = "What people know it as; its id where there is none."
        self.fields["client_id"].help_text = "What the app names itself by, such as shop."
        if self.instance.pk and not self.instance._state.adding:
            self.fields["client_id"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Call an app by its id where it has no name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["name"] = cleaned.get("name") or cleaned.get("client_id", "")
        return cleaned


@admin.register(Client, site=site)
class ClientPage(Page):
    """The apps people sign in to."""

    form = ClientForm
    change_form_template = "portal/client.html"
    logs_itself = True
    list_display = ("name", "client_id", "application_type", "shown_secret", "shown_at")
    list_filter = ("application_type",)
    search_fields = ("client_id", "name")
    fields = ClientForm.Meta.fields

    def get_urls(self) -> list[URLPattern]:
        """Add the way to a new secret."""
        view = self.admin_site.admin_view(require_POST(self.secret_view))
        return [path("<path:pk>/secret/", view, name="oidc_client_secret"), *super().get_urls()]

    @admin.display(description="Secret made")
    def shown_secret(self, client: Client) -> str:
        if client.kind.public:
            return "none, it uses PKCE"
        return moment(client.secret_made_at)

    @admin.display(description="Added", ordering="created_at")
    def shown_at(self, client: Client) -> str:
        return moment(client.created_at)

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Write it as a file or a command does; a new one's secret is shown at once."""
        entry = obj.as_entry()
        if change:
            clients.put(entry, actor(request))
        else:
            obj.made = clients.create(entry, actor(request))  # type: ignore[attr-defined]

    def delete_model(self, request: HttpRequest, obj: Client) -> None:
        """Remove it as a command does."""
        clients.remove(obj, actor(request))

    def response_add(
        self, request: HttpRequest, obj: Client, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show what its authors need, with the secret if there is one."""
        return self._show(request, obj, getattr(obj, "made", ""))

    def secret_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Make a new secret in the old one's place, and show it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        client = get_object_or_404(Client, pk=pk)
        try:
            secret = clients.rotate_secret(client, actor(request))
        except UnfitClient as error:
            messages.error(request, str(error))
            return redirect("portal:oidc_client_change", client.pk)
        return self._show(request, client, secret)

    def _show(self, request: HttpRequest, client: Client, secret: str) -> HttpResponse:
        about = {"client": client, "secret": secret, "issuer": addresses.issuer(request)}
        response = site.show(request, "portal/client_secret.html", client.name, about)
        response.headers["Cache-Control"] = "no-store"
        return response
