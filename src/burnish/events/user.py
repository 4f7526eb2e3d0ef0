"""Events in the life of a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from burnish.events.entities import Identity, Session, User, timestamp
from burnish.events.event import Event


@dataclass(frozen=True, slots=True)
class _OfUser(Event):
    user: User

    def payload(self) -> dict[str, Any]:
        return {"user": self.user.as_json()}


@dataclass(frozen=True, slots=True)
class _OfUserAndIdentities(_OfUser):
    identities: tuple[Identity, ...]

    def payload(self) -> dict[str, Any]:
        identities = [identity.as_json() for identity in self.identities]
        return {"user": self.user.as_json(), "identities": identities}


class _Blocking:
    """What blocking events about a user have in common."""

    __slots__ = ()

    blocking: ClassVar[bool] = True
    may_return: ClassVar[frozenset[str]] = frozenset({"mutations"})


class UserPreCreate(_Blocking, _OfUserAndIdentities):
    """A user is about to be created: at sign-up, or by an administrator.

    Nothing is stored yet. A hook may refuse the user, or change its attributes.
    """

    type: ClassVar[str] = "user.pre_create"


class UserProfilePreUpdate(_Blocking, _OfUser):
    """A profile is about to be changed by its person or by an administrator.

    The user has the new values already; nothing is stored yet. A hook may refuse, or change them.
    """

    type: ClassVar[str] = "user.profile.pre_update"


class UserPreScheduleDeletion(_Blocking, _OfUser):
    """An account is about to be scheduled for deletion; the user has `delete_at` already."""

    type: ClassVar[str] = "user.pre_schedule_deletion"


class UserPreScheduleAnonymization(_Blocking, _OfUser):
    """An account is about to be scheduled for anonymisation; the user has `anonymize_at`."""

    type: ClassVar[str] = "user.pre_schedule_anonymization"


class UserCreated(_OfUserAndIdentities):
    """A user was created, and is certainly readable."""

    type: ClassVar[str] = "user.created"


@dataclass(frozen=True, slots=True)
class UserAuthenticated(_OfUser):
    """A user signed in. `continue_from_session` is the session this one goes on from, if any."""

    type: ClassVar[str] = "user.authenticated"

    session: Session
    continue_from_session: Session | None = None

    def payload(self) -> dict[str, Any]:
        payload = {"user": self.user.as_json(), "session": self.session.as_json()}
        if self.continue_from_session:
            payload["continue_from_session"] = self.continue_from_session.as_json()
        return payload


@dataclass(frozen=True, slots=True)
class UserReauthenticated(_OfUser):
    """A user who was signed in proved once more who they are."""

    type: ClassVar[str] = "user.reauthenticated"

    session: Session

    def payload(self) -> dict[str, Any]:
        return {"user": self.user.as_json(), "session": self.session.as_json()}


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """What became of an attribute: `old` or `new` is None where there was or is no value."""

    attribute: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        """Return the change as it goes to hooks."""
        return {"attribute": self.attribute, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class UserProfileUpdated(_OfUser):
    """A profile was changed, also where an e-mail address, phone number or username was.

    `changes` says which attributes, with the old and the new value.
    """

    type: ClassVar[str] = "user.profile.updated"

    changes: Sequence[AttributeChange]

    def payload(self) -> dict[str, Any]:
        changes = [change.as_json() for change in self.changes]
        return {"user": self.user.as_json(), "changes": changes}


@dataclass(frozen=True, slots=True)
class UserDisabled(_OfUser):
    """An account was closed to its user; for a time, where the two moments say so."""

    type: ClassVar[str] = "user.disabled"

    temporarily_disabled_from: datetime | None = None
    temporarily_disabled_until: datetime | None = None

    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {"user": self.user.as_json()}
        if self.temporarily_disabled_from:
            payload["temporarily_disabled_from"] = timestamp(self.temporarily_disabled_from)
        if self.temporarily_disabled_until:
            payload["temporarily_disabled_until"] = timestamp(self.temporarily_disabled_until)
        return payload


class UserReenabled(_OfUser):
    """An account that was closed is open again."""

    type: ClassVar[str] = "user.reenabled"


@dataclass(frozen=True, slots=True)
class UserAnonymousPromoted(Event):
    """A user without an account of their own got one."""

    type: ClassVar[str] = "user.anonymous.promoted"

    anonymous_user: User
    user: User
    identities: tuple[Identity, ...]

    def payload(self) -> dict[str, Any]:
        return {
            "anonymous_user": self.anonymous_user.as_json(),
            "user": self.user.as_json(),
            "identities": [identity.as_json() for identity in self.identities],
        }


class UserDeletionScheduled(_OfUser):
    """An account will be deleted at the user's `delete_at`."""

    type: ClassVar[str] = "user.deletion_scheduled"


class UserDeletionUnscheduled(_OfUser):
    """An account will not be deleted after all."""

    type: ClassVar[str] = "user.deletion_unscheduled"


@dataclass(frozen=True, slots=True)
class UserDeleted(_OfUser):
    """An account was deleted; the user is as it was before."""

    type: ClassVar[str] = "user.deleted"

    reason: str = ""

    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = {"user": self.user.as_json()}
        return payload | ({"reason": self.reason} if self.reason else {})


class UserAnonymizationScheduled(_OfUser):
    """An account will be anonymised at the user's `anonymize_at`."""

    type: ClassVar[str] = "user.anonymization_scheduled"


class UserAnonymizationUnscheduled(_OfUser):
    """An account will not be anonymised after all."""

    type: ClassVar[str] = "user.anonymization_unscheduled"


class UserAnonymized(_OfUser):
    """An account was anonymised: nothing of its person is left in it."""

    type: ClassVar[str] = "user.anonymized"
