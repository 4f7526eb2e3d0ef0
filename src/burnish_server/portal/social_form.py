"""The form of a social provider: what its kind wants to be told; its secret goes in only."""

import re
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.outbound import Outbound
from burnish_server.hooks import sealing
from burnish_server.social import store
from burnish_server.social.kinds import ALIAS, Kind, known_to_allauth
from burnish_server.social.models import SocialProvider

KEPT = "One is kept, and nobody can read it again; type to replace it."
QUIET = {"autocomplete": "off", "spellcheck": "false"}
PLAIN = re.compile(r"[A-Za-z0-9._-]{1,100}")


class SocialForm(forms.Form):
    """A client of a social provider; `row` is filled in from it, not stored."""

    def __init__(self, data: QueryDict | None, kind: Kind, row: SocialProvider) -> None:
        super().__init__(data)
        self.kind, self.row = kind, row
        self.added = row._state.adding
        if kind.has_own_alias and self.added:
            self._ask("alias", "Short name", "Such as acme; its values are marked social:acme.")
            self.fields["alias"].validators.append(_is_alias)
        self._ask("name", "Name on the button", initial=row.name or kind.title, longest=40)
        self._ask("client_id", kind.client_label, initial=row.client_id)
        self.fields["secret"] = self._secret()
        for extra in kind.extras:
            kept = row.extras.get(extra.name, extra.default)
            self._ask(extra.name, extra.label, extra.help, initial=kept)
        self.fields["enabled"] = forms.BooleanField(
            label="People may sign in with it",
            required=False,
            initial=row.enabled,
            widget=UnfoldBooleanSwitchWidget(),
        )

    def _ask(
        self, name: str, label: str, help: str = "", initial: str = "", longest: int = 190
    ) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            help_text=help,
            initial=initial,
            max_length=longest,
            widget=UnfoldAdminTextInputWidget(attrs=dict(QUIET)),
        )

    def _secret(self) -> forms.CharField:
        several = self.kind.secret_rows > 1
        attrs = {"autocomplete": "new-password", "spellcheck": "false"}
        widget = (
            UnfoldAdminTextareaWidget(attrs={**attrs, "rows": self.kind.secret_rows})
            if several
            else UnfoldAdminPasswordWidget(attrs=attrs)
        )
        return forms.CharField(
            label=self.kind.secret_label,
            required=self.added,
            max_length=8000,
            widget=widget,
            help_text="Nobody can read it again." if self.added else KEPT,
        )

    def clean_alias(self) -> str:
        """Refuse a name that is taken."""
        alias: str = self.cleaned_data["alias"]
        taken = SocialProvider.objects.filter(pk=alias).exists() or any(
            one.alias == alias for one in store.of_settings()
        )
        if taken or known_to_allauth(alias) or alias == "linkedin":
            raise ValidationError("This name is another provider's; choose one of your own.")
        return alias

    def clean_secret(self) -> str:
        """Refuse what is no key of Apple's."""
        secret: str = self.cleaned_data["secret"].strip()
        if secret and self.kind.key == "apple" and not _is_key(secret):
            raise ValidationError(
                "Paste the whole .p8 file, from -----BEGIN PRIVATE KEY----- to the end."
            )
        return secret

    def clean_server_url(self) -> str:
        """Refuse what is no issuer, and what would be called in the clear."""
        url: str = self.cleaned_data["server_url"].rstrip("/")
        if not _may_be_called(url):
            raise ValidationError("Write it as https://login.acme.example.")
        return url

    def clean_tenant(self) -> str:
        return self._plain("tenant")

    def clean_team_id(self) -> str:
        return self._plain("team_id")

    def clean_key_id(self) -> str:
        return self._plain("key_id")

    def _plain(self, name: str) -> str:
        value: str = self.cleaned_data[name]
        if not PLAIN.fullmatch(value):
            raise ValidationError("Write it in letters, digits, dots and dashes.")
        return value

    def fill(self) -> SocialProvider:
        """Return the row with what was typed; its secret is sealed."""
        row, given = self.row, self.cleaned_data
        row.alias = row.alias or given.get("alias") or self.kind.key
        row.name, row.client_id, row.enabled = given["name"], given["client_id"], given["enabled"]
        row.extras = {extra.name: given[extra.name] for extra in self.kind.extras}
        if given["secret"]:
            row.sealed = sealing.seal(given["secret"])
        return row


def _is_alias(value: Any) -> None:
    if not re.fullmatch(ALIAS, str(value)):
        raise ValidationError("Write it in small letters, digits, - and _, a letter first.")


def _is_key(text: str) -> bool:
    try:
        return isinstance(load_pem_private_key(text.encode(), None), EllipticCurvePrivateKey)
    except (ValueError, TypeError):
        return False


def _may_be_called(url: str) -> bool:
    options = settings.BURNISH.outbound
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and not parts.username
        excepted = Outbound.parse(options.allow_private, options.rewrites).target(url) is not None
    except ValueError:
        return False
    return named and (parts.scheme == "https" or excepted)
