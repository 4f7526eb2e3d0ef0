"""Events about the ways a user signs in."""

from dataclasses import dataclass
from typing import Any, ClassVar

from burnish.events.entities import Identity, User
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class _OfIdentity(Event):
    user: User
    identity: Identity

    def payload(self) -> dict[str, Any]:
        return {"user": self.user.as_json(), "identity": self.identity.as_json()}


@dataclass(frozen=True, slots=True)
class _Updated(Event):
    user: User
    new_identity: Identity
    old_identity: Identity

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.as_json(),
            "new_identity": self.new_identity.as_json(),
            "old_identity": self.old_identity.as_json(),
        }


class IdentityEmailAdded(_OfIdentity):
    """A user added an e-mail address to sign in with."""

    type: ClassVar[str] = "identity.email.added"


class IdentityEmailRemoved(_OfIdentity):
    """A user removed an e-mail address."""

    type: ClassVar[str] = "identity.email.removed"


class IdentityEmailUpdated(_Updated):
    """A user replaced an e-mail address by another."""

    type: ClassVar[str] = "identity.email.updated"


class IdentityEmailVerified(_OfIdentity):
    """An e-mail address was shown to be the user's own."""

    type: ClassVar[str] = "identity.email.verified"


class IdentityEmailUnverified(_OfIdentity):
    """An e-mail address no longer counts as shown to be the user's own."""

    type: ClassVar[str] = "identity.email.unverified"


class IdentityPhoneAdded(_OfIdentity):
    """A user added a phone number to sign in with."""

    type: ClassVar[str] = "identity.phone.added"


class IdentityPhoneRemoved(_OfIdentity):
    """A user removed a phone number."""

    type: ClassVar[str] = "identity.phone.removed"


class IdentityPhoneUpdated(_Updated):
    """A user replaced a phone number by another."""

    type: ClassVar[str] = "identity.phone.updated"


class IdentityPhoneVerified(_OfIdentity):
    """A phone number was shown to be the user's own."""

    type: ClassVar[str] = "identity.phone.verified"


class IdentityPhoneUnverified(_OfIdentity):
    """A phone number no longer counts as shown to be the user's own."""

    type: ClassVar[str] = "identity.phone.unverified"


class IdentityUsernameAdded(_OfIdentity):
    """A user chose a username to sign in with."""

    type: ClassVar[str] = "identity.username.added"


class IdentityUsernameRemoved(_OfIdentity):
    """A user gave a username up."""

    type: ClassVar[str] = "identity.username.removed"


class IdentityUsernameUpdated(_Updated):
    """A user replaced a username by another."""

    type: ClassVar[str] = "identity.username.updated"


class IdentityUsernameVerified(_OfIdentity):
    """A username was shown to be the user's own."""

    type: ClassVar[str] = "identity.username.verified"


class IdentityUsernameUnverified(_OfIdentity):
    """A username no longer counts as shown to be the user's own."""

    type: ClassVar[str] = "identity.username.unverified"


class IdentityOAuthConnected(_OfIdentity):
    """A user connected an account of a social provider."""

    type: ClassVar[str] = "identity.oauth.connected"


class IdentityOAuthDisconnected(_OfIdentity):
    """A user disconnected an account of a social provider."""

    type: ClassVar[str] = "identity.oauth.disconnected"


class IdentityBiometricEnabled(_OfIdentity):
    """A user began to sign in by fingerprint or face on a device."""

    type: ClassVar[str] = "identity.biometric.enabled"


class IdentityBiometricDisabled(_OfIdentity):
    """A user ceased to sign in by fingerprint or face on a device."""

    type: ClassVar[str] = "identity.biometric.disabled"
