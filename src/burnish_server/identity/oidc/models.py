"""The tables of the OpenID provider: clients, what they were granted, and tokens.

Of secrets, codes and tokens only hashes are kept: each has 256 random bits, so a plain hash does.
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from burnish.oauth.client import ApplicationType
from burnish.oauth.client import Client as Entry
from burnish.oauth.client import read as read_entry

CASCADE = models.CASCADE


def _kinds() -> list[tuple[str, str]]:
    return [
        ("spa", "Single-page app: in the browser, no secret"),
        ("traditional_webapp", "Web site: first party, no secret"),
        ("native", "App on a device: first party, no secret"),
        ("confidential", "Web site or server with a secret"),
        ("third_party_app", "App of somebody else: people are asked for consent"),
        ("m2m", "Program that acts for itself: a secret, no users"),
    ]


class Client(models.Model):
    """An app that sends people here. Its rules are `burnish.oauth.client`'s."""

    client_id = models.CharField("client id", primary_key=True, max_length=100)
    name = models.CharField(max_length=100)
    application_type = models.CharField("kind", max_length=30, choices=_kinds)
    redirect_uris = models.JSONField("redirect URIs", default=list, blank=True)
    post_logout_redirect_uris = models.JSONField(
        "redirect URIs after sign-out", default=list, blank=True
    )
    allowed_origins = models.JSONField("further origins that may ask", default=list, blank=True)
    scopes = models.JSONField("scopes of a program", default=list, blank=True)
    issue_jwt_access_token = models.BooleanField("JWT access tokens", default=False)
    access_token_lifetime_seconds = models.PositiveIntegerField(default=1800)
    refresh_token_lifetime_seconds = models.PositiveIntegerField(default=2_592_000)
    asks_questions = models.BooleanField("questions at its logins", default=True)
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    secret_made_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "client_id")

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> ApplicationType:
        """What sort of app it is."""
        return ApplicationType(self.application_type)

    def as_entry(self) -> Entry:
        """Return the client as the library knows it."""
        fields = Entry.model_fields
        return Entry.model_validate(
            {
                field.alias or name: getattr(self, name)
                for name, field in fields.items()
                if hasattr(self, name)
            }
        )

    def take(self, entry: Entry) -> None:
        """Take over what an entry says."""
        for name, value in entry.model_dump().items():
            setattr(self, name, list(value) if isinstance(value, tuple) else value)

    def clean(self) -> None:
        """Refuse what the client rules refuse, with their sentence beside the field."""
        fields = {field.name for field in self._meta.get_fields()}
        given = {
            field.alias or name: getattr(self, name) for name, field in Entry.model_fields.items()
        }
        entry = read_entry(given)
        if isinstance(entry, list):
            found: dict[str, list[str]] = {}
            for fault in entry:
                head = fault.path.split(".")[0].removeprefix("x_")
                found.setdefault(head if head in fields else "__all__", []).append(fault.message)
            raise ValidationError(found)


class Grant(models.Model):
    """What a person granted an app at one login, or an app holds for itself.

    Codes and tokens belong to it; once it is revoked none of them works. `session` is the stored
    key of the browser session it came from, empty where it is bound to none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=CASCADE, null=True)
    scopes = models.JSONField(default=list)
    session = models.CharField(max_length=64, blank=True)
    auth_time = models.DateTimeField()
    amr = models.JSONField(default=list)
    state = models.CharField(max_length=500, blank=True)
    x_state = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["session"], name="oidc_grant_session", condition=~models.Q(session="")
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Code(models.Model):
    """An authorization code: works once, for a minute."""

    digest = models.CharField(primary_key=True, max_length=64)
    grant = models.OneToOneField(Grant, on_delete=CASCADE)
    redirect_uri = models.CharField(max_length=2000)
    challenge = models.CharField(max_length=128, blank=True)
    nonce = models.CharField(max_length=1000, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.grant_id}"


class AccessToken(models.Model):
    """An access token, opaque or JWT."""

    digest = models.CharField(primary_key=True, max_length=64)
    grant = models.ForeignKey(Grant, on_delete=CASCADE)
    scopes = models.JSONField(null=True)
    """Its scopes where a refresh asked for fewer than were granted; None has those of the grant."""
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"access token of {self.grant_id}"


class RefreshToken(models.Model):
    """A refresh token: works once, and comes back as a new one.

    `used_at` is when it was first exchanged.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    grant = models.ForeignKey(Grant, on_delete=CASCADE)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token of {self.grant_id}"


class SessionToken(models.Model):
    """What an app opens a browser session with, once, for whoever it holds a refresh token of."""

    digest = models.CharField(primary_key=True, max_length=64)
    grant = models.ForeignKey(Grant, on_delete=CASCADE)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session token of {self.grant_id}"


class DeviceCode(models.Model):
    """A device that waits for its person to let it in on another one (RFC 8628)."""

    digest = models.CharField(primary_key=True, max_length=64)
    user_code = models.CharField(max_length=16, unique=True)
    client = models.ForeignKey(Client, on_delete=CASCADE)
    scopes = models.JSONField(default=list)
    grant = models.OneToOneField(Grant, on_delete=CASCADE, null=True)
    expires_at = models.DateTimeField(db_index=True)
    polled_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device of {self.client_id}"


class Consent(models.Model):
    """What a person lets somebody else's app have."""

    client = models.ForeignKey(Client, on_delete=CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=CASCADE)
    scopes = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "user"], name="oidc_consent_one"),)

    def __str__(self) -> str:
        return f"consent to {self.client_id}"


class SigningKey(models.Model):
    """A key tokens are signed with, sealed. After `retired_at` it only proves older tokens."""

    kid = models.CharField(primary_key=True, max_length=64)
    sealed = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.kid
